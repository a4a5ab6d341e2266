// Which rows of a training batch must not be pushed apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "kb/knowledge_base.h"
#include "text/normalizer.h"

namespace enlace {

/// Which concepts a string names, whatever its case, diacritics and spaces (Normalizer::plain).
/// Forms are told apart by 64-bit hashes: that two of some million share one is less likely than a
/// damaged disk, and would keep two rows from being negatives of one another, no more.
/// Const use is thread-safe.
class StringConcepts {
 public:
  /// Of every name of `kb`. Cost: about 12 bytes a name, twice that while it is made.
  StringConcepts(const KnowledgeBase& kb, std::size_t workers);

  /// The hash of the normalised form of `text`.
  std::uint64_t key_of(std::string_view text) const;

  /// The concepts with a name of that form, ascending; empty if there is none. O(log names).
  std::span<const ConceptId> with_key(std::uint64_t key) const noexcept;

  /// The concepts that share a form with `concept_id` of `kb`, which the names are of, without it:
  /// ascending. O(log names) a name of the concept.
  std::vector<ConceptId> twins_of(const KnowledgeBase& kb, ConceptId concept_id) const;

  /// How many forms name more than one concept.
  std::size_t ambiguous_count() const noexcept { return ambiguous_; }

 private:
  std::vector<std::uint64_t> keys_;  // of every name, ascending; each concept once a key
  std::vector<ConceptId> concepts_;  // beside them, ascending within a key
  std::size_t ambiguous_ = 0;
  Normalizer normalizer_ = Normalizer::plain();
};

/// A string of a batch and the concept it is labelled with, which need not be the one it names.
struct LabelledString {
  std::string_view text;
  ConceptId concept_id;
};

/// Fills `mask`, rows.size() squared and row by row, with 1 where rows i and j must not be
/// negatives of one another, else 0; it is symmetric, with ones on its diagonal. They must not if
///
///   (a) their normalised strings are equal, or
///   (b) some concept is among the concepts of both, those that the string names and its label, or
///   (c) the labels have a name in common: terminologies that overlap without declared mappings
///       have many concepts twice, or
///   (d) the label of one is an ancestor of the other's within `hops`.
///
/// Rows of one label are masked by (b); who draws positives from labels does not ask about them.
/// Requires concept ids of `kb`, and names made of it. Cost: rows squared for the zeroes, and what
/// there is to mask.
void fill_negative_mask(const KnowledgeBase& kb, const StringConcepts& names,
                        std::span<const LabelledString> rows, std::uint32_t hops,
                        std::span<std::uint8_t> mask);

}  // namespace enlace
