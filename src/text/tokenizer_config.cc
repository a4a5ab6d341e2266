#include "text/tokenizer_config.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "base/error.h"
#include "io/json.h"
#include "io/mapped_file.h"
#include "text/component_json.h"

namespace enlace {
namespace {

namespace dom = simdjson::dom;
namespace fs = std::filesystem;

constexpr std::string_view kRoles[] = {"bos_token", "eos_token", "unk_token", "sep_token",
                                       "pad_token", "cls_token", "mask_token"};

struct ModelType {
  std::string_view type;
  std::string_view family;
};

constexpr ModelType kModelTypes[] = {{"bert", "Bert"},           {"distilbert", "DistilBert"},
                                     {"electra", "Electra"},     {"mpnet", "MPNet"},
                                     {"roberta", "Roberta"},     {"longformer", "Longformer"},
                                     {"deberta", "Deberta"},     {"xlm-roberta", "XLMRoberta"},
                                     {"camembert", "Camembert"}, {"deberta-v2", "DebertaV2"}};

/// A file's text, mapped; empty if it is not there.
class OptionalFile {
 public:
  explicit OptionalFile(const fs::path& path) {
    std::error_code ignored;
    if (fs::exists(path, ignored)) file_.emplace(path);
  }
  explicit operator bool() const { return file_.has_value(); }
  std::string_view text() const { return file_->text(); }

 private:
  std::optional<MappedFile> file_;
};

std::optional<bool> flag(JsonElement root, std::string_view key, std::string_view where) {
  if (!json_member(root, key, where)) return {};
  return json_get<bool>(root, key, where);
}

/// A token, given as its spelling or as an object with flags.
NamedToken read_token(JsonElement element, std::string_view what, std::string_view where) {
  NamedToken named;
  AddedToken& token = named.token;
  if (element.is_string()) {
    token.content = json_as<std::string_view>(element, what, where);
    return named;
  }
  json_as<dom::object>(element, what, where);
  token.content = json_get<std::string_view>(element, "content", where);
  token.single_word = json_get_or<bool>(element, "single_word", false, where);
  token.left_strip = json_get_or<bool>(element, "lstrip", false, where);
  token.right_strip = json_get_or<bool>(element, "rstrip", false, where);
  named.has_flags = true;
  return named;
}

void sort_by_id(std::vector<AddedToken>& added) {
  std::sort(added.begin(), added.end(),
            [](const AddedToken& a, const AddedToken& b) { return a.id < b.id; });
}

void read_roles(JsonElement root, std::string_view where, TokenizerConfig& config) {
  for (const std::string_view role : kRoles) {
    if (const auto element = json_member(root, role, where)) {
      config.special.insert_or_assign(std::string(role), read_token(*element, role, where));
    }
  }
}

void read_added(JsonElement root, std::string_view where, std::vector<AddedToken>& added) {
  for (const auto [id, element] : json_get<dom::object>(root, "added_tokens_decoder", where)) {
    json_as<dom::object>(element, "added_tokens_decoder", where);
    AddedToken token = read_token(element, "added_tokens_decoder", where).token;
    const bool special = json_get_or<bool>(element, "special", false, where);
    token.normalized = json_get_or<bool>(element, "normalized", !special, where);
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), token.id);
    if (error != std::errc() || end != id.data() + id.size() || token.id < 0) {
      throw Error(ErrorKind::kCorrupt,
                  "{}: added_tokens_decoder: expected an id, found another key", where);
    }
    added.push_back(std::move(token));
  }
  sort_by_id(added);
}

/// The files that say what added_tokens_decoder says since.
void read_older_files(const fs::path& folder, TokenizerConfig& config) {
  JsonParser parser;
  const fs::path map = folder / "special_tokens_map.json";
  if (const OptionalFile file(map); file) {
    const std::string where = map.string();
    read_roles(parse_python_json(parser, file.text(), where), where, config);
  }
  const fs::path ids = folder / "added_tokens.json";
  if (const OptionalFile file(ids); file) {
    const std::string where = ids.string();
    const JsonElement root = parse_python_json(parser, file.text(), where);
    for (const auto [content, id] : json_as<dom::object>(root, "added tokens", where)) {
      AddedToken token;
      token.content = content;
      const auto number = json_as<std::uint64_t>(id, "an id", where);
      token.id = std::int32_t(std::min<std::uint64_t>(number, INT32_MAX));
      token.normalized = std::ranges::none_of(config.special, [&](const auto& role) {
        return role.second.token.content == token.content;
      });
      config.added.push_back(std::move(token));
    }
    sort_by_id(config.added);
  }
}

std::string family_of_class(std::string_view name) {
  if (name.ends_with("Fast")) name.remove_suffix(4);
  if (name.ends_with("Tokenizer")) name.remove_suffix(9);
  return name == "PreTrained" ? "" : std::string(name);
}

std::string family_of_model(const fs::path& path) {
  const OptionalFile file(path);
  if (!file) return "";
  const std::string where = path.string();
  JsonParser parser;
  const JsonElement root = parse_python_json(parser, file.text(), where);
  const auto name = json_get_or<std::string_view>(root, "tokenizer_class", "", where);
  if (!name.empty()) return family_of_class(name);
  const auto type = json_get_or<std::string_view>(root, "model_type", "", where);
  for (const ModelType& known : kModelTypes) {
    if (type == known.type) return std::string(known.family);
  }
  return "";
}

}  // namespace

bool TokenizerConfig::is_of(std::span<const std::string_view> families) const noexcept {
  return std::ranges::find(families, family) != families.end();
}

AddedToken TokenizerConfig::token(std::string_view role, std::string_view otherwise,
                                  bool left_strip) const {
  AddedToken token;
  token.content = otherwise;
  if (const auto found = special.find(role); found != special.end()) {
    token = found->second.token;
    if (found->second.has_flags) return token;
  }
  token.left_strip = left_strip;
  return token;
}

TokenizerConfig read_tokenizer_config(const fs::path& folder) {
  TokenizerConfig config;
  config.where = (folder / "tokenizer_config.json").string();
  bool has_decoder = false;
  if (const OptionalFile file(config.where); file) {
    JsonParser parser;
    const std::string_view where = config.where;
    const JsonElement root = parse_python_json(parser, file.text(), where);
    config.family =
        family_of_class(json_get_or<std::string_view>(root, "tokenizer_class", "", where));
    config.lowercase = flag(root, "do_lower_case", where);
    config.strip_accents = flag(root, "strip_accents", where);
    config.handle_chinese_chars = flag(root, "tokenize_chinese_chars", where);
    config.add_prefix_space = flag(root, "add_prefix_space", where);
    config.trim_offsets = flag(root, "trim_offsets", where);
    config.split_by_punctuation = flag(root, "split_by_punct", where);
    const auto side = json_get_or<std::string_view>(root, "truncation_side", "right", where);
    if (side != "right") refuse("truncation_side", side, "right", where);
    read_roles(root, where, config);
    has_decoder = json_member(root, "added_tokens_decoder", where).has_value();
    if (has_decoder) read_added(root, where, config.added);
  }
  if (!has_decoder) read_older_files(folder, config);
  if (config.family.empty()) config.family = family_of_model(folder / "config.json");
  return config;
}

}  // namespace enlace
