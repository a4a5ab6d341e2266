#include "pairs/term_reader.h"

#include <algorithm>

#include "base/ascii.h"
#include "pairs/name_tag.h"
#include "text/letter_case.h"

namespace enlace {
namespace {

/// A flag per value of `table`: whether it is as `wanted` asks for.
template <class Wanted>
std::vector<bool> flags_of(const ValueTable& table, const Wanted& wanted) {
  std::vector<bool> flags;
  for (std::uint32_t id = 0; id < table.values.size(); ++id)
    flags.push_back(wanted(table.values[id]));
  return flags;
}

bool is_trade_name(std::string_view term_type) {
  return term_type == "TRADENAME";
}

/// Whether a name of this term type may be fully specified; one of none may.
bool may_have_tag(std::string_view term_type) {
  return term_type.empty() || term_type == "FN" || term_type == "FSN";
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
  char before = '\0';
  for (const char c : text) {
    if (c == '\t' || c == '\n' || c == '\r' || (c == '|' && before == '|')) return false;
    before = c;
  }
  return before != '|';
}

TermReader::TermReader(const KnowledgeBase& kb, const PairRecipe& recipe)
    : kb_(kb),
      recipe_(recipe),
      scope_(kb, recipe.names),
      any_language_(recipe.trade_names ? NameScope(kb, without_languages(recipe.names)) : scope_),
      trade_types_(flags_of(kb.term_types(), is_trade_name)) {
  if (recipe.strip_tags) {
    tagged_sources_ = flags_of(kb.sources(), has_name_tags);
    tagged_types_ = flags_of(kb.term_types(), may_have_tag);
  }
}

bool TermReader::asks_for(NameId name, const NameRow& row) const {
  if (!trade_types_[row.term_type_id]) return scope_.allows(name);
  return recipe_.trade_names && any_language_.allows(name);
}

bool TermReader::has_scope(const NameRow& row) const noexcept {
  return recipe_.all_scopes || (row.scope != Scope::kBroader && row.scope != Scope::kNarrower);
}

void TermReader::read(ConceptId concept_id, std::uint32_t depth, std::vector<Term>& terms,
                      NameTally& tally) const {
  for (const NameId id : kb_.names_of(concept_id)) {
    const NameRow row = kb_.name_row(id);
    if (!asks_for(id, row)) continue;
    if (!has_scope(row)) {
      ++tally.other_scope;
      continue;
    }
    std::string_view text = trimmed(kb_.text(row.text_id));
    if (recipe_.strip_tags && tagged_sources_[row.source_id] && tagged_types_[row.term_type_id]) {
      text = without_name_tag(text);
    }
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
