// A knowledge base as a thesaurus.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "link/thesaurus.h"

namespace enlace {

/// An open knowledge base, with its changes, whose names are looked up: by match key or stem key
/// (link/name_forms.h), with a likeness of 1, or, where neither is there, by a skeleton much like
/// the mention's own, with the cosine of both. Texts are the same by match key or by stem key.
/// Cost: a search of skeletons at most, and two look-ups for every name of a concept found.
class KbThesaurus final : public Thesaurus {
 public:
  /// Vectors are not needed. Throws as open_kb_folder does.
  explicit KbThesaurus(const std::filesystem::path& path);

 private:
  std::vector<OtherNames> look_up(const MentionForms& mention, std::span<const KbPart> parts,
                                  NgramWorkspace& workspace) const override;

  KbFolder folder_;
  std::vector<KbPart> parts_;  // borrows the folder
};

}  // namespace enlace
