// Rows a few at a time, whose number the compiler knows: local to the files that are compiled for
// an instruction set.
#pragma once

#include <cstddef>

namespace enlace {
namespace {

constexpr std::size_t kRowsTogether = 4;

/// A number of rows as a type.
template <std::size_t kCount>
struct RowCount {
  static constexpr std::size_t value = kCount;
};

/// Calls body(first row, RowCount) for m rows, as many as go together at a time.
template <class Body>
void for_rows(std::size_t m, const Body& body) noexcept {
  std::size_t i = 0;
  for (; i + kRowsTogether <= m; i += kRowsTogether) body(i, RowCount<kRowsTogether>());
  switch (m - i) {
    case 3: return body(i, RowCount<3>());
    case 2: return body(i, RowCount<2>());
    case 1: return body(i, RowCount<1>());
    default: return;
  }
}

}  // namespace
}  // namespace enlace
