// The parts of a tokenizer.json, each read by one function. Every function throws as
// parse_tokenizer does; `where` opens the messages.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "io/json.h"
#include "text/tokenizer.h"
#include "text/tokenizer_config.h"

namespace enlace {

/// "normalizer", which may be null: appends its steps. Of BERT's, `config` may say otherwise.
void read_text_steps(JsonElement normalizer, const TokenizerConfig& config, std::string_view where,
                     TextSteps& steps);

/// "pre_tokenizer", which may be null: appends its steps. Of RoBERTa's, `config` may say otherwise.
void read_word_steps(JsonElement pre_tokenizer, const TokenizerConfig& config,
                     std::string_view where, WordSteps& steps);

/// "model".
std::unique_ptr<const SubwordModel> read_model(JsonElement model, std::string_view where);

/// Merge `number`, from 1, of a BPE model, given as "a b" or ["a", "b"]: its two entries.
std::pair<std::string_view, std::string_view> read_merge(JsonElement element, std::size_t number,
                                                         std::string_view where);

/// "added_tokens". Their ids are those of `model` where it has the content; the others follow it.
std::vector<AddedToken> read_added_tokens(simdjson::dom::array tokens, const SubwordModel& model,
                                          std::string_view where);

/// The added tokens of `config` that `parts` does not have, after all others, as transformers adds
/// them.
void add_configured_tokens(const TokenizerConfig& config, TokenizerParts& parts);

/// "post_processor", which may be null: puts its ids around parts.prefix and parts.suffix and sets
/// parts.trim. Requires the model and the added tokens in `parts`.
void read_special_tokens(JsonElement post_processor, std::string_view where, TokenizerParts& parts);

/// "decoder", which may be null and is not used: refuses one of an unknown type.
void check_decoder(JsonElement decoder, std::string_view where);

/// "truncation": its length is the caller's business; refuses one that cuts the beginning.
void check_truncation(JsonElement truncation, std::string_view where);

}  // namespace enlace
