// The parts of a tokenizer.json, each read by one function. Every function throws as
// parse_tokenizer does; `where` opens the messages.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "io/json.h"
#include "text/tokenizer.h"

namespace enlace {

/// "normalizer", which may be null: appends its steps.
void read_text_steps(JsonElement normalizer, std::string_view where, TextSteps& steps);

/// "pre_tokenizer", which may be null: appends its steps.
void read_word_steps(JsonElement pre_tokenizer, std::string_view where, WordSteps& steps);

/// "model".
std::unique_ptr<const SubwordModel> read_model(JsonElement model, std::string_view where);

/// "added_tokens". Their ids are those of `model` where it has the content; the others follow it.
std::vector<AddedToken> read_added_tokens(simdjson::dom::array tokens, const SubwordModel& model,
                                          std::string_view where);

/// "post_processor", which may be null: sets parts.prefix and parts.suffix. Requires the model and
/// the added tokens in `parts`.
void read_special_tokens(JsonElement post_processor, std::string_view where, TokenizerParts& parts);

/// The member `key`, which must be there and an object.
JsonElement object_at(JsonElement object, std::string_view key, std::string_view where);

/// The component's "type".
std::string_view type_of(JsonElement component, std::string_view what, std::string_view where);

/// Throws Error(kUnsupported): a component of this type is not known. Type names come from a closed
/// list of the reference library; one that does not look like a name is not repeated.
[[noreturn]] void refuse(std::string_view what, std::string_view type, std::string_view expected,
                         std::string_view where);

}  // namespace enlace
