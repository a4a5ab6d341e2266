#include "concept_sources.h"

#include "sctid.h"

namespace enlace::synthetic {
namespace {

constexpr Source kSources[kSourceCount] = {
    {"SNOMEDCT_US", "", 0, "PT", "SY", "SY", 9, {0.22, 0.26, 0.08, 0.02, 0.02}, 64},
    {"MSH", "D", 6, "MH", "ET", "PM", 0, {0.06, 0.03, 0.05, 0.03, 0.25}, 3},
    {"MDR", "", 8, "PT", "LLT", "LLT", 3, {0.06, 0.05, 0, 0, 0}, 2},
    {"NCI", "C", 6, "PT", "SY", "BN", 0, {0.08, 0.06, 0.06, 0.01, 0.12}, 2},
    {"ICD10CM", "S", 6, "PT", "ET", "ET", 0, {0.07, 0, 0, 0, 0}, 1},
    {"NCBI", "", 6, "SCN", "SY", "SY", 0, {0, 0, 0, 0.97, 0}, 1},
    {"RXNORM", "", 7, "SCD", "SY", "SBD", 0, {0, 0, 0.9, 0, 0.02}, 0},
    {"LNC", "LP", 6, "LN", "OSN", "OSN", 0, {0.02, 0.35, 0, 0, 0.02}, 1},
    {"CHV", "", 10, "PT", "SY", "SY", 0, {0.10, 0.08, 0.02, 0, 0}, 0},
    {"MEDCIN", "", 6, "PT", "SY", "SY", 3, {0.55, 0.25, 0.02, 0, 0}, 1},
    {"HPO", "HP:", 7, "PT", "SY", "SY", 0, {0.012, 0, 0, 0, 0}, 3},
    {"HGNC", "HGNC:", 5, "PT", "SYN", "SYN", 0, {0, 0, 0, 0, 0.65}, 0},
};

/// The vocabulary of a concept that no other has.
constexpr SourceId kOnly[] = {kMedcin, kLoinc, kRxnorm, kTaxonomy, kGenes};

}  // namespace

std::span<const Source> english_sources() {
  return kSources;
}

std::uint32_t sources_of(const Meaning& meaning) {
  Random random(mix(meaning.salt, 1));
  std::uint32_t sources = 0;
  for (std::size_t i = 0; i < kSourceCount; ++i) {
    if (chance(random, kSources[i].share[std::size_t(meaning.kind)])) sources |= 1U << i;
  }
  return sources != 0 ? sources : 1U << kOnly[std::size_t(meaning.kind)];
}

std::uint64_t code_number(std::uint64_t number, SourceId source) {
  return source == kSnomed ? sctid(number, Partition::kConcept) : number + 1000;
}

}  // namespace enlace::synthetic
