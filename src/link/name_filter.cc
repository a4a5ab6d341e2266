#include "link/name_filter.h"

#include <algorithm>

#include "base/error.h"
#include "kb/language_tag.h"

namespace enlace {
namespace {

constexpr std::uint32_t kShownChoices = 20;

bool same(std::string_view value, std::string_view want) {
  return value == want;
}

/// How a wanted value is compared with one of the knowledge base.
using Matches = bool (*)(std::string_view value, std::string_view want);

/// A flag per value of `table`: whether it is wanted. All are if nothing is.
std::vector<bool> wanted_values(const ValueTable& table, const std::vector<std::string>& wanted,
                                Matches matches) {
  std::vector<bool> flags(table.values.size(), wanted.empty());
  for (std::uint32_t value = 0; value < table.values.size(); ++value) {
    for (const std::string& want : wanted) {
      if (matches(table.values[value], want)) flags[value] = true;
    }
  }
  return flags;
}

/// A flag per concept: whether it is at or below one of `roots`.
std::vector<bool> concepts_below(const KnowledgeBase& kb, const std::vector<std::string>& roots) {
  std::vector<bool> flags(kb.concept_count(), roots.empty());
  for (const std::string& code : roots) {
    const auto root = kb.find(code);
    if (!root) continue;
    for (const ConceptId below : kb.descendants(*root)) flags[below] = true;
  }
  return flags;
}

/// Throws unless each of `wanted` is a value of one of the tables.
void require_values(std::span<const ValueTable* const> tables,
                    const std::vector<std::string>& wanted, Matches matches,
                    std::string_view what) {
  for (const std::string& want : wanted) {
    std::string choices;
    bool known = false;
    for (const ValueTable* table : tables) {
      for (std::uint32_t value = 0; value < table->values.size() && !known; ++value) {
        known = matches(table->values[value], want);
        if (value >= kShownChoices) continue;
        choices += choices.empty() ? "" : ", ";
        choices += table->values[value];
      }
    }
    if (known) continue;
    throw Error(ErrorKind::kInvalidArgument, "filter: expected a {} among {}; found {}", what,
                choices, want);
  }
}

}  // namespace

void require_known(const NameFilter& filter, const ChangedKb& changed) {
  std::vector<const ValueTable*> languages, sources, types;
  for (const KnowledgeBase* kb : {changed.base, changed.added}) {
    if (kb == nullptr) continue;
    languages.push_back(&kb->languages());
    sources.push_back(&kb->sources());
    types.push_back(&kb->types());
  }
  require_values(languages, filter.languages, language_matches, "language");
  require_values(sources, filter.sources, same, "source");
  require_values(types, filter.types, same, "type");
  for (const std::string& code : filter.subtrees) {
    if (!find_concept(changed, code)) {
      throw Error(ErrorKind::kNotFound, "filter: expected a code, found {}", code);
    }
  }
}

NameScope::NameScope(const KnowledgeBase& kb, const NameFilter& filter,
                     std::span<const ConceptId> superseded) {
  if (filter.empty() && superseded.empty()) return;
  if (filter.empty()) {
    names_ = RowFilter::all(kb.name_count());
  } else {
    allow_filtered(kb, filter);
  }
  std::vector<TextId> texts;
  for (const ConceptId concept_id : superseded) {
    for (const NameId name : kb.names_of(concept_id)) {
      names_.forbid(name);
      texts.push_back(kb.text_of(name));
    }
  }
  if (filter.empty()) doubtful_ = std::move(texts);
}

void NameScope::allow_filtered(const KnowledgeBase& kb, const NameFilter& filter) {
  const auto languages = wanted_values(kb.languages(), filter.languages, language_matches);
  const auto sources = wanted_values(kb.sources(), filter.sources, same);
  const auto types = wanted_values(kb.types(), filter.types, same);
  const auto below = concepts_below(kb, filter.subtrees);

  names_ = RowFilter(kb.name_count());
  for (ConceptId concept_id = 0; concept_id < kb.concept_count(); ++concept_id) {
    const auto of_concept = kb.types_of(concept_id);
    const bool has_type =
        filter.types.empty() || std::any_of(of_concept.begin(), of_concept.end(),
                                            [&](std::uint32_t type) { return types[type]; });
    if (!has_type || !below[concept_id]) continue;
    for (const NameId name : kb.names_of(concept_id)) {
      const NameRow row = kb.name_row(name);
      if (languages[row.language_id] && sources[row.source_id]) names_.allow(name);
    }
  }
}

bool NameScope::allows_some_name(const KnowledgeBase& kb, TextId text) const {
  const auto names = kb.names_with_text(text);
  return std::any_of(names.begin(), names.end(), [this](NameId name) { return allows(name); });
}

RowFilter NameScope::texts(const KnowledgeBase& kb) const {
  if (everything()) return {};
  if (doubtful_) {
    RowFilter texts = RowFilter::all(kb.text_count());
    for (const TextId text : *doubtful_) {
      if (!allows_some_name(kb, text)) texts.forbid(text);
    }
    return texts;
  }
  RowFilter texts(kb.text_count());
  for (TextId text = 0; text < kb.text_count(); ++text) {
    if (allows_some_name(kb, text)) texts.allow(text);
  }
  return texts;
}

RowFilter NameScope::rows(const KnowledgeBase& kb, const EqualForms& forms) const {
  if (everything()) return {};
  if (doubtful_) {
    RowFilter rows = RowFilter::all(kb.text_count());
    for (const TextId text : *doubtful_) {
      const TextId first = forms.first_of(text);
      const auto texts = forms.all_of(first);
      const bool allowed = std::any_of(texts.begin(), texts.end(),
                                       [&](TextId each) { return allows_some_name(kb, each); });
      if (!allowed) rows.forbid(first);
    }
    return rows;
  }
  RowFilter rows(kb.text_count());
  for (TextId text = 0; text < kb.text_count(); ++text) {
    if (allows_some_name(kb, text)) rows.allow(forms.first_of(text));
  }
  return rows;
}

}  // namespace enlace
