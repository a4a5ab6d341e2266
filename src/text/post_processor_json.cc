// The members "post_processor", "added_tokens", "decoder" and "truncation" of a tokenizer.json.
#include <algorithm>
#include <iterator>

#include "text/component_json.h"
#include "text/tokenizer_json.h"

namespace enlace {
namespace {

namespace dom = simdjson::dom;

/// The ids that one post-processor puts around a text.
struct Around {
  std::vector<std::int32_t> prefix;
  std::vector<std::int32_t> suffix;
};

/// The id after all that there are.
std::int32_t next_id(const TokenizerParts& parts) noexcept {
  std::int32_t next = parts.model->size();
  for (const AddedToken& token : parts.added_tokens) next = std::max(next, token.id + 1);
  return next;
}

std::int32_t checked_id(std::int64_t id, std::string_view where, const TokenizerParts& parts) {
  const std::int32_t size = next_id(parts);
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
Around read_template(JsonElement element, std::string_view where, const TokenizerParts& parts) {
  Around around;
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
      auto& ids = sequences == 0 ? around.prefix : around.suffix;
      ids.push_back(checked_id(json_as<std::int64_t>(id, "ids", where), where, parts));
    }
  }
  if (sequences != 1) {
    throw Error(ErrorKind::kUnsupported,
                "{}: post_processor: expected a template with one Sequence, found {}", where,
                sequences);
  }
  return around;
}

/// Whether the spans of tokens leave out spaces; ByteLevel and RobertaProcessing say so.
void read_trim(JsonElement element, std::string_view where, TokenizerParts& parts) {
  if (!json_get_or<bool>(element, "trim_offsets", true, where)) return;
  parts.trim = json_get_or<bool>(element, "add_prefix_space", true, where)
                   ? SpanTrim::kSpacesButFirst
                   : SpanTrim::kSpaces;
}

void read_processor(JsonElement element, std::string_view where, TokenizerParts& parts) {
  const std::string_view type = type_of(element, "post_processor", where);
  Around around;
  if (type == "TemplateProcessing") {
    around = read_template(element, where, parts);
  } else if (type == "BertProcessing" || type == "RobertaProcessing") {
    around.prefix = {read_pair(element, "cls", where, parts)};
    around.suffix = {read_pair(element, "sep", where, parts)};
    if (type == "RobertaProcessing") read_trim(element, where, parts);
  } else if (type == "ByteLevel") {
    read_trim(element, where, parts);
  } else {
    refuse("post_processor", type,
           "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel or Sequence", where);
  }
  parts.prefix.insert(parts.prefix.begin(), around.prefix.begin(), around.prefix.end());
  parts.suffix.insert(parts.suffix.end(), around.suffix.begin(), around.suffix.end());
}

}  // namespace

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

void add_configured_tokens(const TokenizerConfig& config, TokenizerParts& parts) {
  for (AddedToken token : config.added) {
    const auto same = [&](const AddedToken& other) { return other.content == token.content; };
    if (std::ranges::any_of(parts.added_tokens, same)) continue;
    token.id = parts.model->find(token.content);
    if (token.id < 0) token.id = next_id(parts);
    parts.added_tokens.push_back(std::move(token));
  }
}

void read_special_tokens(JsonElement post_processor, std::string_view where,
                         TokenizerParts& parts) {
  for_each_step(post_processor, "post_processor", "processors", where,
                [&](JsonElement element) { read_processor(element, where, parts); });
}

void check_decoder(JsonElement decoder, std::string_view where) {
  constexpr std::string_view kKnown[] = {"BPEDecoder", "ByteFallback", "ByteLevel",
                                         "CTC",        "Fuse",         "Metaspace",
                                         "Replace",    "Strip",        "WordPiece"};
  for_each_step(decoder, "decoder", "decoders", where, [&](JsonElement element) {
    const std::string_view type = type_of(element, "decoder", where);
    if (std::find(std::begin(kKnown), std::end(kKnown), type) == std::end(kKnown)) {
      refuse("decoder", type, "one of a known type", where);
    }
  });
}

void check_truncation(JsonElement truncation, std::string_view where) {
  const auto direction = json_get_or<std::string_view>(truncation, "direction", "Right", where);
  if (direction != "Right") refuse("truncation: direction", direction, "Right", where);
}

}  // namespace enlace
