// The exact score of one row after another for one query: shared by the searches of an index.
#pragma once

#include <bit>
#include <cstdint>

#include "index/ngram_index.h"
#include "index/ngram_weights.h"

namespace enlace {

/// Borrows all that it is made with; one at a time for a workspace.
class NgramScorer {
 public:
  NgramScorer(const NgramIndex& index, const NgramQuery& query, const FormOf& form,
              NgramWorkspace& workspace)
      : index_(index), query_(query), form_(form), workspace_(workspace) {
    workspace_.slots.assign(std::bit_ceil(4 * query.terms.size() + 1), {0, 0});
    for (std::uint32_t term = 0; term < query.terms.size(); ++term) {
      workspace_.slots[slot_of(query.terms[term].key)] = {query.terms[term].key, term};
    }
    workspace_.counts.assign(query.terms.size(), 0);
  }

  /// Requires row < index.size().
  float score(std::uint32_t row) {
    form_(row, workspace_.form);
    return float(sum(workspace_.form)) * index_.scale(row) * query_.unit;
  }

 private:
  std::int32_t sum(std::string_view form) {
    workspace_.met.clear();
    visit_ngrams(form, index_.shape_.lengths, [&](NgramKey key, std::uint32_t) {
      const NgramWorkspace::Slot slot = workspace_.slots[slot_of(key)];
      if (slot.key != 0 && workspace_.counts[slot.term]++ == 0) {
        workspace_.met.push_back(slot.term);
      }
    });
    std::uint32_t sum = 0;  // of the weights' bits: a file that disagrees with itself may overflow
    for (const std::uint32_t term : workspace_.met) {
      const std::int32_t weight = query_.terms[term].weight;
      const std::uint32_t count = workspace_.counts[term];
      sum += static_cast<std::uint32_t>(weight);
      if (count > 1) {
        sum += static_cast<std::uint32_t>(gained(weight, gain_of(count)));
      }
      workspace_.counts[term] = 0;
    }
    return static_cast<std::int32_t>(sum);
  }

  /// The slot of `key`, or the free one where it belongs: three in four are free.
  std::size_t slot_of(NgramKey key) const noexcept {
    const auto& slots = workspace_.slots;
    std::size_t slot = key & (slots.size() - 1);
    while (slots[slot].key != 0 && slots[slot].key != key) slot = (slot + 1) & (slots.size() - 1);
    return slot;
  }

  const NgramIndex& index_;
  const NgramQuery& query_;
  const FormOf& form_;
  NgramWorkspace& workspace_;
};

}  // namespace enlace
