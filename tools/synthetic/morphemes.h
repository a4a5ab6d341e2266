// Word parts from which synthetic clinical names are made, with their forms in several languages.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace enlace::synthetic {

/// Languages whose forms are written out; every other one spells the international stem its way.
enum Column : std::uint8_t {
  kStem,
  kEnglish,
  kSpanish,
  kPortuguese,
  kFrench,
  kItalian,
  kGerman,
  kDutch,
  kColumns
};

/// One meaning: its international stem, then its form in each written-out language.
using Morpheme = std::array<std::string_view, kColumns>;

std::span<const Morpheme> organs();      // nouns with a Greek or Latin stem: cardi, heart, …
std::span<const Morpheme> suffixes();    // what is wrong with it or done to it: itis, ectomy, …
std::span<const Morpheme> adjectives();  // acute, chronic, …
std::span<const Morpheme> heads();       // nouns that take an organ: fracture, …
std::span<const Morpheme> doses();       // forms of a medicine
std::span<const std::string_view> stems();  // prefixes and stems without a noun: hyper, leuk, …
std::span<const std::string_view> syllables();   // of invented drugs, genera and brands
std::span<const std::string_view> drug_ends();   // of invented drugs
std::span<const std::string_view> ideographs();  // UTF-8, one each

}  // namespace enlace::synthetic
