#include "encode/model_usage.h"

#include "base/bare_name.h"
#include "base/error.h"
#include "base/shown.h"
#include "encode/optional_json.h"

namespace enlace {
namespace {

using simdjson::dom::array;

constexpr std::size_t kMaxTokens = 1U << 20;

/// The pooling that `config` states. Two generations of the file: one word, or a flag per mode of
/// which one is set.
Pooling read_pooling(const OptionalJson& config) {
  const auto mode = config.get_or<std::string_view>("pooling_mode", "");
  const bool mean = mode == "mean" || config.get_or<bool>("pooling_mode_mean_tokens", false);
  const bool cls = mode == "cls" || config.get_or<bool>("pooling_mode_cls_token", false);
  std::string other = mode == "mean" || mode == "cls" || mode.empty() ? "" : shown(mode);
  for (const char* key : {"pooling_mode_max_tokens", "pooling_mode_mean_sqrt_len_tokens",
                          "pooling_mode_weightedmean_tokens", "pooling_mode_lasttoken"}) {
    if (config.get_or<bool>(key, false)) other = key;
  }
  if (mean == cls && other.empty()) other = mean ? "both" : "neither";
  if (!other.empty()) {
    throw Error(ErrorKind::kUnsupported, "{}: expected pooling by mean or by cls, found {}",
                config.where(), other);
  }
  if (!config.get_or<bool>("include_prompt", true)) {
    throw Error(ErrorKind::kUnsupported, "{}: include_prompt: expected true, found false",
                config.where());
  }
  return mean ? Pooling::kMean : Pooling::kCls;
}

/// The folder beside `where` that a module is in.
std::string_view folder_of(JsonElement module, std::string_view where) {
  const auto path = json_get<std::string_view>(module, "path", where);
  if (!is_bare_name(path)) {
    throw Error(ErrorKind::kCorrupt, "{}: path: expected the name of a folder beside it", where);
  }
  return path;
}

/// The modules of sentence-transformers: the transformer, its pooling, perhaps a normalisation.
/// Where they are not listed, the pooling may still be there.
void read_modules(const std::filesystem::path& folder, ModelUsage& usage) {
  const OptionalJson modules(folder / "modules.json");
  if (!modules) {
    const OptionalJson pooling(folder / "1_Pooling" / "config.json");
    if (pooling) usage.pooling = read_pooling(pooling);
    return;
  }
  std::size_t encoders = 0;
  std::size_t poolings = 0;
  for (const JsonElement module : json_as<array>(modules.root(), "modules", modules.where())) {
    const auto type = json_get<std::string_view>(module, "type", modules.where());
    const auto name = type.substr(type.rfind('.') + 1);
    if (name == "Transformer") {
      const bool apart = !json_get<std::string_view>(module, "path", modules.where()).empty();
      if (apart) usage.encoder = folder / folder_of(module, modules.where());
      ++encoders;
    } else if (name == "Pooling") {
      const auto path = folder / folder_of(module, modules.where()) / "config.json";
      const OptionalJson pooling(path);
      if (!pooling) {
        throw Error(ErrorKind::kNotFound, "{}: expected a file, found none", path.string());
      }
      usage.pooling = read_pooling(pooling);
      ++poolings;
    } else if (name != "Normalize") {
      throw Error(ErrorKind::kUnsupported,
                  "{}: type: expected Transformer, Pooling or Normalize, found {}", modules.where(),
                  shown(name));
    }
  }
  if (encoders != 1 || poolings != 1) {
    throw Error(ErrorKind::kUnsupported,
                "{}: expected one Transformer and one Pooling, found {} and {}", modules.where(),
                encoders, poolings);
  }
}

void check_max_tokens(std::uint64_t found, std::string_view key, const OptionalJson& file) {
  if (found >= 3 && found <= kMaxTokens) return;  // two special ones and a token
  throw Error(ErrorKind::kCorrupt, "{}: {}: expected 3 to {}, found {}", file.where(), key,
              kMaxTokens, found);
}

/// What sentence-transformers keeps beside the encoder, under the name of its family in old days.
void read_encoder_settings(ModelUsage& usage) {
  for (const char* family : {"bert", "roberta", "distilbert", "camembert", "xlm-roberta"}) {
    const OptionalJson settings(usage.encoder / fmt::format("sentence_{}_config.json", family));
    if (!settings) continue;
    usage.max_tokens = settings.get_or<std::uint64_t>("max_seq_length", usage.max_tokens);
    check_max_tokens(usage.max_tokens, "max_seq_length", settings);
    usage.lower_case = settings.get_or<bool>("do_lower_case", false);
    return;
  }
}

void read_prompt(const std::filesystem::path& folder, ModelUsage& usage) {
  const OptionalJson config(folder / "config_sentence_transformers.json");
  if (!config) return;
  const auto name = config.get_or<std::string_view>("default_prompt_name", "");
  if (name.empty()) return;
  const auto prompts = json_member(config.root(), "prompts", config.where());
  if (!prompts) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a member \"prompts\", found none",
                config.where());
  }
  usage.prefix = json_get<std::string_view>(*prompts, name, config.where());
}

void read_own(const std::filesystem::path& folder, ModelUsage& usage) {
  const OptionalJson own(folder / "enlace.json");
  if (!own) return;
  const auto pooling = own.get_or<std::string_view>("pooling", "");
  if (!pooling.empty() && pooling != "mean" && pooling != "cls") {
    throw Error(ErrorKind::kUnsupported, "{}: pooling: expected mean or cls, found {}", own.where(),
                shown(pooling));
  }
  if (!pooling.empty()) usage.pooling = pooling == "mean" ? Pooling::kMean : Pooling::kCls;
  usage.prefix = own.get_or<std::string_view>("prefix", usage.prefix);
  usage.normalize = own.get_or<bool>("normalize", usage.normalize);
  usage.fold_case = own.get_or<bool>("fold_case", usage.fold_case);
  usage.concept_share = float(own.get_or<double>("concept_share", usage.concept_share));
  if (!(usage.concept_share >= 0 && usage.concept_share <= 1)) {
    throw Error(ErrorKind::kCorrupt, "{}: concept_share: expected 0 to 1, found {}", own.where(),
                usage.concept_share);
  }
  usage.max_tokens = own.get_or<std::uint64_t>("max_tokens", usage.max_tokens);
  check_max_tokens(usage.max_tokens, "max_tokens", own);
}

}  // namespace

ModelUsage read_model_usage(const std::filesystem::path& folder) {
  ModelUsage usage;
  usage.encoder = folder;
  read_modules(folder, usage);
  read_encoder_settings(usage);
  read_prompt(folder, usage);
  read_own(folder, usage);
  return usage;
}

}  // namespace enlace
