// The member "pre_tokenizer" of a tokenizer.json.
#include <memory>

#include "base/utf8.h"
#include "text/byte_level.h"
#include "text/component_json.h"
#include "text/split.h"
#include "text/tokenizer_json.h"

namespace enlace {
namespace {

using Step = std::unique_ptr<const WordStep>;

Step read_metaspace(JsonElement element, std::string_view where) {
  const auto replacement = json_get_or<std::string_view>(element, "replacement", "▁", where);
  if (count_code_points(replacement) != 1) {
    throw Error(ErrorKind::kCorrupt,
                "{}: pre_tokenizer Metaspace: expected a replacement of one character, found {}",
                where, count_code_points(replacement));
  }
  const auto scheme = json_get_or<std::string_view>(element, "prepend_scheme", "always", where);
  Metaspace::Prepend prepend = Metaspace::Prepend::kAlways;
  if (scheme == "first") {
    prepend = Metaspace::Prepend::kFirst;
  } else if (scheme == "never") {
    prepend = Metaspace::Prepend::kNever;
  } else if (scheme != "always") {
    refuse("pre_tokenizer Metaspace: prepend_scheme", scheme, "always, first or never", where);
  }
  if (!json_get_or<bool>(element, "add_prefix_space", true, where)) {
    if (json_member(element, "prepend_scheme", where) && prepend != Metaspace::Prepend::kNever) {
      throw Error(ErrorKind::kCorrupt,
                  "{}: pre_tokenizer Metaspace: expected prepend_scheme never where "
                  "add_prefix_space is false, found another",
                  where);
    }
    prepend = Metaspace::Prepend::kNever;
  }
  const bool split = json_get_or<bool>(element, "split", true, where);
  return std::make_unique<Metaspace>(replacement, prepend,
                                     split ? Metaspace::Split::kYes : Metaspace::Split::kNo);
}

Matches read_behavior(JsonElement element, std::string_view what, std::string_view where) {
  const auto name = json_get<std::string_view>(element, "behavior", where);
  if (name == "Removed") return Matches::kRemoved;
  if (name == "Isolated") return Matches::kIsolated;
  if (name == "MergedWithPrevious") return Matches::kWithBefore;
  if (name == "MergedWithNext") return Matches::kWithAfter;
  if (name == "Contiguous") return Matches::kContiguous;
  refuse(what, name, "Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous", where);
}

SplitPattern read_literal(JsonElement element, std::string_view key, std::string_view where) {
  const auto literal = json_get<std::string_view>(element, key, where);
  if (literal.empty()) {
    throw Error(ErrorKind::kUnsupported,
                "{}: pre_tokenizer: {}: expected a string to split at, found an empty one", where,
                key);
  }
  return {PatternKind::kLiteral, std::string(literal)};
}

Step read_split(JsonElement element, std::string_view where) {
  const Matches matches = read_behavior(element, "pre_tokenizer Split: behavior", where);
  const bool inverted = json_get_or<bool>(element, "invert", false, where);
  const JsonElement pattern = object_at(element, "pattern", where);
  if (json_member(pattern, "String", where)) {
    return std::make_unique<PatternSplit>(read_literal(pattern, "String", where), matches,
                                          inverted);
  }
  const auto regex = json_get<std::string_view>(pattern, "Regex", where);
  const auto kind = known_pattern(regex);
  if (!kind) refuse_regex("pre_tokenizer Split", regex, where);
  return std::make_unique<PatternSplit>(SplitPattern{*kind}, matches, inverted);
}

Step read_byte_level(JsonElement element, const TokenizerConfig& config, std::string_view where) {
  Step split;
  if (json_get_or<bool>(element, "use_regex", true, where)) {
    split =
        std::make_unique<PatternSplit>(SplitPattern{PatternKind::kGpt2}, Matches::kIsolated, false);
  }
  bool add_space = json_get_or<bool>(element, "add_prefix_space", true, where);
  if (config.is_of(kRobertaFamilies)) add_space = config.add_prefix_space.value_or(add_space);
  return std::make_unique<ByteLevelPieces>(add_space, std::move(split));
}

Step read_step(JsonElement element, const TokenizerConfig& config, std::string_view where) {
  const std::string_view type = type_of(element, "pre_tokenizer", where);
  if (type == "BertPreTokenizer") return std::make_unique<BertSplit>();
  if (type == "WhitespaceSplit") return std::make_unique<WhitespaceSplit>();
  if (type == "Metaspace") return read_metaspace(element, where);
  if (type == "ByteLevel") return read_byte_level(element, config, where);
  if (type == "Split") return read_split(element, where);
  if (type == "Whitespace") {
    return std::make_unique<PatternSplit>(SplitPattern{PatternKind::kWordsAndMarks},
                                          Matches::kRemoved, true);
  }
  if (type == "Punctuation") {
    const bool stated = json_member(element, "behavior", where).has_value();
    return std::make_unique<PatternSplit>(
        SplitPattern{PatternKind::kPunctuation},
        stated ? read_behavior(element, "pre_tokenizer Punctuation: behavior", where)
               : Matches::kIsolated,
        false);
  }
  if (type == "Digits") {
    const bool alone = json_get_or<bool>(element, "individual_digits", false, where);
    return std::make_unique<PatternSplit>(
        SplitPattern{alone ? PatternKind::kDigit : PatternKind::kDigits}, Matches::kIsolated,
        false);
  }
  if (type == "CharDelimiterSplit") {
    return std::make_unique<PatternSplit>(read_literal(element, "delimiter", where),
                                          Matches::kRemoved, false);
  }
  refuse(
      "pre_tokenizer", type,
      "BertPreTokenizer, ByteLevel, Metaspace, Whitespace, WhitespaceSplit, Punctuation, Digits, "
      "Split, CharDelimiterSplit or Sequence",
      where);
}

}  // namespace

void read_word_steps(JsonElement pre_tokenizer, const TokenizerConfig& config,
                     std::string_view where, WordSteps& steps) {
  for_each_step(pre_tokenizer, "pre_tokenizer", "pretokenizers", where,
                [&](JsonElement element) { steps.push_back(read_step(element, config, where)); });
}

}  // namespace enlace
