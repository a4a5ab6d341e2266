// Names as people write them: training on them makes a model indifferent to case and accents.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "text/normalizer.h"

namespace enlace {

/// Makes `out` a variant of `text` that means the same: of ten, seven are in lower case, one is in
/// upper case, and two are bare, in lower case and without accents if all letters are Latin. `bare`
/// is Normalizer::plain(). `out` is replaced, keeps its capacity, and must not hold `text`. The
/// result depends on `text` and `random` alone. Text that is not UTF-8 gives an unspecified result,
/// but is safe.
void vary_text(std::string_view text, const Normalizer& bare, Random& random, std::string& out);

}  // namespace enlace
