// A knowledge base as a folder of files that were made together.
//
//   manifest.json           what it was built from, the fingerprint of every file, and which
//                           changes count (link/manifest.h)
//   concepts.enlace         codes, names, hierarchy (kb/knowledge_base.h)
//   exact.enlace            the texts by their match keys (index/key_index.h)
//   stems.enlace            the texts by their stem keys
//   ngrams.enlace           the texts as n-grams of their normalised forms (index/ngram_index.h)
//   ngrams.forms.enlace     which texts have equal normalised forms (index/equal_forms.h)
//   skeletons.enlace        the texts as trigrams of the skeletons of their match keys
//   skeletons.forms.enlace  which texts have equal skeletons
//   vectors.enlace          the embedding of every text, row = text id (index/flat_index.h); only
//                           with a model
//   isotropy.enlace         a second view of the vectors (index/isotropic_view.h), a group a
//                           concept
//   changes-N/              what `update` changed since, if anything: a folder of the same kind
//                           for the concepts added or changed, and superseded.enlace, the
//                           concepts of the base that no longer count: the section "concepts"
//                           of rising u32
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "index/equal_forms.h"
#include "index/flat_index.h"
#include "index/isotropic_view.h"
#include "index/key_index.h"
#include "index/ngram_index.h"
#include "kb/changed_kb.h"
#include "kb/knowledge_base.h"
#include "link/manifest.h"

namespace enlace {

namespace kb_files {
inline constexpr std::string_view kConcepts = "concepts.enlace";
inline constexpr std::string_view kExact = "exact.enlace";
inline constexpr std::string_view kStems = "stems.enlace";
inline constexpr std::string_view kNgrams = "ngrams.enlace";
inline constexpr std::string_view kNgramForms = "ngrams.forms.enlace";
inline constexpr std::string_view kSkeletons = "skeletons.enlace";
inline constexpr std::string_view kSkeletonForms = "skeletons.forms.enlace";
inline constexpr std::string_view kVectors = "vectors.enlace";
inline constexpr std::string_view kIsotropy = "isotropy.enlace";
inline constexpr std::string_view kSuperseded = "superseded.enlace";
inline constexpr std::string_view kChangesPrefix = "changes-";
}  // namespace kb_files

/// The texts as n-grams of a form of theirs: of texts with equal forms the first is the row.
struct FormNgrams {
  EqualForms forms;
  std::shared_ptr<const NgramIndex> ngrams;  // the weights of changes are those of the base
};

struct KbChanges;

/// The opened parts. Const use is thread-safe; views live as long as this.
struct KbFolder {
  std::filesystem::path path;
  Manifest manifest;
  KnowledgeBase kb;
  KeyIndex exact;
  KeyIndex stems;
  FormNgrams ngrams;
  FormNgrams skeletons;
  std::optional<FlatIndex> vectors;
  std::optional<IsotropicView> isotropy;     // there if the vectors are
  std::shared_ptr<const KbChanges> changes;  // null: none
};

/// A query of form `form` for one kind of n-grams of `folder`. With changes its scores compare: a
/// name has the same among them as in the base. Throws Error(kCorrupt).
NgramQuery prepare_ngrams(const KbFolder& folder, FormNgrams KbFolder::*kind,
                          std::string_view form);

/// What was changed since a knowledge base was built.
struct KbChanges {
  std::filesystem::path path;
  SectionFile superseded_file;
  std::span<const ConceptId> superseded;  // of the base, rising
  std::optional<KbFolder> added;          // none: there were only retirements
};

/// Opens a knowledge base. Cost: nearly nothing; every page is proved when it is first read.
/// Throws Error: kNotFound if `path` is no knowledge base or a file of it is missing; kCorrupt if
/// one is damaged, or is not the one that the manifest means; kUnsupported for another format.
KbFolder open_kb_folder(const std::filesystem::path& path);

/// Reads every byte. Throws as open_kb_folder does; kCorrupt too if the folder holds files that the
/// manifest does not name, but for leftovers of a killed update.
void verify_kb_folder(const std::filesystem::path& path);

/// Whether a file or folder of this name in a knowledge base may be what a killed update left
/// behind: it does not count, and the next update removes it.
bool is_leftover_of_update(std::string_view name, const Manifest& manifest);

/// The base and its changes as one.
ChangedKb changed_kb(const KbFolder& folder);

/// What the vectors are made from: the texts and the model together.
std::uint64_t vectors_made_from(std::uint64_t concepts, std::uint64_t model) noexcept;

}  // namespace enlace
