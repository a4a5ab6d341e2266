#include "pairs/negative_mask.h"

#include <algorithm>
#include <cassert>
#include <unordered_map>
#include <utility>

#include "base/hash.h"
#include "base/parallel.h"
#include "pairs/ancestors.h"

namespace enlace {
namespace {

constexpr std::size_t kTextsAtOnce = 65'536;

/// The rows of a batch that have a property.
template <class Property>
using RowsWith = std::unordered_map<Property, std::vector<std::uint32_t>>;

}  // namespace

StringConcepts::StringConcepts(const KnowledgeBase& kb, std::size_t workers) {
  std::vector<std::uint64_t> key_of_text(kb.text_count());
  const std::size_t blocks = (key_of_text.size() + kTextsAtOnce - 1) / kTextsAtOnce;
  parallel_for(workers, blocks, [&](std::size_t, std::size_t block) {
    const std::size_t last = std::min(key_of_text.size(), (block + 1) * kTextsAtOnce);
    std::string form;
    for (std::size_t text = block * kTextsAtOnce; text < last; ++text) {
      normalizer_.normalize(kb.text(TextId(text)), form);
      key_of_text[text] = hash_bytes(form);
    }
  });
  std::vector<std::pair<std::uint64_t, ConceptId>> entries;
  entries.reserve(kb.name_count());
  for (ConceptId id = 0; id < kb.concept_count(); ++id) {
    for (const NameId name : kb.names_of(id)) {
      entries.emplace_back(key_of_text[kb.text_of(name)], id);
    }
  }
  key_of_text = {};
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  keys_.reserve(entries.size());
  concepts_.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    keys_.push_back(entries[i].first);
    concepts_.push_back(entries[i].second);
    const bool second_of_key =
        i > 0 && keys_[i - 1] == keys_[i] && (i == 1 || keys_[i - 2] != keys_[i]);
    if (second_of_key) ++ambiguous_;
  }
}

std::uint64_t StringConcepts::key_of(std::string_view text) const {
  std::string form;
  normalizer_.normalize(text, form);
  return hash_bytes(form);
}

std::span<const ConceptId> StringConcepts::with_key(std::uint64_t key) const noexcept {
  const auto [first, last] = std::equal_range(keys_.begin(), keys_.end(), key);
  return {concepts_.data() + (first - keys_.begin()), std::size_t(last - first)};
}

std::vector<ConceptId> StringConcepts::twins_of(const KnowledgeBase& kb,
                                                ConceptId concept_id) const {
  std::vector<ConceptId> twins;
  for (const NameId name : kb.names_of(concept_id)) {
    for (const ConceptId other : with_key(key_of(kb.text(kb.text_of(name))))) {
      if (other != concept_id) twins.push_back(other);
    }
  }
  std::sort(twins.begin(), twins.end());
  twins.erase(std::unique(twins.begin(), twins.end()), twins.end());
  return twins;
}

void fill_negative_mask(const KnowledgeBase& kb, const StringConcepts& names,
                        std::span<const LabelledString> rows, std::uint32_t hops,
                        std::span<std::uint8_t> mask) {
  const std::size_t N = rows.size();
  assert(mask.size() == N * N);
  std::fill(mask.begin(), mask.end(), std::uint8_t(0));
  const auto join = [&](std::size_t i, std::size_t j) { mask[i * N + j] = mask[j * N + i] = 1; };

  RowsWith<std::uint64_t> with_key;
  RowsWith<ConceptId> with_concept, with_label;
  for (std::size_t i = 0; i < N; ++i) {
    const std::uint64_t key = names.key_of(rows[i].text);
    with_key[key].push_back(std::uint32_t(i));
    with_label[rows[i].concept_id].push_back(std::uint32_t(i));
    with_concept[rows[i].concept_id].push_back(std::uint32_t(i));
    for (const ConceptId named : names.with_key(key)) {
      if (named != rows[i].concept_id) with_concept[named].push_back(std::uint32_t(i));
    }
  }
  const auto join_all = [&](const std::vector<std::uint32_t>& group) {
    for (const std::uint32_t i : group) {
      for (const std::uint32_t j : group) join(i, j);
    }
  };
  for (const auto& entry : with_key) join_all(entry.second);
  for (const auto& entry : with_concept) join_all(entry.second);
  for (const auto& [label, labelled] : with_label) {
    const auto join_with = [&, &rows_of_label = labelled](ConceptId other) {
      const auto others = with_label.find(other);
      if (others == with_label.end()) return;
      for (const std::uint32_t i : rows_of_label) {
        for (const std::uint32_t j : others->second) join(i, j);
      }
    };
    for (const ConceptId twin : names.twins_of(kb, label)) join_with(twin);
    for (const Ancestor& above : ancestors_within(kb, label, hops)) join_with(above.concept_id);
  }
}

}  // namespace enlace
