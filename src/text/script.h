// The writing systems of characters, as far as a vocabulary's alphabet is a matter of them.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace enlace {

/// kCommon is what every script uses: digits, punctuation, symbols, combining marks; and the
/// letters of scripts that are not here.
enum class Script : std::uint8_t {
  kCommon,
  kLatin,
  kGreek,
  kCyrillic,
  kArmenian,
  kHebrew,
  kArabic,
  kSyriac,
  kDevanagari,
  kBengali,
  kGurmukhi,
  kGujarati,
  kOriya,
  kTamil,
  kTelugu,
  kKannada,
  kMalayalam,
  kSinhala,
  kThai,
  kLao,
  kTibetan,
  kMyanmar,
  kGeorgian,
  kHangul,
  kEthiopic,
  kKhmer,
  kMongolian,
  kKana,
  kHan,
};

inline constexpr std::size_t kScriptCount = std::size_t(Script::kHan) + 1;

using ScriptSet = std::bitset<kScriptCount>;  // by Script

/// By the blocks of Unicode 15 that are a script's own; kKana is Hiragana, Katakana and what
/// stands with them. Any value is allowed.
Script script_of(char32_t c) noexcept;

/// "common", "latin", …, "han": the names above in lower case.
std::string_view name_of(Script script) noexcept;

/// The script of that name; nothing if there is none.
std::optional<Script> script_named(std::string_view name) noexcept;

}  // namespace enlace
