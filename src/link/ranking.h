// The order of candidates.
#pragma once

#include <cstddef>
#include <vector>

#include "link/candidate.h"

namespace enlace {

/// Who comes first among candidates with equal scores: concepts that share a name, mostly.
enum class Ties {
  kShortCode,  // the shorter code, then by rising code: in SNOMED CT the long codes are extensions,
               // in ICD the subdivisions
  kCode,       // by rising code: the rule of the reference figures
};

/// The candidates as an answer: each concept once, with the best of its names; by falling score,
/// ties by `ties`; at most k of them.
///
/// Scores are compared after rounding to five decimals, so that differences below what float
/// arithmetic can tell do not decide. Of a concept's names with equal scores the first is taken,
/// which is the preferred one if it is among them, and of its readings the mention as it stands.
void rank(std::vector<Candidate>& candidates, Ties ties, std::size_t k);

/// The answers of two knowledge bases that share no concept as one, by the same order.
void merge_ranked(std::vector<Candidate>& candidates, const std::vector<Candidate>& others,
                  Ties ties, std::size_t k);

/// How many distinct concepts are among `candidates`.
std::size_t count_concepts(const std::vector<Candidate>& candidates);

}  // namespace enlace
