#include "link/packed_thesaurus.h"

#include <algorithm>

#include "base/error.h"
#include "base/hash.h"
#include "link/text_forms.h"

namespace enlace {
namespace {

/// The number of a name or a concept, and what its highest bit says.
std::uint32_t number_of(std::uint32_t word) noexcept {
  return word & ~kLooseBit;
}
bool is_loose(std::uint32_t word) noexcept {
  return (word & kLooseBit) != 0;
}

}  // namespace

PackedThesaurus::PackedThesaurus(const std::filesystem::path& path)
    : file_(SectionFile::open(path, "synonyms")),
      hashes_(file_.array<std::uint64_t>("hashes")),
      starts_(file_.array<std::uint32_t>("starts")),
      names_(file_.array<std::uint32_t>("names")) {
  check();
  gather_concepts();
}

void PackedThesaurus::check() const {
  const bool holds = !starts_.empty() && starts_.front() == 0 && starts_.back() == names_.size() &&
                     std::ranges::is_sorted(starts_) && std::ranges::is_sorted(hashes_) &&
                     starts_.size() <= kLooseBit && hashes_.size() <= kLooseBit &&
                     std::ranges::all_of(names_, [&](std::uint32_t name) {
                       return number_of(name) < hashes_.size();
                     });
  if (!holds) {
    throw Error(ErrorKind::kCorrupt, "{}: expected sections that agree", file_.name());
  }
}

/// Turns the lists of names by concept into lists of concepts by name.
void PackedThesaurus::gather_concepts() {
  concept_starts_.assign(hashes_.size() + 1, 0);
  for (const std::uint32_t name : names_) ++concept_starts_[number_of(name) + 1];
  for (std::size_t i = 1; i < concept_starts_.size(); ++i) {
    concept_starts_[i] += concept_starts_[i - 1];
  }
  concepts_.resize(names_.size());
  std::vector<std::uint32_t> next(concept_starts_.begin(), concept_starts_.end() - 1);
  for (std::uint32_t concept_id = 0; concept_id + 1 < starts_.size(); ++concept_id) {
    for (std::uint32_t i = starts_[concept_id]; i < starts_[concept_id + 1]; ++i) {
      concepts_[next[number_of(names_[i])]++] = concept_id | (names_[i] & kLooseBit);
    }
  }
}

/// The hashes of all names of the concepts of which the mention is a name, with their likeness.
std::map<std::uint64_t, float> PackedThesaurus::hashes_said(const MentionForms& mention) const {
  std::map<std::uint64_t, float> said;
  if (mention.stems.empty()) return said;
  const std::uint64_t own = hash_bytes(mention.stems);
  const auto found = std::ranges::lower_bound(hashes_, own);
  if (found == hashes_.end() || *found != own) return said;
  const auto name = std::size_t(found - hashes_.begin());
  for (std::uint32_t i = concept_starts_[name]; i < concept_starts_[name + 1]; ++i) {
    const std::uint32_t concept_id = number_of(concepts_[i]);
    for (std::uint32_t n = starts_[concept_id]; n < starts_[concept_id + 1]; ++n) {
      keep_higher(said, hashes_[number_of(names_[n])],
                  likeness_of(is_loose(concepts_[i])) * likeness_of(is_loose(names_[n])));
    }
  }
  return said;
}

std::vector<OtherNames> PackedThesaurus::look_up(const MentionForms& mention,
                                                 std::span<const KbPart> parts,
                                                 NgramWorkspace& /*workspace*/) const {
  const auto said = hashes_said(mention);
  std::vector<OtherNames> others;
  for (const KbPart& part : parts) {
    OtherNames& texts = others.emplace_back();
    const auto stems = text_forms(part.folder->kb, forms_, &NameForms::stems);
    for (const auto& [hash, likeness] : said) {
      for (const TextId text : part.folder->stems.find_hash(hash, stems)) {
        keep_higher(texts, text, likeness);
      }
    }
  }
  return others;
}

}  // namespace enlace
