#include "encode/model_usage.h"

#include <optional>

#include "base/bare_name.h"
#include "base/error.h"
#include "io/json.h"
#include "io/mapped_file.h"

namespace enlace {
namespace {

using simdjson::dom::array;

constexpr std::size_t kMaxTokens = 1U << 20;

/// A JSON file that need not be there.
class OptionalJson {
 public:
  explicit OptionalJson(const std::filesystem::path& path) : where_(path.string()) {
    if (!std::filesystem::exists(path)) return;
    const MappedFile file(path);
    const std::string_view text(reinterpret_cast<const char*>(file.bytes().data()),
                                file.bytes().size());
    root_ = parse_json(parser_, text, where_);
  }

  explicit operator bool() const noexcept { return root_.has_value(); }
  JsonElement root() const { return *root_; }
  const std::string& where() const noexcept { return where_; }

  template <class T>
  T get_or(std::string_view key, T otherwise) const {
    return json_get_or<T>(*root_, key, otherwise, where_);
  }

 private:
  std::string where_;
  JsonParser parser_;
  std::optional<JsonElement> root_;
};

Pooling read_pooling(const std::filesystem::path& path) {
  const OptionalJson config(path);
  if (!config) throw Error(ErrorKind::kNotFound, "{}: expected a file, found none", path.string());
  // Two generations of the file: one word, or a flag per mode of which one is set.
  const auto mode = config.get_or<std::string_view>("pooling_mode", "");
  const bool mean = mode == "mean" || config.get_or<bool>("pooling_mode_mean_tokens", false);
  const bool cls = mode == "cls" || config.get_or<bool>("pooling_mode_cls_token", false);
  bool others = !mode.empty() && mode != "mean" && mode != "cls";
  for (const char* key : {"pooling_mode_max_tokens", "pooling_mode_mean_sqrt_len_tokens",
                          "pooling_mode_weightedmean_tokens", "pooling_mode_lasttoken"}) {
    others |= config.get_or<bool>(key, false);
  }
  if (others || mean == cls) {
    throw Error(ErrorKind::kUnsupported, "{}: expected pooling by mean or by cls, found another",
                path.string());
  }
  return mean ? Pooling::kMean : Pooling::kCls;
}

/// The modules of sentence-transformers: the transformer, its pooling, perhaps a normalisation.
void read_modules(const std::filesystem::path& folder, ModelUsage& usage) {
  const OptionalJson modules(folder / "modules.json");
  if (!modules) return;
  for (const JsonElement module : json_as<array>(modules.root(), "modules", modules.where())) {
    const auto type = json_get<std::string_view>(module, "type", modules.where());
    const auto name = type.substr(type.rfind('.') + 1);
    if (name == "Pooling") {
      const auto path = json_get<std::string_view>(module, "path", modules.where());
      if (!is_bare_name(path)) {
        throw Error(ErrorKind::kCorrupt, "{}: path: expected the name of a folder beside it",
                    modules.where());
      }
      usage.pooling = read_pooling(folder / path / "config.json");
    } else if (name != "Transformer" && name != "Normalize") {
      throw Error(ErrorKind::kUnsupported,
                  "{}: type: expected Transformer, Pooling or Normalize, found another",
                  modules.where());
    }
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
    throw Error(ErrorKind::kUnsupported, "{}: pooling: expected mean or cls, found another",
                own.where());
  }
  if (!pooling.empty()) usage.pooling = pooling == "mean" ? Pooling::kMean : Pooling::kCls;
  usage.prefix = own.get_or<std::string_view>("prefix", usage.prefix);
  usage.normalize = own.get_or<bool>("normalize", usage.normalize);
  usage.max_tokens = own.get_or<std::uint64_t>("max_tokens", usage.max_tokens);
  if (usage.max_tokens < 3 || usage.max_tokens > kMaxTokens) {  // two special ones and a token
    throw Error(ErrorKind::kCorrupt, "{}: max_tokens: expected 3 to {}, found {}", own.where(),
                kMaxTokens, usage.max_tokens);
  }
}

}  // namespace

ModelUsage read_model_usage(const std::filesystem::path& folder) {
  ModelUsage usage;
  read_modules(folder, usage);
  read_prompt(folder, usage);
  read_own(folder, usage);
  return usage;
}

}  // namespace enlace
