// A knowledge base and its changes as the one that they are together.
#pragma once

#include <filesystem>
#include <optional>

#include "base/progress.h"
#include "kb/draft.h"
#include "kb/knowledge_base.h"
#include "link/kb_folder.h"

namespace enlace {

/// The concepts of `folder` that count, of the base and of its changes, settled. Throws Error:
/// kCorrupt where a file is damaged, kCancelled.
KbDraft folded_draft(const KbFolder& folder, const Progress& progress = {});

/// The concepts, names and hierarchy that `enlace compact` would make of a knowledge base, for
/// whoever wants all of them without its indexes. Without changes they are the base itself.
/// Const use is thread-safe.
class FoldedKb {
 public:
  /// Borrows `folder`. With changes, writes concepts.enlace to a new neighbour of the path
  /// `scratch` and maps it; no name of it is left behind, and its bytes are freed with this object.
  /// Throws Error: as folded_draft does, kIo. Cost, with changes: as for that part of a build.
  FoldedKb(const KbFolder& folder, const std::filesystem::path& scratch,
           const Progress& progress = {});

  const KnowledgeBase& kb() const noexcept { return folded_ ? *folded_ : base_; }

 private:
  const KnowledgeBase& base_;
  std::optional<KnowledgeBase> folded_;
};

}  // namespace enlace
