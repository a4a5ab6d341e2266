// What config.json says about a model of the BERT family.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace enlace {

/// The sizes of an encoder; all within the bounds that parse_model_config states.
struct ModelConfig {
  std::size_t layers = 0;
  std::size_t hidden = 0;          // C, a multiple of heads
  std::size_t heads = 0;           // H
  std::size_t inner = 0;           // F, the feed-forward size
  std::size_t vocabulary = 0;      // V
  std::size_t positions = 0;       // rows of the position table
  std::size_t first_position = 0;  // of a sequence's first token in that table
  std::size_t types = 0;           // rows of the token type table; 0: there is none
  float epsilon = 0;               // of the layer norms
  float hidden_dropout = 0;        // rates in training
  float attention_dropout = 0;
  std::string type;  // model_type: the family's name

  /// The longest sequence, in tokens with the special ones.
  std::size_t max_tokens() const noexcept { return positions - first_position; }

  /// How many tensors the encoder is made of: the embeddings and their norm; four products, of
  /// which one is for query, key and value each, and two norms a layer.
  std::size_t tensors() const noexcept { return (types > 0 ? 5 : 4) + 16 * layers; }
};

/// Reads `text`, the content of a config.json; `where` opens every message.
///
/// model_type is bert; roberta, xlm-roberta or camembert, whose positions begin after pad_token_id;
/// or distilbert, which has other names for its sizes and no token types. Throws Error:
/// kUnsupported, by name, for another model_type, an activation other than gelu or positions that
/// are not absolute; kCorrupt for a missing field or one out of range.
ModelConfig parse_model_config(std::string_view text, std::string_view where);

/// The same of the config.json in `folder`. Throws as MappedFile does, too.
ModelConfig read_model_config(const std::filesystem::path& folder);

}  // namespace enlace
