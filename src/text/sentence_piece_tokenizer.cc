// parse_sentencepiece of vocabulary_tokenizer.h.
#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "text/bpe.h"
#include "text/character_map.h"
#include "text/sentence_piece_model.h"
#include "text/split.h"
#include "text/unigram.h"
#include "text/vocabulary_tokenizer.h"

namespace enlace {
namespace {

using Piece = SentencePieceModel::Piece;
using PieceType = SentencePieceModel::PieceType;

constexpr std::string_view kSpace = "▁";

/// Entries and scores of a Unigram vocabulary.
struct ScoredEntries {
  std::vector<std::string_view> texts;
  std::vector<double> scores;

  void add(std::string_view text, double score) {
    texts.push_back(text);
    scores.push_back(score);
  }
};

void check_unigram(const SentencePieceModel& model, const TokenizerConfig& config,
                   std::string_view where) {
  if (model.kind != SentencePieceModel::Kind::kUnigram) {
    throw Error(ErrorKind::kUnsupported,
                "{}: expected a unigram model for the family {}, found bpe", where, config.family);
  }
}

void add_character_map(const SentencePieceModel& model, std::string_view where,
                       TokenizerParts& parts) {
  if (model.character_map.empty()) return;
  parts.text_steps.push_back(std::make_unique<CharacterMap>(model.character_map, where));
}

/// Whether no piece goes beyond the beginning of a word, so that words can be tokenized one by one.
bool has_words(const SentencePieceModel& model) {
  bool knows_space = false;
  for (const Piece& piece : model.pieces) {
    knows_space = knows_space || piece.text == kSpace;
    if (piece.text.find(kSpace, 1) != piece.text.npos) return false;
  }
  return knows_space;
}

/// The merges of a BPE model: two normal pieces whose texts together are a third, which is the
/// better the higher its score.
std::vector<BpeMerge> merges_of(const std::vector<Piece>& pieces) {
  std::unordered_map<std::string_view, std::int32_t, StringHash> ids;
  std::vector<std::int32_t> by_score;
  for (std::size_t id = 0; id < pieces.size(); ++id) {
    if (pieces[id].type != PieceType::kNormal) continue;
    ids.emplace(pieces[id].text, std::int32_t(id));
    by_score.push_back(std::int32_t(id));
  }
  std::stable_sort(by_score.begin(), by_score.end(), [&](std::int32_t a, std::int32_t b) {
    return pieces[std::size_t(a)].score > pieces[std::size_t(b)].score;
  });
  std::vector<BpeMerge> merges;
  for (std::size_t rank = 0; rank < by_score.size(); ++rank) {
    const std::string_view text = pieces[std::size_t(by_score[rank])].text;
    for (std::size_t split = 1; split < text.size(); ++split) {
      const auto left = ids.find(text.substr(0, split));
      if (left == ids.end()) continue;
      const auto right = ids.find(text.substr(split));
      if (right == ids.end()) continue;
      merges.push_back({left->second, right->second, by_score[rank], std::uint32_t(rank)});
    }
  }
  return merges;
}

/// Unigram or BPE with the ids of the file.
std::unique_ptr<const SubwordModel> plain_model(const SentencePieceModel& model) {
  ScoredEntries entries;
  for (const Piece& piece : model.pieces) {
    const bool used = piece.type != PieceType::kUnused;
    entries.add(used ? piece.text : std::string_view{}, used ? double(piece.score) : 0.0);
  }
  if (model.kind == SentencePieceModel::Kind::kUnigram) {
    return std::make_unique<Unigram>(entries.texts, std::move(entries.scores), model.unknown,
                                     model.byte_fallback);
  }
  BpeOptions options;
  options.unknown = model.unknown;
  options.fuse_unknown = true;
  options.byte_fallback = model.byte_fallback;
  return std::make_unique<Bpe>(Trie::of_places(entries.texts), std::int32_t(entries.texts.size()),
                               merges_of(model.pieces), options);
}

Tokenizer plain_tokenizer(const SentencePieceModel& model, std::string_view where) {
  TokenizerParts parts;
  parts.model = plain_model(model);
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    const Piece& piece = model.pieces[id];
    if (piece.type != PieceType::kControl && piece.type != PieceType::kUserDefined) continue;
    parts.added_tokens.push_back({.id = std::int32_t(id), .content = std::string(piece.text)});
  }
  add_character_map(model, where, parts);
  if (model.remove_extra_whitespaces) {
    parts.text_steps.push_back(
        std::make_unique<ReplaceRuns>(*known_run_pattern(R"(\A +| +\z)"), ""));
    parts.text_steps.push_back(std::make_unique<ReplaceRuns>(*known_run_pattern(" {2,}"), " "));
  }
  parts.text_steps.push_back(std::make_unique<ReplaceLiteral>(" ", kSpace));
  if (model.add_dummy_prefix) parts.text_steps.push_back(std::make_unique<Prepend>(kSpace));
  if (has_words(model)) {
    parts.word_steps.push_back(
        std::make_unique<Metaspace>(kSpace, Metaspace::Prepend::kNever, Metaspace::Split::kYes));
  }
  return Tokenizer(std::move(parts));
}

/// The tokens of RoBERTa's family, as fairseq names them.
FamilyTokens fairseq_tokens(const TokenizerConfig& config) {
  return {.first = config.token("cls_token", "<s>"),
          .last = config.token("sep_token", "</s>"),
          .unknown = config.token("unk_token", "<unk>"),
          .padding = config.token("pad_token", "<pad>"),
          .mask = config.token("mask_token", "<mask>", true)};
}

/// XLM-R: fairseq's <s>, <pad>, </s>, <unk>, the pieces after the file's own three, <mask>.
/// CamemBERT: four of fairseq's that are not used and one, the pieces after the unknown, <mask>.
Tokenizer fairseq_tokenizer(const SentencePieceModel& model, const TokenizerConfig& config,
                            std::string_view where) {
  check_unigram(model, config, where);
  const bool camembert = config.family == "Camembert";
  const FamilyTokens tokens = fairseq_tokens(config);
  const std::size_t own = camembert ? 1 : 3;
  if (model.pieces.size() < 3 || model.unknown != 0 ||
      model.pieces[1].type != PieceType::kControl || model.pieces[2].type != PieceType::kControl) {
    throw Error(ErrorKind::kCorrupt,
                "{}: expected an unknown and two control pieces first, as in the family {}, found "
                "others",
                where, config.family);
  }
  ScoredEntries entries;
  entries.add(camembert ? "<s>NOTUSED" : std::string_view(tokens.first.content), 0);
  entries.add(tokens.padding.content, 0);
  entries.add(camembert ? "</s>NOTUSED" : std::string_view(tokens.last.content), 0);
  entries.add(tokens.unknown.content, 0);
  if (camembert) entries.add("<unk>NOTUSED", -100);
  for (std::size_t id = own; id < model.pieces.size(); ++id) {
    entries.add(model.pieces[id].text, double(model.pieces[id].score));
  }
  entries.add(tokens.mask.content, 0);
  TokenizerParts parts;
  parts.model = std::make_unique<Unigram>(entries.texts, std::move(entries.scores), 3);
  set_special_tokens(tokens, config, where, parts);
  add_character_map(model, where, parts);
  parts.word_steps.push_back(std::make_unique<WhitespaceSplit>());
  parts.word_steps.push_back(std::make_unique<Metaspace>(kSpace,
                                                         config.add_prefix_space.value_or(true)
                                                             ? Metaspace::Prepend::kAlways
                                                             : Metaspace::Prepend::kNever,
                                                         Metaspace::Split::kYes));
  return Tokenizer(std::move(parts));
}

/// DeBERTa-v2 and -v3: the pieces of the file, and [MASK] after them if it is none of them.
Tokenizer deberta_tokenizer(const SentencePieceModel& model, const TokenizerConfig& config,
                            std::string_view where) {
  check_unigram(model, config, where);
  const FamilyTokens tokens = {.first = config.token("cls_token", "[CLS]"),
                               .last = config.token("sep_token", "[SEP]"),
                               .unknown = config.token("unk_token", "[UNK]"),
                               .padding = config.token("pad_token", "[PAD]"),
                               .mask = config.token("mask_token", "[MASK]")};
  ScoredEntries entries;
  bool has_mask = false;
  for (const Piece& piece : model.pieces) {
    entries.add(piece.text, double(piece.score));
    has_mask = has_mask || piece.text == tokens.mask.content;
  }
  if (!has_mask) entries.add(tokens.mask.content, 0);
  TokenizerParts parts;
  parts.model = std::make_unique<Unigram>(entries.texts, std::move(entries.scores), model.unknown);
  set_special_tokens(tokens, config, where, parts);
  if (config.lowercase.value_or(false)) parts.text_steps.push_back(std::make_unique<Lowercase>());
  parts.text_steps.push_back(std::make_unique<Strip>(true, true));
  add_character_map(model, where, parts);
  parts.text_steps.push_back(std::make_unique<ReplaceRuns>(*known_run_pattern(" {2,}"), " "));
  if (config.split_by_punctuation.value_or(false)) {
    parts.word_steps.push_back(std::make_unique<PatternSplit>(
        SplitPattern{PatternKind::kPunctuation}, Matches::kIsolated, false));
  }
  parts.word_steps.push_back(
      std::make_unique<Metaspace>(kSpace, Metaspace::Prepend::kAlways, Metaspace::Split::kYes));
  return Tokenizer(std::move(parts));
}

}  // namespace

Tokenizer parse_sentencepiece(std::string_view bytes, const TokenizerConfig& config,
                              std::string_view where) {
  constexpr std::string_view kFamilies[] = {"XLMRoberta", "Camembert", "DebertaV2"};
  check_family(config, kFamilies);
  const SentencePieceModel model = read_sentence_piece_model(bytes, where);
  if (config.family.empty()) return plain_tokenizer(model, where);
  if (config.family == "DebertaV2") return deberta_tokenizer(model, config, where);
  return fairseq_tokenizer(model, config, where);
}

}  // namespace enlace
