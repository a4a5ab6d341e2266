#include "kb/changed_kb.h"

#include <algorithm>

namespace enlace {
namespace {

constexpr std::size_t kLongestChain = 16;  // of former codes

/// The code that a former code leads to, which may be no concept any more.
std::optional<std::string_view> former_target(const ChangedKb& kb, std::string_view code) {
  for (const KnowledgeBase* part : {kb.added, kb.base}) {
    if (part == nullptr) continue;
    if (const auto concept_id = part->find_former(code)) return part->code(*concept_id);
  }
  return std::nullopt;
}

}  // namespace

std::optional<ConceptPlace> find_concept(const ChangedKb& kb, std::string_view code) {
  if (kb.added != nullptr) {
    if (const auto concept_id = kb.added->find(code)) return ConceptPlace{kb.added, *concept_id};
  }
  const auto concept_id = kb.base->find(code);
  if (!concept_id) return std::nullopt;
  if (std::binary_search(kb.superseded.begin(), kb.superseded.end(), *concept_id)) {
    return std::nullopt;
  }
  return ConceptPlace{kb.base, *concept_id};
}

std::optional<ConceptPlace> resolve_code(const ChangedKb& kb, std::string_view code) {
  for (std::size_t steps = 0; steps < kLongestChain; ++steps) {
    if (const auto place = find_concept(kb, code)) return place;
    const auto next = former_target(kb, code);
    if (!next) break;
    code = *next;
  }
  return std::nullopt;
}

}  // namespace enlace
