// Sorting many strings by their bytes, on several cores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace enlace {

/// The numbers 0 … count - 1 in the byte order of their strings; equal strings by number.
/// `string_of` gives the string of a number, from any thread. Does not depend on `workers`.
/// Memory: 32 bytes a string. Strings are compared by 8 bytes at a time, so that most comparisons
/// touch no string.
std::vector<std::uint32_t> sorted_order(
    std::size_t count, const std::function<std::string_view(std::uint32_t)>& string_of,
    std::size_t workers);

}  // namespace enlace
