// What a language does to the matching form of its texts: letters to respell, endings to drop.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace enlace {

/// A letter and how the matching form spells it. The letter is lower case and decomposed (NFKD):
/// what the rule sees is a text that has already been through Unicode.
struct LetterRule {
  char32_t letter;
  std::string_view spelling;
};

/// An ending of a normalised word and what the stem has in its place, where at least `min_stem`
/// bytes of the word stand before it. Rules are tried in order and the first that fits is applied,
/// once; a rule whose replacement is its ending protects a word from the rules after it.
struct SuffixRule {
  std::string_view ending;
  std::string_view replacement;
  std::uint8_t min_stem;
};

/// The rules of one language. A new language is a new row of tables, never new code.
struct LanguageTable {
  std::string_view tag;  // BCP 47 primary subtag, lower case; empty for the base table
  std::span<const LetterRule> letters;  // beyond those of the base table
  std::span<const SuffixRule> endings;
};

/// The rules for texts of every language, or of one that is not known: letters that Unicode does
/// not decompose and that are safely spelt out everywhere, and cautious endings.
const LanguageTable& base_language_table() noexcept;

/// The table of `language`, a BCP 47 tag of which only the primary subtag counts ("es", "es-MX",
/// "PT_br"); the base table if there is none.
const LanguageTable& language_table(std::string_view language) noexcept;

/// All tables but the base table.
std::span<const LanguageTable> language_tables() noexcept;

}  // namespace enlace
