// The member "model" of a tokenizer.json.
#include <string>
#include <vector>

#include "base/error.h"
#include "text/tokenizer_json.h"
#include "text/unigram.h"
#include "text/word_piece.h"

namespace enlace {
namespace {

namespace dom = simdjson::dom;

std::unique_ptr<const SubwordModel> read_unigram(JsonElement model, std::string_view where) {
  if (json_get_or<bool>(model, "byte_fallback", false, where)) {
    throw Error(ErrorKind::kUnsupported,
                "{}: model Unigram: expected byte_fallback to be false, found true", where);
  }
  std::vector<std::string_view> entries;
  std::vector<double> scores;
  for (const JsonElement entry : json_get<dom::array>(model, "vocab", where)) {
    const auto pair = json_as<dom::array>(entry, "vocab entry", where);
    std::size_t place = 0;
    for (const JsonElement part : pair) {
      if (place == 0) entries.push_back(json_as<std::string_view>(part, "vocab entry", where));
      if (place == 1) scores.push_back(json_as<double>(part, "vocab score", where));
      ++place;
    }
    if (place != 2) {
      throw Error(ErrorKind::kCorrupt,
                  "{}: vocab: entry {}: expected a piece and its score, found "
                  "{} values",
                  where, entries.size(), place);
    }
  }
  const auto unknown = json_get<std::int64_t>(model, "unk_id", where);
  if (unknown < 0 || std::uint64_t(unknown) >= entries.size()) {
    throw Error(ErrorKind::kCorrupt, "{}: unk_id: expected an id below {}, found {}", where,
                entries.size(), unknown);
  }
  return std::make_unique<Unigram>(entries, std::move(scores), std::int32_t(unknown));
}

/// The entries of a vocabulary {"piece": id}, in the order of their ids.
std::vector<std::string_view> read_entries(dom::object vocabulary, std::string_view where) {
  std::vector<std::string_view> entries;
  std::vector<std::int64_t> ids;
  for (const auto [piece, id] : vocabulary) {
    entries.push_back(piece);
    ids.push_back(json_as<std::int64_t>(id, "vocab id", where));
  }
  std::vector<std::string_view> ordered(entries.size());
  std::vector<bool> seen(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (ids[i] < 0 || std::uint64_t(ids[i]) >= entries.size() || seen[std::size_t(ids[i])]) {
      throw Error(ErrorKind::kCorrupt,
                  "{}: vocab: expected every id below {} once, found {} twice or out of place",
                  where, entries.size(), ids[i]);
    }
    seen[std::size_t(ids[i])] = true;
    ordered[std::size_t(ids[i])] = entries[i];
  }
  return ordered;
}

std::unique_ptr<const SubwordModel> read_word_piece(JsonElement model, std::string_view where) {
  const auto vocabulary = json_get<dom::object>(model, "vocab", where);
  const std::vector<std::string_view> entries = read_entries(vocabulary, where);
  const auto unknown_entry = json_get_or<std::string_view>(model, "unk_token", "[UNK]", where);
  std::int32_t unknown = -1;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i] == unknown_entry) unknown = std::int32_t(i);
  }
  if (unknown < 0) {
    throw Error(ErrorKind::kCorrupt, "{}: vocab: expected the unk_token in it, found none", where);
  }
  WordPieceOptions options;
  options.continuation =
      json_get_or<std::string_view>(model, "continuing_subword_prefix", "##", where);
  const auto limit = json_get_or<std::int64_t>(model, "max_input_chars_per_word", 100, where);
  if (limit < 0 || limit > 1000) {
    throw Error(ErrorKind::kUnsupported,
                "{}: max_input_chars_per_word: expected 0 to 1000, found {}", where, limit);
  }
  options.max_characters = std::size_t(limit);
  return std::make_unique<WordPiece>(entries, unknown, options);
}

}  // namespace

std::unique_ptr<const SubwordModel> read_model(JsonElement model, std::string_view where) {
  json_as<dom::object>(model, "model", where);
  std::string_view type = json_get_or<std::string_view>(model, "type", "", where);
  if (type.empty()) {  // files written before 2020 do not say
    const auto vocabulary = json_member(model, "vocab", where);
    if (vocabulary && vocabulary->is_array()) type = "Unigram";
    if (json_member(model, "max_input_chars_per_word", where)) type = "WordPiece";
  }
  if (type == "Unigram") return read_unigram(model, where);
  if (type == "WordPiece") return read_word_piece(model, where);
  refuse("model", type, "Unigram or WordPiece", where);
}

}  // namespace enlace
