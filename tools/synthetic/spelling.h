// The languages of a synthetic terminology, and how each spells an international stem.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "morphemes.h"

namespace enlace::synthetic {

enum class Script : std::uint8_t {
  kLatin,
  kCyrillic,
  kGreek,
  kHebrew,
  kArabic,
  kHangul,
  kIdeographs
};

struct Language {
  std::string_view code;  // LAT of UMLS
  Column column;          // where its words are written out; kStem: spelled from the stem
  Script script;
  std::string_view of;      // between a head and its organ
  std::string_view ending;  // of an adjective made from a stem
  bool adjective_first;
  double share;  // of all names, but for ENG and SPA
};

/// In alphabetic order of their codes.
std::span<const Language> languages();
const Language& english();
const Language& spanish();

/// Appends `morpheme` as `language` writes it; an adjective if `is_adjective`.
void append_word(std::string& out, const Language& language, const Morpheme& morpheme,
                 bool is_adjective);

/// Appends a stem or an ending made of lower-case a-z.
void append_stem(std::string& out, const Language& language, std::string_view stem);

/// Whether words are set apart by blanks.
inline bool has_blanks(const Language& language) {
  return language.script != Script::kIdeographs;
}

}  // namespace enlace::synthetic
