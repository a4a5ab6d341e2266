#include "kb/knowledge_base.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/utf8.h"
#include "kb/language_tag.h"

namespace enlace {
namespace {

ValueTable value_table(const SectionFile& file, const std::string& name) {
  return {StringTable(file, name + ".value"), file.paged<Tally>(name + ".tallies")};
}

}  // namespace

KnowledgeBase KnowledgeBase::open(const std::filesystem::path& path) {
  KnowledgeBase opened(SectionFile::open(path, "concepts"));
  opened.check_sizes();
  opened.texts_.advise_random();
  return opened;
}

KnowledgeBase::KnowledgeBase(SectionFile file)
    : file_(std::move(file)),
      codes_(file_, "code"),
      texts_(file_, "text"),
      xref_texts_(file_, "xref.text"),
      former_(file_, "former"),
      definitions_(file_, "definition"),
      name_starts_(file_.paged<std::uint32_t>("name.starts")),
      name_concepts_(file_.paged<std::uint32_t>("name.concepts")),
      rows_(file_.paged<PackedName>("name.rows")),
      origins_(file_.paged<NameOrigin>("origin")),
      text_names_(file_, "text.names", texts_.size()),
      types_of_(file_, "type", codes_.size()),
      parents_(file_, "parent", codes_.size()),
      children_(file_, "child", codes_.size()),
      xrefs_(file_, "xref", codes_.size()),
      order_(file_.paged<std::uint32_t>("order")),
      by_order_(file_.paged<std::uint32_t>("by.order")),
      interval_starts_(file_.paged<std::uint32_t>("interval.starts")),
      intervals_(file_.paged<OrderInterval>("intervals")),
      former_concepts_(file_.paged<std::uint32_t>("former.concepts")),
      defined_(file_.paged<std::uint32_t>("defined")),
      languages_(value_table(file_, "language")),
      sources_(value_table(file_, "source")),
      types_(value_table(file_, "type")),
      term_types_(value_table(file_, "term")),
      licences_(value_table(file_, "licence")) {}

void KnowledgeBase::refuse(std::string_view section) const {
  throw Error(ErrorKind::kCorrupt, "{}: section {}: expected sizes and numbers that agree",
              file_.name(), section);
}

void KnowledgeBase::check_sizes() const {
  const auto require = [this](bool holds, std::string_view section) {
    if (!holds) refuse(section);
  };
  const std::size_t C = concept_count();
  require(C > 0 && rows_.size() > 0, "name.rows");
  require(name_starts_.size() == C + 1, "name.starts");
  require(name_concepts_.size() == rows_.size() / kNamesPerMark + 1, "name.concepts");
  require(text_names_.items() == rows_.size(), "text.names");
  require(order_.size() == C || !has_labels(), "order");
  require(by_order_.size() == order_.size(), "by.order");
  require(interval_starts_.size() == (has_labels() ? C + 1 : 0), "interval.starts");
  require(former_concepts_.size() == former_.size(), "former.concepts");
  require(defined_.size() == definitions_.size(), "defined");
  for (const ValueTable* table : {&languages_, &sources_, &types_, &term_types_, &licences_}) {
    require(table->tallies.size() == table->values.size(), "tallies");
  }
}

std::optional<ConceptId> KnowledgeBase::find_former(std::string_view code) const {
  const auto former = former_.find(code);
  return former ? std::optional(former_concept(*former)) : std::nullopt;
}

IdRange KnowledgeBase::names_of(ConceptId concept_id) const {
  const IdRange names{name_starts_[concept_id], name_starts_[concept_id + std::size_t{1}]};
  if (names.first >= names.last || names.last > name_count()) refuse("name.starts");
  return names;
}

ConceptId KnowledgeBase::concept_of(NameId name_id) const {
  ConceptId concept_id = name_concepts_[name_id / kNamesPerMark];
  while (name_starts_[concept_id + std::size_t{1}] <= name_id) ++concept_id;
  return concept_id;
}

NameRow KnowledgeBase::name_row(NameId name_id) const {
  const PackedName& packed = rows_[name_id];
  const NameOrigin& origin = origins_[packed.origin];
  const std::uint32_t language = packed.language_and_scope / 8U;
  const unsigned scope = packed.language_and_scope % 8U;
  if (packed.text_id >= text_count() || scope >= kScopeCount ||
      language >= languages_.values.size() || origin.source >= sources_.values.size() ||
      origin.licence >= licences_.values.size() || origin.term_type >= term_types_.values.size()) {
    refuse("name.rows");
  }
  return {concept_of(name_id), packed.text_id,   origin.source, language,
          origin.licence,      origin.term_type, Scope(scope)};
}

Name KnowledgeBase::name(NameId name_id) const {
  const NameRow row = name_row(name_id);
  return {texts_[row.text_id],
          languages_.values[row.language_id],
          sources_.values[row.source_id],
          term_types_.values[row.term_type_id],
          licences_.values[row.licence_id],
          row.scope,
          row.concept_id,
          row.text_id};
}

NameId KnowledgeBase::preferred_name(ConceptId concept_id, std::string_view language) const {
  const IdRange names = names_of(concept_id);
  if (language.empty()) return names.first;
  for (const NameId name_id : names) {
    const std::uint32_t own = rows_[name_id].language_and_scope / 8U;
    if (language_matches(languages_.values[own], language)) return name_id;
  }
  return names.first;
}

bool KnowledgeBase::is_at_or_below(ConceptId concept_id, ConceptId ancestor) const {
  if (concept_id == ancestor) return true;
  if (!has_labels()) {
    const auto above = reachable(concept_id, parents_);
    return std::find(above.begin(), above.end(), ancestor) != above.end();
  }
  const std::uint32_t number = order_[concept_id];
  const auto intervals = intervals_below(ancestor);
  const auto after = std::upper_bound(
      intervals.begin(), intervals.end(), number,
      [](std::uint32_t n, const OrderInterval& interval) { return n < interval.first; });
  return after != intervals.begin() && number <= std::prev(after)->last;
}

std::vector<ConceptId> KnowledgeBase::descendants(ConceptId concept_id) const {
  if (!has_labels()) {
    auto below = reachable(concept_id, children_);
    std::sort(below.begin(), below.end());
    return below;
  }
  std::vector<ConceptId> found;
  for (const OrderInterval& interval : intervals_below(concept_id)) {
    if (interval.last < interval.first) refuse("intervals");
    const auto concepts = by_order_.slice(interval.first, interval.last + std::size_t{1});
    found.insert(found.end(), concepts.begin(), concepts.end());
  }
  if (found.empty()) found.push_back(concept_id);
  std::sort(found.begin(), found.end());
  if (found.back() >= concept_count()) refuse("by.order");
  return found;
}

std::vector<ConceptId> KnowledgeBase::reachable(ConceptId from, const GroupTable& next) const {
  std::vector<ConceptId> found{from};
  std::unordered_set<ConceptId> seen{from};
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const ConceptId concept_id : next[found[i]]) {
      if (seen.insert(checked(concept_id)).second) found.push_back(concept_id);
    }
  }
  return found;
}

std::string_view KnowledgeBase::definition(ConceptId concept_id) const {
  std::size_t first = 0;
  std::size_t last = defined_.size();
  while (first < last) {
    const std::size_t middle = first + (last - first) / 2;
    if (defined_[middle] < concept_id) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  const bool found = first < defined_.size() && defined_[first] == concept_id;
  return found ? definitions_[std::uint32_t(first)] : std::string_view();
}

void KnowledgeBase::verify() const {
  file_.verify();
  for (const StringTable* table :
       {&codes_, &texts_, &xref_texts_, &former_, &definitions_, &languages_.values,
        &sources_.values, &types_.values, &term_types_.values, &licences_.values}) {
    for (std::uint32_t i = 0; i < table->size(); ++i) {
      if (!is_utf8((*table)[i])) {
        throw Error(ErrorKind::kCorrupt, "{}: expected UTF-8, found a string that is not",
                    file_.name());
      }
    }
  }
  for (ConceptId concept_id = 0; concept_id < concept_count(); ++concept_id) {
    for (const NameId name_id : names_of(concept_id)) {
      if (name_row(name_id).concept_id != concept_id) refuse("name.concepts");
    }
    for (const auto relatives : {parents_of(concept_id), children_of(concept_id)}) {
      for (const ConceptId relative : relatives) checked(relative);
    }
    for (const std::uint32_t type : types_of(concept_id)) types_.values[type];
    for (const std::uint32_t xref : xrefs_of(concept_id)) xref_texts_[xref];
    if (has_labels()) descendants(concept_id);
  }
  for (TextId text_id = 0; text_id < text_count(); ++text_id) {
    for (const NameId name_id : names_with_text(text_id)) {
      if (text_of(name_id) != text_id) refuse("text.names");
    }
  }
}

}  // namespace enlace
