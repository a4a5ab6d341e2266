// A knowledge base as a folder of files that were made together.
//
//   manifest.json        what it was built from, and the fingerprint of every file
//   (link/manifest.h) concepts.enlace      codes, names, hierarchy (kb/knowledge_base.h)
//   exact.enlace         the texts by their match keys (index/key_index.h)
//   stems.enlace         the texts by their stem keys
//   ngrams.enlace        the distinct normalised texts as n-grams (index/ngram_index.h)
//   ngrams.texts.enlace
//   skeletons.enlace     the distinct skeletons of the match keys (text/skeleton.h) as trigrams
//   skeletons.texts.enlace
//   vectors.enlace       the embedding of every text, row = text id (index/flat_index.h); only if
//                        it was built with a model
//   isotropy.enlace      a second view of the vectors (index/isotropic_view.h), a group a concept
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "index/flat_index.h"
#include "index/isotropic_view.h"
#include "index/key_index.h"
#include "index/ngram_index.h"
#include "kb/knowledge_base.h"
#include "link/manifest.h"
#include "link/text_map.h"

namespace enlace {

namespace kb_files {
inline constexpr std::string_view kConcepts = "concepts.enlace";
inline constexpr std::string_view kExact = "exact.enlace";
inline constexpr std::string_view kStems = "stems.enlace";
inline constexpr std::string_view kNgrams = "ngrams.enlace";
inline constexpr std::string_view kNgramsTexts = "ngrams.texts.enlace";
inline constexpr std::string_view kSkeletons = "skeletons.enlace";
inline constexpr std::string_view kSkeletonsTexts = "skeletons.texts.enlace";
inline constexpr std::string_view kVectors = "vectors.enlace";
inline constexpr std::string_view kIsotropy = "isotropy.enlace";
}  // namespace kb_files

/// An index over forms of texts, and the way back to the texts.
template <class Index>
struct FormIndex {
  Index forms;
  TextMap texts;
};

/// The opened parts. Const use is thread-safe; views live as long as this.
struct KbFolder {
  std::filesystem::path path;
  Manifest manifest;
  KnowledgeBase kb;
  KeyIndex exact;
  KeyIndex stems;
  FormIndex<NgramIndex> ngrams;
  FormIndex<NgramIndex> skeletons;
  std::optional<FlatIndex> vectors;
  std::optional<IsotropicView> isotropy;  // there if the vectors are
};

/// Opens the knowledge base in `path`. Reads the manifest and what steers reads, not the texts and
/// vectors themselves.
/// Throws Error: kNotFound if it is no knowledge base or a file is missing; kCorrupt if a part is
/// damaged, or not made from the same concepts as the others; kUnsupported for another version.
KbFolder open_kb_folder(const std::filesystem::path& path);

/// Reads every byte of every file. Throws as open_kb_folder does, also if the folder holds a file
/// that the manifest does not name.
void verify_kb_folder(const std::filesystem::path& path);

/// What the vectors are made from: the texts and the model together.
std::uint64_t vectors_made_from(std::uint64_t concepts, std::uint64_t model) noexcept;

}  // namespace enlace
