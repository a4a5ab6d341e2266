// How a model folder wants its encoder to be used: what stands around the forward pass.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace enlace {

/// How the states of a text's tokens become one vector.
enum class Pooling {
  kMean,  // of all tokens, the special ones included
  kCls,   // the first token's state
};

/// "mean" or "cls": what enlace.json calls it.
constexpr std::string_view name_of(Pooling pooling) noexcept {
  return pooling == Pooling::kCls ? "cls" : "mean";
}

struct ModelUsage {
  std::filesystem::path encoder;  // the folder of its config.json, weights and tokenizer
  Pooling pooling = Pooling::kMean;
  std::string prefix;  // put before every text
  /// The text is lowered, prefix and all, before it is tokenized, as by str.lower() of Python: so
  /// does sentence-transformers up to version 5, later ones but for special tokens in the text.
  bool lower_case = false;
  bool normalize = true;        // vectors of length 1, so that the inner product is the cosine
  std::size_t max_tokens = 48;  // with the special ones; a longer text is cut
  /// Names of a knowledge base are embedded in lower case, mentions as they stand and in lower case
  /// (encode/name_vectors.h).
  bool fold_case = false;
  /// Of both, words such as "unspecified" or "SAI" are not embedded (text/plain_name.h).
  bool plain_names = false;
  /// How much all names of a concept together count in its score, beside the name that is most like
  /// the mention (link/dense_retriever.h): from 0 to 1.
  float concept_share = 0;
};

/// The usage that `folder` states, the defaults above where it says nothing.
///
/// In this order, the later one winning:
///
/// | file                                | states                                              |
/// | modules.json                        | of sentence-transformers: encoder's folder, pooling's |
/// | PATH/config.json                    | pooling; without modules.json that of 1_Pooling     |
/// | ENCODER/tokenizer_config.json       | with modules.json: model_max_length                 |
/// | ENCODER/sentence_bert_config.json   | max_seq_length, do_lower_case                       |
/// | config_sentence_transformers.json   | the prompt that default_prompt_name names           |
/// | enlace.json                         | our own, see below                                  |
///
///   {"pooling": "mean" | "cls", "prefix": "query: ", "normalize": true, "max_tokens": 48,
///    "fold_case": false, "plain_names": false, "concept_share": 0}
///
/// Throws Error: kCorrupt for a file that is not of that form, kUnsupported, by name, for a pooling
/// or a module that is not known: without it the vectors would be wrong.
ModelUsage read_model_usage(const std::filesystem::path& folder);

}  // namespace enlace
