// Other names for what a mention says, from another knowledge base.
//
// What a mention says in one language or in the words of one hospital may be a name in a
// terminology with wide synonyms, whose concept has a name that the searched knowledge base has
// too: the mention "gripe", the thesaurus' concept {gripe, influenza}, the searched name
// "Influenza".
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "link/kb_parts.h"
#include "link/mention_forms.h"
#include "link/name_forms.h"

namespace enlace {

/// Texts that name what a mention says, each with the likeness, above 0 .. 1, of the mention and
/// the name of the thesaurus that led to it.
using OtherNames = std::map<TextId, float>;

/// An open knowledge base, with its changes, whose names are looked up. Const use is thread-safe.
class Thesaurus {
 public:
  /// Vectors are not needed. Throws as open_kb_folder does.
  static Thesaurus open(const std::filesystem::path& path);

  /// For each of `parts` the texts that are names of a concept of the thesaurus of which
  /// the mention is a name: by its match key or its stem key (link/name_forms.h), with a likeness
  /// of 1, or, where neither is there, by a skeleton much like its own, with the cosine of both.
  /// Texts are the same by match key or by stem key.
  ///
  /// None where a part has the mention itself as a name: what it means there is known then. Texts
  /// that no concept that counts has, or no filter allows, are among them. Cost: a search of
  /// skeletons at most, and two look-ups for every name of a concept found.
  std::vector<OtherNames> other_names(const MentionForms& mention, std::span<const KbPart> parts,
                                      NgramWorkspace& workspace) const;

 private:
  explicit Thesaurus(KbFolder folder);

  std::unique_ptr<const KbFolder> folder_;  // in one place: the parts borrow it
  std::vector<KbPart> parts_;
  NameForms forms_;
};

}  // namespace enlace
