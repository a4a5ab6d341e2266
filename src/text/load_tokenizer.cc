#include "text/load_tokenizer.h"

#include <string>
#include <vector>

#include "base/error.h"
#include "base/utf8.h"
#include "io/line_reader.h"
#include "io/mapped_file.h"
#include "text/bert_text.h"
#include "text/component_json.h"
#include "text/tokenizer_json.h"
#include "text/word_piece.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;
namespace dom = simdjson::dom;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::string_view text_of(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

BertTextOptions read_config(const fs::path& path) {
  BertTextOptions options;
  if (!is_there(path)) return options;
  const MappedFile file(path);
  const std::string where = path.string();
  JsonParser parser;
  const JsonElement root = parse_json(parser, text_of(file), where);
  options.lowercase = json_get_or<bool>(root, "do_lower_case", true, where);
  options.strip_accents = json_get_or<bool>(root, "strip_accents", options.lowercase, where);
  options.handle_chinese_chars = json_get_or<bool>(root, "tokenize_chinese_chars", true, where);
  return options;
}

std::vector<std::string> read_vocabulary(const fs::path& path) {
  LineReader reader(path);
  std::vector<std::string> entries;
  for (std::string_view line; reader.next(line);) {
    if (const auto fault = utf8_fault(line, reader.name(), reader.number())) {
      throw Error(ErrorKind::kCorrupt, "{}", *fault);
    }
    if (line.size() > Trie::kMaxKeySize) {
      throw Error(ErrorKind::kUnsupported, "{}:{}: expected an entry of at most {} bytes, found {}",
                  reader.name(), reader.number(), Trie::kMaxKeySize, line.size());
    }
    entries.emplace_back(line);
  }
  return entries;
}

Tokenizer load_vocab_txt(const fs::path& path) {
  const std::vector<std::string> lines = read_vocabulary(path);
  const std::vector<std::string_view> entries(lines.begin(), lines.end());
  const Trie ids = Trie::of_places(entries);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!entries[i].empty() && std::size_t(ids.find(entries[i])) != i) {
      throw Error(ErrorKind::kCorrupt, "{}:{}: expected a new entry, found one for the second time",
                  path.string(), ids.find(entries[i]) + 1);
    }
  }
  const auto id_of = [&](std::string_view entry) {
    const std::int32_t id = ids.find(entry);
    if (id < 0) {
      throw Error(ErrorKind::kCorrupt, "{}: expected an entry {}, found none among {}",
                  path.string(), entry, entries.size());
    }
    return id;
  };
  TokenizerParts parts;
  parts.model = std::make_unique<WordPiece>(entries, id_of("[UNK]"), WordPieceOptions{});
  parts.prefix = {id_of("[CLS]")};
  parts.suffix = {id_of("[SEP]")};
  for (const char* special : {"[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"}) {
    if (const std::int32_t id = ids.find(special); id >= 0) {
      parts.added_tokens.push_back({.id = id, .content = special});
    }
  }
  const BertTextOptions options = read_config(path.parent_path() / "tokenizer_config.json");
  parts.text_steps.push_back(std::make_unique<BertText>(options));
  parts.word_steps.push_back(std::make_unique<BertSplit>());
  return Tokenizer(std::move(parts));
}

}  // namespace

Tokenizer parse_tokenizer(std::string_view json, std::string_view where) {
  JsonParser parser;
  const JsonElement root = parse_json(parser, json, where);
  TokenizerParts parts;
  parts.model = read_model(object_at(root, "model", where), where);
  if (json_member(root, "added_tokens", where)) {
    const auto tokens = json_get<dom::array>(root, "added_tokens", where);
    parts.added_tokens = read_added_tokens(tokens, *parts.model, where);
  }
  if (const auto normalizer = json_member(root, "normalizer", where)) {
    read_text_steps(*normalizer, where, parts.text_steps);
  }
  if (const auto pre_tokenizer = json_member(root, "pre_tokenizer", where)) {
    read_word_steps(*pre_tokenizer, where, parts.word_steps);
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

Tokenizer load_tokenizer(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    for (const char* name : {"tokenizer.json", "vocab.txt"}) {
      if (is_there(path / name)) return load_tokenizer(path / name);
    }
    throw Error(ErrorKind::kNotFound, "{}: expected tokenizer.json or vocab.txt, found neither",
                path.string());
  }
  if (path.extension() == ".txt") return load_vocab_txt(path);
  const MappedFile file(path);
  return parse_tokenizer(text_of(file), path.string());
}

}  // namespace enlace
