#include "link/pack_thesaurus.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "io/publish.h"
#include "io/section_file.h"
#include "link/kb_parts.h"
#include "link/name_forms.h"
#include "link/packed_thesaurus.h"

namespace enlace {
namespace {

/// A name by its hash, and whether it is loose.
struct PackedName {
  std::uint64_t hash;
  bool loose;

  auto operator<=>(const PackedName&) const = default;
};
using PackedNames = std::vector<PackedName>;

/// The names of a concept by their stem keys, rising.
PackedNames names_of(const KnowledgeBase& kb, ConceptId concept_id, const NameForms& forms) {
  PackedNames names;
  std::string key;
  for (const auto& [text, loose] : texts_and_looseness(kb, concept_id)) {
    forms.stems(kb.text(text), key);
    if (!key.empty()) names.push_back({hash_bytes(key), loose});
  }
  std::ranges::sort(names);  // of one hash the one that is not loose comes first, and stays
  const auto same = [](const PackedName& a, const PackedName& b) { return a.hash == b.hash; };
  names.erase(std::unique(names.begin(), names.end(), same), names.end());
  return names;
}

/// By concept, of those with two names or more, in the order of these: equal names give equal
/// bytes, whatever order they were read in.
std::vector<PackedNames> names_by_concept(const KbFolder& folder, const Progress& progress) {
  const NameForms forms;
  std::vector<PackedNames> concepts;
  for (const KbPart& part : searchable_parts(folder, {})) {
    const KnowledgeBase& kb = part.folder->kb;
    for (std::uint32_t i = 0; i < kb.concept_count(); ++i) {
      if (i % 4096 == 0) progress.tell("packing names", i, kb.concept_count());
      if (!part.counts(ConceptId(i))) continue;
      PackedNames names = names_of(kb, ConceptId(i), forms);
      if (names.size() > 1) concepts.push_back(std::move(names));
    }
  }
  std::ranges::sort(concepts);
  concepts.erase(std::unique(concepts.begin(), concepts.end()), concepts.end());
  return concepts;
}

/// The hashes of all names, rising.
std::vector<std::uint64_t> hashes_of(const std::vector<PackedNames>& concepts) {
  std::vector<std::uint64_t> hashes;
  for (const PackedNames& names : concepts) {
    for (const PackedName& name : names) hashes.push_back(name.hash);
  }
  std::ranges::sort(hashes);
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

/// Throws unless a packed thesaurus may be put at `out`: where nothing is, or another one.
void require_place(const std::filesystem::path& out) {
  const std::filesystem::path folder = out.has_parent_path() ? out.parent_path() : ".";
  if (!std::filesystem::is_directory(folder)) {
    throw Error(ErrorKind::kNotFound, "{}: expected a folder, found none", folder.string());
  }
  if (!std::filesystem::exists(out)) return;
  if (!std::filesystem::is_regular_file(out)) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected a file, found something else",
                out.string());
  }
  SectionFile::open(out, "synonyms");
}

}  // namespace

PackedCounts pack_thesaurus(const std::filesystem::path& kb, const std::filesystem::path& out,
                            const Progress& progress) {
  require_place(out);
  const std::vector<PackedNames> concepts = names_by_concept(open_kb_folder(kb), progress);
  if (concepts.empty()) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}: expected a concept with two names or more, found none", kb.string());
  }
  const std::vector<std::uint64_t> hashes = hashes_of(concepts);
  std::vector<std::uint32_t> starts{0}, names;
  for (const PackedNames& one : concepts) {
    for (const auto& [hash, loose] : one) {
      const auto number = std::ranges::lower_bound(hashes, hash) - hashes.begin();
      names.push_back(std::uint32_t(number) | (loose ? kLooseBit : 0));
    }
    starts.push_back(std::uint32_t(names.size()));
  }
  const std::filesystem::path staged = staging_beside(out);
  SectionWriter file(staged, "synonyms");
  file.add("hashes", hashes);
  file.add("starts", starts);
  file.add("names", names);
  file.finish();
  replace_file(staged, out);
  return {concepts.size(), hashes.size()};
}

}  // namespace enlace
