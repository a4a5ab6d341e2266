// Identifiers of SNOMED CT as numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace enlace {

/// The number that `text` is: 6 to 18 digits, the first not 0; nothing if it is anything else, as
/// what spreadsheets make of long numbers.
std::optional<std::uint64_t> parse_sctid(std::string_view text) noexcept;

/// Whether the last digit is the check digit of those before it (Verhoeff 1969). Requires digits.
bool has_check_digit(std::string_view sctid) noexcept;

}  // namespace enlace
