#include "link/kb_parts.h"

namespace enlace {

std::vector<KbPart> searchable_parts(const KbFolder& folder, const NameFilter& filter) {
  const ChangedKb changed = changed_kb(folder);
  std::vector<const KnowledgeBase*> kbs{changed.base};
  if (changed.added != nullptr) kbs.push_back(changed.added);
  require_known(filter, kbs);
  std::vector<KbPart> parts;
  parts.push_back({&folder, NameScope(folder.kb, filter, changed.superseded), changed.superseded});
  if (changed.added != nullptr) {
    const KbFolder& added = *folder.changes->added;
    parts.push_back({&added, NameScope(added.kb, filter)});
  }
  return parts;
}

}  // namespace enlace
