// What a tokenizer is given of a text: the text as its model wants it.
#pragma once

#include <string>
#include <string_view>

#include "encode/model_usage.h"

namespace enlace {

/// Makes `prepared` the prefix and `text`, lowered if the usage says so. What is not UTF-8 stays as
/// it is: the tokenizer will refuse it.
void prepare_text(const ModelUsage& usage, std::string_view text, std::string& prepared);

}  // namespace enlace
