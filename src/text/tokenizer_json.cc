#include "text/tokenizer_json.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/utf8.h"
#include "text/bert_text.h"
#include "text/character_map.h"

namespace enlace {
namespace {

namespace dom = simdjson::dom;

constexpr int kMaxNesting = 16;  // Sequences within Sequences

struct SpacePattern {
  std::string_view regex;
  std::size_t least;
};

/// The regular expressions that published tokenizers replace. No other is ever run.
constexpr SpacePattern kSpacePatterns[] = {{" {2,}", 2}, {" +", 1}};

std::unique_ptr<const TextStep> read_replace(JsonElement element, std::string_view where) {
  const auto content = json_get<std::string_view>(element, "content", where);
  const JsonElement pattern = object_at(element, "pattern", where);
  if (json_member(pattern, "String", where)) {
    const auto literal = json_get<std::string_view>(pattern, "String", where);
    if (literal.empty()) {
      throw Error(ErrorKind::kUnsupported,
                  "{}: normalizer Replace: expected a pattern, found an empty string", where);
    }
    return std::make_unique<ReplaceLiteral>(literal, content);
  }
  const auto regex = json_get<std::string_view>(pattern, "Regex", where);
  for (const SpacePattern& known : kSpacePatterns) {
    if (regex == known.regex && content.find('$') == content.npos) {
      return std::make_unique<ReplaceSpaces>(known.least, content);
    }
  }
  throw Error(
      ErrorKind::kUnsupported,
      "{}: normalizer Replace: expected the regular expression \" {{2,}}\" or \" +\", found "
      "another one of {} bytes",
      where, regex.size());
}

std::unique_ptr<const TextStep> read_bert_text(JsonElement element, std::string_view where) {
  BertTextOptions options;
  options.clean_text = json_get_or<bool>(element, "clean_text", true, where);
  options.handle_chinese_chars = json_get_or<bool>(element, "handle_chinese_chars", true, where);
  options.lowercase = json_get_or<bool>(element, "lowercase", true, where);
  options.strip_accents = json_get_or<bool>(element, "strip_accents", options.lowercase, where);
  return std::make_unique<BertText>(options);
}

std::unique_ptr<const TextStep> read_character_map(JsonElement element, std::string_view where) {
  const auto encoded = json_get<std::string_view>(element, "precompiled_charsmap", where);
  const auto bytes = decode_base64(encoded);
  if (!bytes) {
    throw Error(ErrorKind::kCorrupt,
                "{}: precompiled_charsmap: expected base64, found another character", where);
  }
  return std::make_unique<CharacterMap>(*bytes, where);
}

/// Calls `read` for `element`, or for every component in it if it is a Sequence.
template <class Read>
void for_each_step(JsonElement element, std::string_view what, std::string_view member,
                   std::string_view where, const Read& read, int depth = 0) {
  if (element.is_null()) return;
  if (type_of(element, what, where) != "Sequence") return read(element);
  if (depth == kMaxNesting) {
    throw Error(ErrorKind::kUnsupported, "{}: {}: expected at most {} nested Sequences, found more",
                where, what, kMaxNesting);
  }
  for (const JsonElement step : json_get<dom::array>(element, member, where)) {
    for_each_step(step, what, member, where, read, depth + 1);
  }
}

std::unique_ptr<const WordStep> read_metaspace(JsonElement element, std::string_view where) {
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

std::int32_t checked_id(std::int64_t id, std::string_view where, const TokenizerParts& parts) {
  std::int64_t size = parts.model->size();
  for (const AddedToken& token : parts.added_tokens)
    size = std::max<std::int64_t>(size, token.id + 1);
  if (id < 0 || id >= size) {
    throw Error(ErrorKind::kCorrupt, "{}: post_processor: expected an id below {}, found {}", where,
                size, id);
  }
  return std::int32_t(id);
}

/// The id of a special token, given as ["[SEP]", 102].
std::int32_t read_pair(JsonElement element, std::string_view member, std::string_view where,
                       const TokenizerParts& parts) {
  const auto pair = json_get<dom::array>(element, member, where);
  if (pair.size() != 2) {
    throw Error(ErrorKind::kCorrupt,
                "{}: post_processor: {}: expected a token and its id, found {}", where, member,
                pair.size());
  }
  return checked_id(json_as<std::int64_t>(pair.at(1), member, where), where, parts);
}

/// TemplateProcessing: the ids before and after the one Sequence A of the template "single".
void read_template(JsonElement element, std::string_view where, TokenizerParts& parts) {
  const JsonElement specials = object_at(element, "special_tokens", where);
  std::size_t sequences = 0;
  for (const JsonElement item : json_get<dom::array>(element, "single", where)) {
    if (json_member(item, "Sequence", where)) {
      ++sequences;
      continue;
    }
    const JsonElement special = object_at(item, "SpecialToken", where);
    const auto name = json_get<std::string_view>(special, "id", where);
    const JsonElement known = object_at(specials, name, where);
    for (const JsonElement id : json_get<dom::array>(known, "ids", where)) {
      auto& ids = sequences == 0 ? parts.prefix : parts.suffix;
      ids.push_back(checked_id(json_as<std::int64_t>(id, "ids", where), where, parts));
    }
  }
  if (sequences != 1) {
    throw Error(ErrorKind::kUnsupported,
                "{}: post_processor: expected a template with one Sequence, found {}", where,
                sequences);
  }
}

}  // namespace

JsonElement object_at(JsonElement object, std::string_view key, std::string_view where) {
  json_get<dom::object>(object, key, where);
  return *json_member(object, key, where);
}

std::string_view type_of(JsonElement component, std::string_view what, std::string_view where) {
  json_as<dom::object>(component, what, where);
  return json_get<std::string_view>(component, "type", where);
}

void refuse(std::string_view what, std::string_view type, std::string_view expected,
            std::string_view where) {
  const bool is_name =
      !type.empty() && type.size() <= 40 && std::all_of(type.begin(), type.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      });
  throw Error(ErrorKind::kUnsupported, "{}: {}: expected {}, found {}", where, what, expected,
              is_name ? type : "another");
}

void read_text_steps(JsonElement normalizer, std::string_view where, TextSteps& steps) {
  const auto read = [&](JsonElement element) {
    const std::string_view type = type_of(element, "normalizer", where);
    if (type == "Precompiled") {
      steps.push_back(read_character_map(element, where));
    } else if (type == "Replace") {
      steps.push_back(read_replace(element, where));
    } else if (type == "Strip") {
      steps.push_back(std::make_unique<Strip>(json_get<bool>(element, "strip_left", where),
                                              json_get<bool>(element, "strip_right", where)));
    } else if (type == "Lowercase") {
      steps.push_back(std::make_unique<Lowercase>());
    } else if (type == "BertNormalizer") {
      steps.push_back(read_bert_text(element, where));
    } else {
      refuse("normalizer", type,
             "Precompiled, Replace, Strip, Lowercase, BertNormalizer or Sequence", where);
    }
  };
  for_each_step(normalizer, "normalizer", "normalizers", where, read);
}

void read_word_steps(JsonElement pre_tokenizer, std::string_view where, WordSteps& steps) {
  const auto read = [&](JsonElement element) {
    const std::string_view type = type_of(element, "pre_tokenizer", where);
    if (type == "WhitespaceSplit") {
      steps.push_back(std::make_unique<WhitespaceSplit>());
    } else if (type == "BertPreTokenizer") {
      steps.push_back(std::make_unique<BertSplit>());
    } else if (type == "Metaspace") {
      steps.push_back(read_metaspace(element, where));
    } else {
      refuse("pre_tokenizer", type, "WhitespaceSplit, BertPreTokenizer, Metaspace or Sequence",
             where);
    }
  };
  for_each_step(pre_tokenizer, "pre_tokenizer", "pretokenizers", where, read);
}

std::vector<AddedToken> read_added_tokens(dom::array tokens, const SubwordModel& model,
                                          std::string_view where) {
  std::vector<AddedToken> added;
  std::int32_t next = model.size();
  for (const JsonElement element : tokens) {
    AddedToken token;
    token.content = json_get<std::string_view>(element, "content", where);
    token.single_word = json_get_or<bool>(element, "single_word", false, where);
    token.left_strip = json_get_or<bool>(element, "lstrip", false, where);
    token.right_strip = json_get_or<bool>(element, "rstrip", false, where);
    const bool special = json_get_or<bool>(element, "special", false, where);
    token.normalized = json_get_or<bool>(element, "normalized", !special, where);
    token.id = model.find(token.content);
    if (token.id < 0) token.id = next++;
    if (const auto id = json_get<std::int64_t>(element, "id", where); id != token.id) {
      throw Error(ErrorKind::kCorrupt, "{}: added_tokens: expected the id {}, found {}", where,
                  token.id, id);
    }
    added.push_back(std::move(token));
  }
  return added;
}

void read_special_tokens(JsonElement post_processor, std::string_view where,
                         TokenizerParts& parts) {
  if (post_processor.is_null()) return;
  const std::string_view type = type_of(post_processor, "post_processor", where);
  if (type == "TemplateProcessing") {
    read_template(post_processor, where, parts);
  } else if (type == "BertProcessing" || type == "RobertaProcessing") {
    parts.prefix = {read_pair(post_processor, "cls", where, parts)};
    parts.suffix = {read_pair(post_processor, "sep", where, parts)};
  } else {
    refuse("post_processor", type, "TemplateProcessing, BertProcessing or RobertaProcessing",
           where);
  }
}

}  // namespace enlace
