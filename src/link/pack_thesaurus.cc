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
#include "link/proposals.h"

namespace enlace {
namespace {

using Hashes = std::vector<std::uint64_t>;

void sort_distinct(Hashes& hashes) {
  std::ranges::sort(hashes);
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

/// The hashes of the stem keys of a concept's names, rising.
Hashes hashes_of(const KnowledgeBase& kb, ConceptId concept_id, const NameForms& forms) {
  Hashes hashes;
  std::string key;
  for (const TextId text : texts_of_concept(kb, concept_id)) {
    forms.stems(kb.text(text), key);
    if (!key.empty()) hashes.push_back(hash_bytes(key));
  }
  sort_distinct(hashes);
  return hashes;
}

/// By concept, of those with two names or more, in the order of these: equal names give equal
/// bytes, whatever order they were read in.
std::vector<Hashes> names_by_concept(const KbFolder& folder, const Progress& progress) {
  const NameForms forms;
  std::vector<Hashes> concepts;
  for (const KbPart& part : searchable_parts(folder, {})) {
    const KnowledgeBase& kb = part.folder->kb;
    for (std::uint32_t i = 0; i < kb.concept_count(); ++i) {
      if (i % 4096 == 0) progress.tell("packing names", i, kb.concept_count());
      if (!part.counts(ConceptId(i))) continue;
      Hashes hashes = hashes_of(kb, ConceptId(i), forms);
      if (hashes.size() > 1) concepts.push_back(std::move(hashes));
    }
  }
  std::ranges::sort(concepts);
  concepts.erase(std::unique(concepts.begin(), concepts.end()), concepts.end());
  return concepts;
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
  const std::vector<Hashes> concepts = names_by_concept(open_kb_folder(kb), progress);
  if (concepts.empty()) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}: expected a concept with two names or more, found none", kb.string());
  }
  Hashes hashes;
  for (const Hashes& one : concepts) hashes.insert(hashes.end(), one.begin(), one.end());
  sort_distinct(hashes);
  std::vector<std::uint32_t> starts{0}, names;
  for (const Hashes& one : concepts) {
    for (const std::uint64_t hash : one) {
      names.push_back(std::uint32_t(std::ranges::lower_bound(hashes, hash) - hashes.begin()));
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
