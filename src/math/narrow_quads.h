// How wide the quads of a column are (math/products.h).
#pragma once

#include <span>

namespace enlace {

/// The greatest sum that the values of one sign of a quad have, without their sign: not more than
/// kMostOfQuad if all quads are narrow. `column` begins a column; 0 if it is empty.
float widest_quad(std::span<const float> column);

}  // namespace enlace
