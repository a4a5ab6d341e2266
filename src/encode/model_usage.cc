#include "encode/model_usage.h"

#include <algorithm>

#include "base/bare_name.h"
#include "base/error.h"
#include "base/shown.h"
#include "encode/optional_json.h"
#include "io/require_file.h"

namespace enlace {
namespace {

using simdjson::dom::array;

constexpr std::size_t kMaxTokens = 1U << 20;

/// "pooling_mode", as one word or as a list of one; empty if it is not there.
std::string_view pooling_word(const OptionalJson& config) {
  const auto mode = config.find("pooling_mode");
  if (!mode) return "";
  if (!mode->is_array()) return json_as<std::string_view>(*mode, "pooling_mode", config.where());
  const auto modes = json_as<array>(*mode, "pooling_mode", config.where());
  if (modes.size() != 1) {
    throw Error(ErrorKind::kUnsupported, "{}: pooling_mode: expected one, found {}", config.where(),
                modes.size());
  }
  return json_as<std::string_view>(modes.at(0), "pooling_mode", config.where());
}

/// The pooling of flags, one a mode, of which one is set.
Pooling flagged_pooling(const OptionalJson& config) {
  std::string_view other;
  for (const char* key : {"pooling_mode_max_tokens", "pooling_mode_mean_sqrt_len_tokens",
                          "pooling_mode_weightedmean_tokens", "pooling_mode_lasttoken"}) {
    if (config.get_or<bool>(key, false)) other = key;
  }
  const bool cls = config.get_or<bool>("pooling_mode_cls_token", false);
  const bool mean = config.get_or<bool>("pooling_mode_mean_tokens", !cls);
  if (other.empty() && mean == cls) other = mean ? "both" : "neither";
  if (!other.empty()) {
    throw Error(ErrorKind::kUnsupported, "{}: expected pooling by mean or by cls, found {}",
                config.where(), other);
  }
  return mean ? Pooling::kMean : Pooling::kCls;
}

/// The pooling that `config` states. Two generations of the file: one word, which counts if it is
/// there, or flags.
Pooling read_pooling(const OptionalJson& config) {
  const auto mode = pooling_word(config);
  if (mode.empty()) return flagged_pooling(config);
  if (mode != "mean" && mode != "cls") {
    throw Error(ErrorKind::kUnsupported, "{}: expected pooling by mean or by cls, found {}",
                config.where(), shown(mode));
  }
  return mode == "mean" ? Pooling::kMean : Pooling::kCls;
}

/// Throws Error(kUnsupported) if the tokens of a prompt are left out of the mean.
void require_prompt_in_mean(const OptionalJson& pooling, const ModelUsage& usage) {
  if (!pooling || usage.prefix.empty() || pooling.get_or<bool>("include_prompt", true)) return;
  throw Error(ErrorKind::kUnsupported, "{}: include_prompt: expected true, found false",
              pooling.where());
}

/// The folder that a module is in: beside `where`, or for an encoder where that is.
std::filesystem::path folder_of(JsonElement module, bool encoder,
                                const std::filesystem::path& folder, std::string_view where) {
  auto path = json_get<std::string_view>(module, "path", where);
  if (encoder && path.empty()) return folder;
  if (path.starts_with("./")) path.remove_prefix(2);
  if (path.ends_with('/')) path.remove_suffix(1);
  if (!is_bare_name(path)) {
    throw Error(ErrorKind::kCorrupt, "{}: path: expected the name of a folder beside it", where);
  }
  return folder / path;
}

/// What kind of module `type` names: of sentence-transformers itself, since a class of the model's
/// own computes something else.
std::string_view kind_of_module(std::string_view type, std::string_view where) {
  const auto name = type.substr(type.rfind('.') + 1);
  if (type.starts_with("sentence_transformers.") &&
      (name == "Transformer" || name == "Pooling" || name == "Normalize")) {
    return name;
  }
  throw Error(
      ErrorKind::kUnsupported,
      "{}: type: expected Transformer, Pooling or Normalize of sentence_transformers, found "
      "{}",
      where, shown(type));
}

/// The modules of sentence-transformers: the transformer, its pooling, perhaps a normalisation.
/// Where they are not listed, the pooling may still be there. Returns where its file would be.
std::filesystem::path read_modules(const OptionalJson& modules, const std::filesystem::path& folder,
                                   ModelUsage& usage) {
  std::filesystem::path pooling = folder / "1_Pooling" / "config.json";
  if (!modules) return pooling;
  std::string kinds;
  for (const JsonElement module : json_as<array>(modules.root(), "modules", modules.where())) {
    const auto type = json_get<std::string_view>(module, "type", modules.where());
    const auto kind = kind_of_module(type, modules.where());
    if (!kinds.empty()) kinds += ", ";
    kinds += kind;
    if (kind == "Normalize") continue;
    const bool encoder = kind == "Transformer";
    const auto path = folder_of(module, encoder, folder, modules.where());
    if (encoder) usage.encoder = path;
    if (!encoder) pooling = path / "config.json";
  }
  if (kinds != "Transformer, Pooling" && kinds != "Transformer, Pooling, Normalize") {
    throw Error(ErrorKind::kUnsupported,
                "{}: expected one Transformer, one Pooling and perhaps one Normalize, found {}",
                modules.where(), kinds.empty() ? "none" : kinds);
  }
  require_file(pooling);
  return pooling;
}

void check_max_tokens(std::uint64_t found, std::string_view key, const OptionalJson& file) {
  if (found >= 3 && found <= kMaxTokens) return;  // two special ones and a token
  throw Error(ErrorKind::kCorrupt, "{}: {}: expected 3 to {}, found {}", file.where(), key,
              kMaxTokens, found);
}

/// The length of texts that the tokenizer states, or as many tokens as there are positions: what
/// sentence-transformers takes where it has no length of its own.
std::size_t tokenizer_length(const ModelUsage& usage) {
  const OptionalJson config(usage.encoder / "tokenizer_config.json");
  const auto stated = config.find("model_max_length");
  double length = 0;
  if (!stated || stated->get(length) != simdjson::SUCCESS || length > kMaxTokens) return kMaxTokens;
  const auto tokens = std::uint64_t(std::max(length, 0.0));
  check_max_tokens(tokens, "model_max_length", config);
  return tokens;
}

/// Throws Error(kUnsupported) for what is handed to the tokenizer that this one would not do.
void require_right_truncation(const OptionalJson& settings) {
  for (const char* key : {"tokenizer_args", "processor_kwargs"}) {
    const auto given = settings.find(key);
    if (!given) continue;
    const auto side =
        json_get_or<std::string_view>(*given, "truncation_side", "right", settings.where());
    if (side == "right") continue;
    throw Error(ErrorKind::kUnsupported, "{}: truncation_side: expected right, found {}",
                settings.where(), shown(side));
  }
}

/// What sentence-transformers keeps beside the encoder, under the name of its family in old days.
void read_encoder_settings(bool has_modules, ModelUsage& usage) {
  if (has_modules) usage.max_tokens = tokenizer_length(usage);
  for (const char* family : {"bert", "roberta", "distilbert", "camembert", "xlm-roberta"}) {
    const OptionalJson settings(usage.encoder / fmt::format("sentence_{}_config.json", family));
    if (!settings) continue;
    usage.max_tokens = settings.get_or<std::uint64_t>("max_seq_length", usage.max_tokens);
    check_max_tokens(usage.max_tokens, "max_seq_length", settings);
    usage.lower_case = settings.get_or<bool>("do_lower_case", false);
    require_right_truncation(settings);
    return;
  }
}

void read_prompt(const std::filesystem::path& folder, ModelUsage& usage) {
  const OptionalJson config(folder / "config_sentence_transformers.json");
  if (!config) return;
  if (const auto dimensions = config.find("truncate_dim")) {
    throw Error(ErrorKind::kUnsupported, "{}: truncate_dim: expected none, found one",
                config.where());
  }
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
  usage.plain_names = own.get_or<bool>("plain_names", usage.plain_names);
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
  const OptionalJson modules(folder / "modules.json");
  const OptionalJson pooling(read_modules(modules, folder, usage));
  if (pooling) usage.pooling = read_pooling(pooling);
  read_encoder_settings(bool(modules), usage);
  read_prompt(folder, usage);
  read_own(folder, usage);
  require_prompt_in_mean(pooling, usage);
  return usage;
}

}  // namespace enlace
