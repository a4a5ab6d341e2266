#include "link/folded_kb.h"

#include <algorithm>
#include <vector>

#include "io/publish.h"
#include "kb/concepts_writer.h"
#include "kb/copy_concept.h"

namespace enlace {
namespace {

constexpr ConceptId kPerReport = 4096;  // concepts between two words of progress

KnowledgeBase written(const KbDraft& draft, const std::filesystem::path& path) {
  write_concepts(draft, path);
  try {
    KnowledgeBase kb = KnowledgeBase::open(path);
    std::filesystem::remove(path);
    return kb;
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    throw;
  }
}

}  // namespace

KbDraft folded_draft(const KbFolder& folder, const Progress& progress) {
  const ChangedKb changed = changed_kb(folder);
  KbDraft draft;
  std::vector<SourceReport> reports(1);
  draft.begin_source();
  for (ConceptId c = 0; c < folder.kb.concept_count(); ++c) {
    if (c % kPerReport == 0) progress.tell("copying concepts", c, folder.kb.concept_count());
    const bool counts =
        !std::binary_search(changed.superseded.begin(), changed.superseded.end(), c);
    if (counts) copy_concept(folder.kb, c, draft, reports[0]);
  }
  if (changed.added != nullptr) {
    for (ConceptId c = 0; c < changed.added->concept_count(); ++c) {
      copy_concept(*changed.added, c, draft, reports[0]);
    }
    copy_former_codes(*changed.added, draft);
  }
  copy_former_codes(folder.kb, draft);
  draft.settle(reports);
  return draft;
}

FoldedKb::FoldedKb(const KbFolder& folder, const std::filesystem::path& scratch,
                   const Progress& progress)
    : base_(folder.kb) {
  if (folder.changes) folded_ = written(folded_draft(folder, progress), staging_beside(scratch));
}

}  // namespace enlace
