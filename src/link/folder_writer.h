// Writing the files of a knowledge base folder.
#pragma once

#include <filesystem>
#include <optional>

#include "base/progress.h"
#include "encode/text_encoder.h"
#include "kb/draft.h"
#include "link/kb_folder.h"
#include "link/name_forms.h"
#include "link/stage_clock.h"

namespace enlace {

/// Texts and the vectors that a model gave them already. Borrows both.
struct KnownVectors {
  const KnowledgeBase* kb;
  const FlatIndex* vectors;
};

/// Writes the files of one folder, which is there, and lists them in its manifest. Call the members
/// in their order. All throw Error: kIo, kCancelled, and as what they call does. Equal input gives
/// equal files, whatever the workers.
class FolderWriter {
 public:
  /// Borrows all but the path.
  FolderWriter(std::filesystem::path folder, Manifest& manifest, std::size_t workers,
               const Progress& progress, StageClock* clock = nullptr)
      : folder_(std::move(folder)),
        manifest_(manifest),
        workers_(workers),
        progress_(progress),
        clock_(clock) {}

  /// concepts.enlace, of a settled draft.
  void concepts(const KbDraft& draft);

  /// The indexes of the texts by their forms. `kb` is concepts.enlace, open. With `base`, n-grams
  /// have the weights that they have there, so that the scores of both compare. With two workers or
  /// more, two indexes are made at once, since neither has work for all workers at all times; the
  /// seconds of their files then overlap.
  void indexes(const KnowledgeBase& kb, const KbFolder* base = nullptr);

  /// The embedding of every text. Those that one of `known` has too are taken from there. Gives
  /// the number of those.
  std::uint32_t vectors(const KnowledgeBase& kb, const TextEncoder& encoder,
                        std::span<const KnownVectors> known);

  /// The view of the vectors in which the texts of a concept are a group; with what was learnt from
  /// other vectors, if `learnt` is given.
  void isotropy(const KnowledgeBase& kb, const IsotropicView* learnt = nullptr);

  /// superseded.enlace of a folder of changes.
  void superseded(std::span<const ConceptId> concepts, std::uint64_t base);

 private:
  struct Written;
  class IndexLane;

  std::uint32_t embed_block(const KnowledgeBase& kb, const TextEncoder& encoder,
                            std::span<const KnownVectors> known, TextId first,
                            MatrixView<float> rows) const;
  void list(std::string_view name, std::uint64_t fingerprint);
  void add_to_manifest(const Written& file);
  Progress within_block(TextId first, TextId count) const;

  NameForms forms_;
  std::filesystem::path folder_;
  Manifest& manifest_;
  std::size_t workers_;
  const Progress& progress_;
  StageClock* clock_;  // hears of every file; may be null
};

}  // namespace enlace
