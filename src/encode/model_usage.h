// How a model folder wants its encoder to be used: what stands around the forward pass.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace enlace {

/// How the states of a text's tokens become one vector.
enum class Pooling {
  kMean,  // of all tokens, the special ones included
  kCls,   // the first token's state
};

struct ModelUsage {
  Pooling pooling = Pooling::kMean;
  std::string prefix;           // put before every text
  bool normalize = true;        // vectors of length 1, so that the inner product is the cosine
  std::size_t max_tokens = 48;  // with the special ones; a longer text is cut
};

/// The usage that `folder` states, the defaults above where it says nothing.
///
/// In this order, the later one winning: the pooling of the module list of sentence-transformers
/// (modules.json, <pooling module>/config.json), its default prompt
/// (config_sentence_transformers.json), and our own enlace.json:
///   {"pooling": "mean" | "cls", "prefix": "query: ", "normalize": true, "max_tokens": 48}
/// Throws Error: kCorrupt for a file that is not of that form, kUnsupported for a pooling or a
/// module that is not known: without it the vectors would be wrong.
ModelUsage read_model_usage(const std::filesystem::path& folder);

}  // namespace enlace
