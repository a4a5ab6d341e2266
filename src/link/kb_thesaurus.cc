#include "link/kb_thesaurus.h"

#include <algorithm>
#include <string>

#include "link/text_forms.h"

namespace enlace {
namespace {

// Of the skeletons most like the mention's, how many are looked at and how like they have to be.
constexpr std::size_t kMostAlike = 4;
constexpr float kLeastLikeness = 0.8F;

/// A name by its keys, and how like the mention the name was that led to it.
struct SaidName {
  std::string exact, stems;
  float likeness;
};

/// The texts of `folder` with the match key or the stem key of one of `names`.
OtherNames texts_with(std::span<const SaidName> names, const KbFolder& folder,
                      const NameForms& forms) {
  OtherNames found;
  std::vector<std::string> keys(names.size());
  const auto look_up = [&](const KeyIndex& index, std::string SaidName::*key, NameForm form) {
    std::ranges::transform(names, keys.begin(), key);
    const auto texts = index.find(keys, text_forms(folder.kb, forms, form));
    for (std::size_t i = 0; i < names.size(); ++i) {
      for (const TextId text : texts[i]) keep_higher(found, text, names[i].likeness);
    }
  };
  look_up(folder.exact, &SaidName::exact, &NameForms::exact);
  look_up(folder.stems, &SaidName::stems, &NameForms::stems);
  return found;
}

/// The texts of `folder` with a skeleton like that of the mention.
OtherNames texts_like(const MentionForms& mention, const KbFolder& folder, const NameForms& forms,
                      NgramWorkspace& workspace) {
  OtherNames found;
  const auto query = prepare_ngrams(folder, &KbFolder::skeletons, mention.skeleton);
  const auto skeletons = text_forms(folder.kb, forms, &NameForms::skeleton);
  for (const Neighbour& row :
       folder.skeletons.ngrams->search(query, kMostAlike, skeletons, {}, workspace)) {
    if (row.score < kLeastLikeness) break;
    for (const TextId text : folder.skeletons.forms.all_of(row.row)) {
      keep_higher(found, text, std::min(row.score, 1.0F));  // rounding may leave it a hair above
    }
  }
  return found;
}

/// All names of the concepts in `parts` of which the mention is a name.
std::vector<SaidName> names_said(const MentionForms& mention, std::span<const KbPart> parts,
                                 const NameForms& forms, NgramWorkspace& workspace) {
  const SaidName own{mention.exact, mention.stems, 1};
  std::map<std::string_view, float> texts;
  for (const KbPart& part : parts) {
    const KbFolder& folder = *part.folder;
    auto found = texts_with({&own, 1}, folder, forms);
    if (found.empty()) found = texts_like(mention, folder, forms, workspace);
    for (const auto& [text, likeness] : found) {
      for (const ConceptId concept_id : concepts_with(text, part)) {
        const auto others = texts_and_looseness(folder.kb, concept_id);
        const float reached =
            likeness * likeness_of(std::ranges::find(others, text, &TextOfConcept::text)->loose);
        for (const auto& [other, loose] : others) {
          keep_higher(texts, folder.kb.text(other), reached * likeness_of(loose));
        }
      }
    }
  }
  std::vector<SaidName> names;
  for (const auto& [text, likeness] : texts) {
    SaidName& name = names.emplace_back(SaidName{{}, {}, likeness});
    forms.exact(text, name.exact);
    forms.stems(text, name.stems);
  }
  return names;
}

}  // namespace

KbThesaurus::KbThesaurus(const std::filesystem::path& path)
    : folder_(open_kb_folder(path)), parts_(searchable_parts(folder_, {})) {}

std::vector<OtherNames> KbThesaurus::look_up(const MentionForms& mention,
                                             std::span<const KbPart> parts,
                                             NgramWorkspace& workspace) const {
  const std::vector<SaidName> names = names_said(mention, parts_, forms_, workspace);
  std::vector<OtherNames> others;
  for (const KbPart& part : parts) others.push_back(texts_with(names, *part.folder, forms_));
  return others;
}

}  // namespace enlace
