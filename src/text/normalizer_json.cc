// The member "normalizer" of a tokenizer.json.
#include <memory>
#include <optional>
#include <string>

#include "text/bert_text.h"
#include "text/byte_level.h"
#include "text/character_map.h"
#include "text/component_json.h"
#include "text/tokenizer_json.h"
#include "text/unicode_form.h"

namespace enlace {
namespace {

using Step = std::unique_ptr<const TextStep>;

Step read_replace(JsonElement element, std::string_view where) {
  const auto content = short_string(element, "content", where);
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
  const RunPattern* known = known_run_pattern(regex);
  if (known == nullptr) refuse_regex("normalizer Replace", regex, where);
  return std::make_unique<ReplaceRuns>(*known, content);
}

Step read_bert_text(JsonElement element, const TokenizerConfig& config, std::string_view where) {
  BertTextOptions options;
  options.clean_text = json_get_or<bool>(element, "clean_text", true, where);
  options.handle_chinese_chars = json_get_or<bool>(element, "handle_chinese_chars", true, where);
  options.lowercase = json_get_or<bool>(element, "lowercase", true, where);
  const bool as_configured = config.is_of(kBertFamilies);
  if (as_configured) {
    options.lowercase = config.lowercase.value_or(options.lowercase);
    options.handle_chinese_chars =
        config.handle_chinese_chars.value_or(options.handle_chinese_chars);
  }
  options.strip_accents = json_get_or<bool>(element, "strip_accents", options.lowercase, where);
  if (as_configured) options.strip_accents = config.strip_accents.value_or(options.strip_accents);
  return std::make_unique<BertText>(options);
}

Step read_character_map(JsonElement element, std::string_view where) {
  const auto encoded = json_get<std::string_view>(element, "precompiled_charsmap", where);
  const auto bytes = decode_base64(encoded);
  if (!bytes) {
    throw Error(ErrorKind::kCorrupt,
                "{}: precompiled_charsmap: expected base64, found another character", where);
  }
  return std::make_unique<CharacterMap>(*bytes, where);
}

std::optional<UnicodeForm::Form> form_of(std::string_view type) {
  if (type == "NFC") return UnicodeForm::Form::kNfc;
  if (type == "NFD") return UnicodeForm::Form::kNfd;
  if (type == "NFKC") return UnicodeForm::Form::kNfkc;
  if (type == "NFKD") return UnicodeForm::Form::kNfkd;
  return {};
}

Step read_step(JsonElement element, const TokenizerConfig& config, std::string_view where) {
  const std::string_view type = type_of(element, "normalizer", where);
  if (const auto form = form_of(type)) return std::make_unique<UnicodeForm>(*form);
  if (type == "Precompiled") return read_character_map(element, where);
  if (type == "Replace") return read_replace(element, where);
  if (type == "BertNormalizer") return read_bert_text(element, config, where);
  if (type == "Lowercase") return std::make_unique<Lowercase>();
  if (type == "StripAccents") return std::make_unique<StripAccents>();
  if (type == "Nmt") return std::make_unique<Nmt>();
  if (type == "ByteLevel") return std::make_unique<ByteLevelText>();
  if (type == "Strip") {
    return std::make_unique<Strip>(json_get<bool>(element, "strip_left", where),
                                   json_get<bool>(element, "strip_right", where));
  }
  if (type == "Prepend") {
    return std::make_unique<Prepend>(short_string(element, "prepend", where));
  }
  refuse("normalizer", type,
         "BertNormalizer, Precompiled, Replace, Prepend, Strip, StripAccents, Lowercase, NFC, NFD, "
         "NFKC, NFKD, Nmt, ByteLevel or Sequence",
         where);
}

}  // namespace

void read_text_steps(JsonElement normalizer, const TokenizerConfig& config, std::string_view where,
                     TextSteps& steps) {
  for_each_step(normalizer, "normalizer", "normalizers", where,
                [&](JsonElement element) { steps.push_back(read_step(element, config, where)); });
}

}  // namespace enlace
