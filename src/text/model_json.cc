// The member "model" of a tokenizer.json.
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "text/bpe.h"
#include "text/component_json.h"
#include "text/tokenizer_json.h"
#include "text/unigram.h"
#include "text/vocabulary.h"
#include "text/word_piece.h"

namespace enlace {
namespace {

namespace dom = simdjson::dom;

std::unique_ptr<const SubwordModel> read_unigram(JsonElement model, std::string_view where) {
  std::vector<std::string_view> entries;
  std::vector<double> scores;
  const auto vocabulary = json_get<dom::array>(model, "vocab", where);
  entries.reserve(vocabulary.size());
  scores.reserve(vocabulary.size());
  for (const JsonElement entry : vocabulary) {
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
  const bool byte_fallback = json_get_or<bool>(model, "byte_fallback", false, where);
  return std::make_unique<Unigram>(entries, std::move(scores), std::int32_t(unknown),
                                   byte_fallback);
}

std::unique_ptr<const SubwordModel> read_word_piece(JsonElement model, std::string_view where) {
  const auto vocabulary = json_get<dom::object>(model, "vocab", where);
  const std::vector<std::string_view> entries = entries_by_id(vocabulary, where);
  const auto unknown_entry = json_get_or<std::string_view>(model, "unk_token", "[UNK]", where);
  Trie ids = Trie::of_places(entries);
  const std::int32_t unknown = ids.find(unknown_entry);
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
  return std::make_unique<WordPiece>(std::move(ids), std::int32_t(entries.size()), unknown,
                                     options);
}

std::unique_ptr<const SubwordModel> read_bpe(JsonElement model, std::string_view where) {
  if (json_get_or<double>(model, "dropout", 0.0, where) != 0.0) {
    throw Error(ErrorKind::kUnsupported, "{}: model BPE: expected no dropout, found some", where);
  }
  const auto vocabulary = json_get<dom::object>(model, "vocab", where);
  const std::vector<std::string_view> entries = entries_by_id(vocabulary, where);
  Trie ids = Trie::of_places(entries);
  BpeOptions options;
  options.fuse_unknown = json_get_or<bool>(model, "fuse_unk", false, where);
  options.byte_fallback = json_get_or<bool>(model, "byte_fallback", false, where);
  options.ignore_merges = json_get_or<bool>(model, "ignore_merges", false, where);
  if (json_member(model, "continuing_subword_prefix", where)) {
    options.continuation = short_string(model, "continuing_subword_prefix", where);
  }
  if (json_member(model, "end_of_word_suffix", where)) {
    options.end = short_string(model, "end_of_word_suffix", where);
  }
  if (json_member(model, "unk_token", where)) {
    options.unknown = ids.find(json_get<std::string_view>(model, "unk_token", where));
    if (options.unknown < 0) {
      throw Error(ErrorKind::kCorrupt, "{}: vocab: expected the unk_token in it, found none",
                  where);
    }
  }
  std::vector<BpeMerge> merges;
  for (const JsonElement element : json_get<dom::array>(model, "merges", where)) {
    const std::size_t number = merges.size() + 1;
    const auto [left, right] = read_merge(element, number, where);
    merges.push_back(find_merge(ids, left, right, options.continuation, where, number));
  }
  return std::make_unique<Bpe>(std::move(ids), std::int32_t(entries.size()), merges,
                               std::move(options));
}

}  // namespace

std::pair<std::string_view, std::string_view> read_merge(JsonElement element, std::size_t number,
                                                         std::string_view where) {
  if (element.is_string()) {
    return split_merge(json_as<std::string_view>(element, "merge", where), where, number);
  }
  const auto pair = json_as<dom::array>(element, "merge", where);
  if (pair.size() != 2) {
    throw Error(ErrorKind::kCorrupt, "{}: merges: merge {}: expected two entries, found {}", where,
                number, pair.size());
  }
  return {json_as<std::string_view>(pair.at(0), "merge", where),
          json_as<std::string_view>(pair.at(1), "merge", where)};
}

std::unique_ptr<const SubwordModel> read_model(JsonElement model, std::string_view where) {
  json_as<dom::object>(model, "model", where);
  std::string_view type = json_get_or<std::string_view>(model, "type", "", where);
  if (type.empty()) {  // files written before 2020 do not say
    const auto vocabulary = json_member(model, "vocab", where);
    if (vocabulary && vocabulary->is_array()) type = "Unigram";
    if (json_member(model, "max_input_chars_per_word", where)) type = "WordPiece";
    if (json_member(model, "merges", where)) type = "BPE";
  }
  if (type == "Unigram") return read_unigram(model, where);
  if (type == "WordPiece") return read_word_piece(model, where);
  if (type == "BPE") return read_bpe(model, where);
  refuse("model", type, "Unigram, WordPiece or BPE", where);
}

}  // namespace enlace
