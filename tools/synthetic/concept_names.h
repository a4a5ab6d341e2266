// Invented concepts and their names: a concept is a few word parts, a name spells them.
#pragma once

#include <cstdint>
#include <string>

#include "base/random.h"
#include "spelling.h"

namespace enlace::synthetic {

enum class Kind : std::uint8_t { kDisorder, kProcedure, kDrug, kOrganism, kChemical };

/// Everything that its names say. Equal for equal (seed, number).
struct Meaning {
  Kind kind;
  std::uint8_t shape;  // 0: a compound such as nephritis; 1: a head and an organ
  std::uint8_t organ, organ2, suffix, head, stem;
  std::uint8_t adjectives;  // how many, up to 3
  std::uint8_t adjective[3];
  std::uint8_t more;   // further clauses, seldom over 2
  std::uint64_t salt;  // for invented words and numbers
};

Meaning describe(std::uint64_t seed, std::uint64_t number);

/// How a name is written.
enum class Style : std::uint8_t {
  kPlain,        // acute nephritis of left kidney
  kInverted,     // nephritis of left kidney, acute
  kCommon,       // with the common word for the compound's organ
  kUnspecified,  // …, NOS
  kUpper,
  kLower,
  kBritish,
  kShort,  // initials
  kBrand,  // of drugs
};

/// Appends a name of `meaning`. `out` gains at least one character, no '|', tab or line end.
void append_name(std::string& out, const Meaning& meaning, const Language& language, Style style);

/// Appends a sentence or more that speaks of `meaning`, in English.
void append_definition(std::string& out, const Meaning& meaning);

/// The word in brackets at the end of a fully specified name.
std::string_view semantic_tag(Kind kind);

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  return Random(a ^ Random(b + 0x5851F42D4C957F2DU).next()).next();
}

/// Whether something of probability `p` happens.
inline bool chance(Random& random, double p) {
  return double(random.next() >> 11) * 0x1p-53 < p;
}

}  // namespace enlace::synthetic
