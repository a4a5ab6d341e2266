#include "link/thesaurus.h"

#include "link/kb_thesaurus.h"
#include "link/known_names.h"
#include "link/packed_thesaurus.h"

namespace enlace {
std::vector<OtherNames> Thesaurus::other_names(const MentionForms& mention,
                                               std::span<const KbPart> parts,
                                               NgramWorkspace& workspace) const {
  if (is_known_name(mention, parts, forms_)) return std::vector<OtherNames>(parts.size());
  return look_up(mention, parts, workspace);
}

std::unique_ptr<const Thesaurus> open_thesaurus(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return std::make_unique<KbThesaurus>(path);
  return std::make_unique<PackedThesaurus>(path);
}

}  // namespace enlace
