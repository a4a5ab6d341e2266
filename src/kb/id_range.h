// A run of consecutive ids, to loop over.
#pragma once

#include <cstddef>
#include <cstdint>

namespace enlace {

/// The ids first, first + 1, … up to but not including last.
struct IdRange {
  std::uint32_t first = 0, last = 0;

  struct Iterator {
    std::uint32_t id;
    std::uint32_t operator*() const noexcept { return id; }
    Iterator& operator++() noexcept {
      ++id;
      return *this;
    }
    bool operator==(const Iterator&) const noexcept = default;
  };
  Iterator begin() const noexcept { return {first}; }
  Iterator end() const noexcept { return {last}; }
  std::size_t size() const noexcept { return last - first; }
  bool empty() const noexcept { return first == last; }
};

}  // namespace enlace
