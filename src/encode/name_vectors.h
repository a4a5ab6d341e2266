// Vectors of names and of mentions, for models that are to look past the case of letters and past
// words that say no more.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "encode/text_encoder.h"

namespace enlace {

/// As encoder.encode(), of names of a knowledge base: of their plain names (text/plain_name.h) if
/// the model's usage has plain_names, and of their lower case if it has fold_case.
void encode_names(const TextEncoder& encoder, std::span<const std::string_view> names,
                  MatrixView<float> out, std::size_t workers, const Progress& progress = {});

/// As encoder.encode(), of mentions, likewise plain. If the model's usage has fold_case, half way
/// between a mention's vector and that of its lower case, and of length 1 where the model's vectors
/// are: so a mention meets names in lower case without losing what its own case says (a German
/// noun).
void encode_mentions(const TextEncoder& encoder, std::span<const std::string_view> mentions,
                     MatrixView<float> out, std::size_t workers, const Progress& progress = {});

}  // namespace enlace
