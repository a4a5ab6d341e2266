#include "text/vocabulary_tokenizer.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/utf8.h"
#include "text/bert_text.h"
#include "text/bpe.h"
#include "text/byte_level.h"
#include "text/component_json.h"
#include "text/split.h"
#include "text/vocabulary.h"
#include "text/word_piece.h"

namespace enlace {
namespace {

/// The lines of `text`, without their ends.
std::vector<std::string_view> lines_of(std::string_view text, std::string_view where) {
  if (const auto fault = utf8_fault(text, where)) {
    throw Error(ErrorKind::kCorrupt, "{}", *fault);
  }
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Trie trie_of_lines(const std::vector<std::string_view>& lines, std::string_view where) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].size() > Trie::kMaxKeySize) {
      throw Error(ErrorKind::kUnsupported, "{}:{}: expected an entry of at most {} bytes, found {}",
                  where, i + 1, Trie::kMaxKeySize, lines[i].size());
    }
  }
  Trie ids = Trie::of_places(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].empty() && std::size_t(ids.find(lines[i])) != i) {
      throw Error(ErrorKind::kCorrupt, "{}:{}: expected a new entry, found one for the second time",
                  where, ids.find(lines[i]) + 1);
    }
  }
  return ids;
}

/// The merges of a merges.txt, one a line, after a line that begins with "#version".
std::vector<BpeMerge> read_merges(std::string_view text, const Trie& ids, std::string_view where) {
  std::vector<BpeMerge> merges;
  const std::vector<std::string_view> lines = lines_of(text, where);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty() || (i == 0 && lines[i].starts_with("#version"))) continue;
    const auto [left, right] = split_merge(lines[i], where, i + 1);
    merges.push_back(find_merge(ids, left, right, "", where, i + 1));
  }
  return merges;
}

bool knows(const std::vector<AddedToken>& tokens, std::string_view content) {
  return std::any_of(tokens.begin(), tokens.end(),
                     [&](const AddedToken& token) { return token.content == content; });
}

}  // namespace

std::int32_t required_id(const AddedToken& token, const TokenizerParts& parts,
                         std::string_view where) {
  for (const AddedToken& added : parts.added_tokens) {
    if (added.content == token.content) return added.id;
  }
  const std::int32_t id = parts.model->find(token.content);
  if (id < 0) {
    throw Error(ErrorKind::kCorrupt,
                "{}: expected every special token among {} entries, found one "
                "of {} bytes missing",
                where, parts.model->size(), token.content.size());
  }
  return id;
}

void set_special_tokens(const FamilyTokens& tokens, const TokenizerConfig& config,
                        std::string_view where, TokenizerParts& parts) {
  std::int32_t next = parts.model->size();
  for (const AddedToken& token : config.added) {
    std::int32_t id = parts.model->find(token.content);
    if (id < 0) id = next++;
    if (id != token.id) {
      throw Error(ErrorKind::kCorrupt, "{}: added_tokens_decoder: expected the id {}, found {}",
                  config.where, id, token.id);
    }
    parts.added_tokens.push_back(token);
  }
  for (AddedToken token :
       {tokens.first, tokens.last, tokens.unknown, tokens.padding, tokens.mask}) {
    token.id = parts.model->find(token.content);
    if (token.id >= 0 && !knows(parts.added_tokens, token.content)) {
      parts.added_tokens.push_back(std::move(token));
    }
  }
  parts.prefix = {required_id(tokens.first, parts, where)};
  parts.suffix = {required_id(tokens.last, parts, where)};
}

void check_family(const TokenizerConfig& config, std::span<const std::string_view> known) {
  if (config.family.empty() || config.is_of(known)) return;
  std::string expected;
  for (const std::string_view family : known) {
    if (!expected.empty()) expected += family == known.back() ? " or " : ", ";
    expected += family;
  }
  refuse("tokenizer_class", config.family, expected, config.where);
}

Tokenizer parse_vocab_txt(std::string_view text, const TokenizerConfig& config,
                          std::string_view where) {
  check_family(config, kBertFamilies);
  const bool mpnet = config.family == "MPNet";
  const FamilyTokens tokens = {
      .first = config.token("cls_token", mpnet ? "<s>" : "[CLS]"),
      .last = config.token("sep_token", mpnet ? "</s>" : "[SEP]"),
      .unknown = config.token("unk_token", "[UNK]"),
      .padding = config.token("pad_token", mpnet ? "<pad>" : "[PAD]"),
      .mask = config.token("mask_token", mpnet ? "<mask>" : "[MASK]", mpnet)};
  const std::vector<std::string_view> entries = lines_of(text, where);
  Trie ids = trie_of_lines(entries, where);
  const std::int32_t unknown = ids.find(tokens.unknown.content);
  if (unknown < 0) {
    throw Error(ErrorKind::kCorrupt, "{}: expected the unknown token among {} entries, found none",
                where, entries.size());
  }
  TokenizerParts parts;
  parts.model = std::make_unique<WordPiece>(std::move(ids), std::int32_t(entries.size()), unknown,
                                            WordPieceOptions{});
  set_special_tokens(tokens, config, where, parts);
  BertTextOptions options;
  options.lowercase = config.lowercase.value_or(true);
  options.strip_accents = config.strip_accents.value_or(options.lowercase);
  options.handle_chinese_chars = config.handle_chinese_chars.value_or(true);
  parts.text_steps.push_back(std::make_unique<BertText>(options));
  parts.word_steps.push_back(std::make_unique<BertSplit>());
  return Tokenizer(std::move(parts));
}

Tokenizer parse_vocab_json(std::string_view json, std::string_view merges,
                           const TokenizerConfig& config, std::string_view where,
                           std::string_view merges_where) {
  check_family(config, kRobertaFamilies);
  const bool deberta = config.family == "Deberta";
  const FamilyTokens tokens = {
      .first = config.token("cls_token", deberta ? "[CLS]" : "<s>"),
      .last = config.token("sep_token", deberta ? "[SEP]" : "</s>"),
      .unknown = config.token("unk_token", deberta ? "[UNK]" : "<unk>"),
      .padding = config.token("pad_token", deberta ? "[PAD]" : "<pad>"),
      .mask = config.token("mask_token", deberta ? "[MASK]" : "<mask>", true)};
  JsonParser parser;
  const JsonElement root = parse_json(parser, json, where);
  const auto vocabulary = json_as<simdjson::dom::object>(root, "vocabulary", where);
  const std::vector<std::string_view> entries = entries_by_id(vocabulary, where);
  Trie ids = Trie::of_places(entries);
  const std::vector<BpeMerge> pairs = read_merges(merges, ids, merges_where);
  TokenizerParts parts;
  parts.model =
      std::make_unique<Bpe>(std::move(ids), std::int32_t(entries.size()), pairs, BpeOptions{});
  set_special_tokens(tokens, config, where, parts);
  const bool add_space = config.add_prefix_space.value_or(false);
  parts.word_steps.push_back(std::make_unique<ByteLevelPieces>(
      add_space,
      std::make_unique<PatternSplit>(SplitPattern{PatternKind::kGpt2}, Matches::kIsolated, false)));
  if (config.trim_offsets.value_or(true) && !deberta) {
    parts.trim = add_space ? SpanTrim::kSpacesButFirst : SpanTrim::kSpaces;
  }
  return Tokenizer(std::move(parts));
}

}  // namespace enlace
