// Other names for what a mention says.
//
// What a mention says in one language or in the words of one hospital may be a name in a
// terminology with wide synonyms, whose concept has a name that the searched knowledge base has
// too: the mention "gripe", the thesaurus' concept {gripe, influenza}, the searched name
// "Influenza".
#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "link/kb_parts.h"
#include "link/mention_forms.h"
#include "link/name_forms.h"

namespace enlace {

/// Texts that name what a mention says, each with its likeness, above 0 .. 1: that of the mention
/// and the name of the thesaurus that was found for it, times those of this name and of the one
/// that led on to their concept.
using OtherNames = std::map<TextId, float>;

/// Puts `likeness` beside `key` if no higher one is there.
template <class Key>
void keep_higher(std::map<Key, float>& likenesses, const Key& key, float likeness) {
  float& kept = likenesses[key];
  kept = std::max(kept, likeness);
}

/// How like its concept a name is: of a *loose* one, which means more or less than the concept, or
/// nearly the same, kLooseLikeness.
inline constexpr float kLooseLikeness = 0.84F;
constexpr float likeness_of(bool loose) noexcept {
  return loose ? kLooseLikeness : 1;
}

/// A text of a concept's names; loose if all names with it are.
struct TextOfConcept {
  TextId text;
  bool loose;
};

/// The distinct texts of a concept's names, ascending.
std::vector<TextOfConcept> texts_and_looseness(const KnowledgeBase& kb, ConceptId concept_id);

/// Names by concept, which are looked up. Const use is thread-safe.
class Thesaurus {
 public:
  virtual ~Thesaurus() = default;

  /// For each of `parts` the texts that are names of a concept of the thesaurus of which the
  /// mention is a name. Texts that no concept that counts has, or no filter allows, may be among
  /// them. None where a part has the mention itself as a name: what it means there is known then.
  std::vector<OtherNames> other_names(const MentionForms& mention, std::span<const KbPart> parts,
                                      NgramWorkspace& workspace) const;

 protected:
  /// The same, of a mention that no part has as a name; a list for each part.
  virtual std::vector<OtherNames> look_up(const MentionForms& mention,
                                          std::span<const KbPart> parts,
                                          NgramWorkspace& workspace) const = 0;

  NameForms forms_;
};

/// A knowledge base (link/kb_thesaurus.h) if `path` is a folder, else a packed file
/// (link/packed_thesaurus.h). Throws as opening one of these does.
std::unique_ptr<const Thesaurus> open_thesaurus(const std::filesystem::path& path);

}  // namespace enlace
