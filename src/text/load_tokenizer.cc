#include "text/load_tokenizer.h"

#include <string>

#include "base/error.h"
#include "io/mapped_file.h"
#include "text/component_json.h"
#include "text/tokenizer_config.h"
#include "text/tokenizer_json.h"
#include "text/vocabulary_tokenizer.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

/// In the order of preference.
constexpr std::string_view kNames[] = {"tokenizer.json",          "vocab.txt", "vocab.json",
                                       "sentencepiece.bpe.model", "spm.model", "spiece.model",
                                       "tokenizer.model"};

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// The file of a tokenizer in `folder`; empty if there is none.
fs::path find_file(const fs::path& folder) {
  for (const std::string_view name : kNames) {
    if (is_there(folder / name)) return folder / name;
  }
  return {};
}

/// The tokenizer that the document `root` of a tokenizer.json describes.
Tokenizer read_tokenizer(JsonElement root, const TokenizerConfig& config, std::string_view where) {
  TokenizerParts parts;
  parts.model = read_model(object_at(root, "model", where), where);
  if (json_member(root, "added_tokens", where)) {
    const auto tokens = json_get<simdjson::dom::array>(root, "added_tokens", where);
    parts.added_tokens = read_added_tokens(tokens, *parts.model, where);
  }
  add_configured_tokens(config, parts);
  if (const auto normalizer = json_member(root, "normalizer", where)) {
    read_text_steps(*normalizer, config, where, parts.text_steps);
  }
  if (const auto pre_tokenizer = json_member(root, "pre_tokenizer", where)) {
    read_word_steps(*pre_tokenizer, config, where, parts.word_steps);
  }
  if (const auto post_processor = json_member(root, "post_processor", where)) {
    read_special_tokens(*post_processor, where, parts);
  }
  if (const auto decoder = json_member(root, "decoder", where)) check_decoder(*decoder, where);
  if (const auto truncation = json_member(root, "truncation", where)) {
    check_truncation(*truncation, where);
  }
  return Tokenizer(std::move(parts));
}

}  // namespace

Tokenizer parse_tokenizer(std::string_view json, std::string_view where,
                          const TokenizerConfig& config) {
  JsonParser parser;
  return read_tokenizer(parse_json(parser, json, where), config, where);
}

Tokenizer load_tokenizer(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    const fs::path file = find_file(path);
    if (!file.empty()) return load_tokenizer(file);
    throw Error(
        ErrorKind::kNotFound,
        "{}: expected tokenizer.json, vocab.txt, vocab.json or a SentencePiece model, found "
        "none",
        path.string());
  }
  const std::string where = path.string();
  const MappedFile file(path);
  refuse_lfs_pointer(file, where);
  const fs::path folder = path.parent_path();
  const TokenizerConfig config = read_tokenizer_config(folder);
  if (path.extension() == ".txt") return parse_vocab_txt(file.text(), config, where);
  if (path.extension() == ".model") return parse_sentencepiece(file.text(), config, where);
  if (path.filename() == "vocab.json") {
    const MappedFile merges(folder / "merges.txt");
    return parse_vocab_json(file.text(), merges.text(), config, where,
                            (folder / "merges.txt").string());
  }
  JsonParser parser;
  return read_tokenizer(parse_json(parser, file, where), config, where);
}

std::vector<fs::path> tokenizer_files(const fs::path& folder) {
  const fs::path first = find_file(folder);
  if (first.empty()) return {};
  std::vector<fs::path> files = {first};
  std::vector<std::string_view> others = {"tokenizer_config.json", "special_tokens_map.json",
                                          "added_tokens.json"};
  if (first.filename() != "tokenizer.json") {
    others.insert(others.begin(), "merges.txt");
    others.push_back("config.json");
  }
  for (const std::string_view name : others) {
    if (is_there(folder / name)) files.push_back(folder / name);
  }
  return files;
}

}  // namespace enlace
