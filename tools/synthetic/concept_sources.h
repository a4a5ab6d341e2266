// Which vocabularies name an invented concept, and how they call themselves.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "concept_names.h"

namespace enlace::synthetic {

/// A vocabulary in English.
struct Source {
  std::string_view name;  // SAB
  std::string_view code_prefix;
  std::uint8_t code_digits;
  std::string_view preferred, synonym, brand;  // term types
  std::uint8_t restriction;                    // SRL
  double share[5];                             // of the concepts, by Kind
  double hierarchy;  // how many paths to the root a concept has at most; 0: no hierarchy
};

enum SourceId : std::uint8_t {
  kSnomed,
  kMsh,
  kMeddra,
  kNci,
  kIcd10cm,
  kTaxonomy,
  kRxnorm,
  kLoinc,
  kConsumer,
  kMedcin,
  kHpo,
  kGenes,
  kSourceCount
};

std::span<const Source> english_sources();

/// A bit per SourceId; never none.
std::uint32_t sources_of(const Meaning& meaning);
inline bool has(std::uint32_t sources, SourceId id) {
  return (sources >> id & 1U) != 0;
}

/// The number in the code that `source` gives concept `number`.
std::uint64_t code_number(std::uint64_t number, SourceId source);

/// Whether SNOMED CT has retired a concept that it names.
inline bool retired_in_snomed(const Meaning& meaning) {
  return (meaning.salt >> 20) % 5 == 0;
}

}  // namespace enlace::synthetic
