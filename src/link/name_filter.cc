#include "link/name_filter.h"

#include <algorithm>

#include "base/error.h"
#include "kb/language_tag.h"

namespace enlace {
namespace {

/// A flag per value of `table`: whether it is wanted. All are if nothing is.
template <class Matches>
std::vector<bool> wanted_values(const ValueTable& table, const std::vector<std::string>& wanted,
                                std::string_view what, const Matches& matches) {
  std::vector<bool> flags(table.values.size(), wanted.empty());
  for (const std::string& want : wanted) {
    bool known = false;
    for (std::uint32_t value = 0; value < table.values.size(); ++value) {
      if (!matches(table.values[value], want)) continue;
      flags[value] = known = true;
    }
    if (known) continue;
    std::string choices;
    for (std::uint32_t value = 0; value < std::min(table.values.size(), 20U); ++value) {
      choices += choices.empty() ? "" : ", ";
      choices += table.values[value];
    }
    throw Error(ErrorKind::kInvalidArgument, "filter: expected a {} among {}; found {}", what,
                choices, want);
  }
  return flags;
}

bool same(std::string_view value, std::string_view want) {
  return value == want;
}

/// A flag per concept: whether it is at or below one of `roots`.
std::vector<bool> concepts_below(const KnowledgeBase& kb, const std::vector<std::string>& roots) {
  std::vector<bool> flags(kb.concept_count(), roots.empty());
  for (const std::string& code : roots) {
    const auto root = kb.find(code);
    if (!root) throw Error(ErrorKind::kNotFound, "filter: expected a code, found {}", code);
    for (const ConceptId below : kb.descendants(*root)) flags[below] = true;
  }
  return flags;
}

}  // namespace

NameScope::NameScope(const KnowledgeBase& kb, const NameFilter& filter) {
  if (filter.empty()) return;
  const auto languages =
      wanted_values(kb.languages(), filter.languages, "language", language_matches);
  const auto sources = wanted_values(kb.sources(), filter.sources, "source", same);
  const auto types = wanted_values(kb.types(), filter.types, "type", same);
  const auto below = concepts_below(kb, filter.subtrees);

  names_ = RowFilter(kb.name_count());
  for (ConceptId concept_id = 0; concept_id < kb.concept_count(); ++concept_id) {
    const auto of_concept = kb.types_of(concept_id);
    const bool has_type =
        filter.types.empty() || std::any_of(of_concept.begin(), of_concept.end(),
                                            [&](std::uint32_t type) { return types[type]; });
    if (!has_type || !below[concept_id]) continue;
    for (const NameId name : kb.names_of(concept_id)) {
      const NameRow& row = kb.name_row(name);
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
  RowFilter texts(kb.text_count());
  for (TextId text = 0; text < kb.text_count(); ++text) {
    if (allows_some_name(kb, text)) texts.allow(text);
  }
  return texts;
}

RowFilter NameScope::rows(const KnowledgeBase& kb, const TextMap& texts_of_row) const {
  if (everything()) return {};
  RowFilter rows(texts_of_row.row_count());
  for (std::uint32_t row = 0; row < texts_of_row.row_count(); ++row) {
    const auto texts = texts_of_row.texts_of(row);
    if (std::any_of(texts.begin(), texts.end(),
                    [&](TextId text) { return allows_some_name(kb, text); })) {
      rows.allow(row);
    }
  }
  return rows;
}

}  // namespace enlace
