#include "pairs/term_reader.h"

#include <algorithm>

#include "base/ascii.h"
#include "pairs/name_tag.h"
#include "text/lower_case.h"

namespace enlace {
namespace {

constexpr std::string_view kTradeName = "TRADENAME";

/// The source's own word for the kind of a name; empty where names do not keep it.
template <class AnyName>
std::string_view term_type_of(const AnyName& name) noexcept {
  if constexpr (requires { name.term_type; }) {
    return name.term_type;
  } else {
    return {};
  }
}

NameFilter without_languages(NameFilter filter) {
  filter.languages.clear();
  return filter;
}

}  // namespace

NameTally& NameTally::operator+=(const NameTally& other) noexcept {
  taken += other.taken;
  not_writable += other.not_writable;
  other_scope += other.other_scope;
  empty += other.empty;
  return *this;
}

bool is_writable_field(std::string_view text) noexcept {
  return text.find_first_of("\t\n\r") == text.npos && text.find("||") == text.npos &&
         !text.ends_with('|');
}

TermReader::TermReader(const KnowledgeBase& kb, const PairRecipe& recipe)
    : kb_(kb),
      recipe_(recipe),
      scope_(kb, recipe.names),
      any_language_(recipe.trade_names ? NameScope(kb, without_languages(recipe.names)) : scope_) {
  for (std::uint32_t id = 0; id < kb.sources().values.size(); ++id) {
    source_has_tags_.push_back(recipe.strip_tags && has_name_tags(kb.sources().values[id]));
  }
}

bool TermReader::asks_for(NameId name) const noexcept {
  if (scope_.allows(name)) return true;
  return recipe_.trade_names && any_language_.allows(name) &&
         term_type_of(kb_.name(name)) == kTradeName;
}

bool TermReader::is_tagged(NameId name) const noexcept {
  if (!source_has_tags_[kb_.name_row(name).source_id]) return false;
  const std::string_view type = term_type_of(kb_.name(name));
  return type.empty() || type == "FN" || type == "FSN";
}

void TermReader::read(ConceptId concept_id, std::uint32_t depth, std::vector<Term>& terms,
                      NameTally& tally) const {
  for (const NameId id : kb_.names_of(concept_id)) {
    if (!asks_for(id)) continue;
    const NameRow& row = kb_.name_row(id);
    if (!recipe_.all_scopes && (row.scope == Scope::kBroader || row.scope == Scope::kNarrower)) {
      ++tally.other_scope;
      continue;
    }
    std::string_view text = trimmed(kb_.text(row.text_id));
    if (is_tagged(id)) text = without_name_tag(text);
    if (!is_writable_field(text)) {
      ++tally.not_writable;
      continue;
    }
    Term term{{}, {}, row.language_id, row.scope, depth};
    if (recipe_.lower_case) {
      lower_case(text, term.text);
    } else {
      term.text = text;
    }
    if (recipe_.sampling == PairSampling::kQuotas) normalizer_.normalize(text, term.key);
    if (recipe_.sampling == PairSampling::kQuotas ? term.key.empty() : term.text.empty()) {
      ++tally.empty;
      continue;
    }
    ++tally.taken;
    terms.push_back(std::move(term));
  }
}

}  // namespace enlace
