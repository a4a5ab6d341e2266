#include "sources/rrf_relations.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace enlace::rrf {
namespace {

constexpr std::size_t kRowsPerLook = std::size_t{1} << 14;  // at a request to stop

bool must_stop(const Table& table, const Stop& stop) {
  return table.rows() % kRowsPerLook == 0 && stop.requested();
}

void refuse_cui(const Table& table, std::size_t column, SourceReport& report) {
  report.refuse("bad CUI", "{}: expected C and seven digits", table.place(column));
}

/// What a table is called in complaints about rows that have been read.
std::string named(const std::vector<std::filesystem::path>& files) {
  if (files.empty()) return {};
  return files[0].string() + (files.size() == 1 ? "" : " and its parts");
}

/// Collects steps and drops those that came a moment ago: the many paths of an atom to its roots
/// begin with few steps.
class StepCollector {
 public:
  void add(const Step& step) {
    if (recent_count_ > 0 && (recent_[0].cui != step.cui || recent_[0].atom != step.atom)) {
      recent_count_ = 0;
    }
    for (std::size_t i = 0; i < recent_count_; ++i) {
      if (recent_[i].parent == step.parent) return;
    }
    if (recent_count_ == recent_.size()) recent_count_ = 0;
    recent_[recent_count_++] = step;
    steps_.push_back(step);
  }

  std::vector<Step> take() {
    std::sort(steps_.begin(), steps_.end());
    const auto same = [](const Step& a, const Step& b) {
      return a.cui == b.cui && a.atom == b.atom && a.parent == b.parent;
    };
    steps_.erase(std::unique(steps_.begin(), steps_.end(), same), steps_.end());
    return std::move(steps_);
  }

 private:
  std::array<Step, 16> recent_{};
  std::size_t recent_count_ = 0;
  std::vector<Step> steps_;
};

/// Whether a relation is an is-a: one of the option rela, or none given.
bool is_wanted_relation(const Options& options, std::string_view relation) {
  return relation.empty() || options.relations.takes(relation);
}

void read_paths(const Release& release, const Options& options, const Stop& stop, Steps& out) {
  Table table(release, "MRHIER", {"CUI", "AUI", "PAUI", "SAB", "RELA"}, out.report);
  StepCollector steps;
  while (table.next()) {
    if (must_stop(table, stop)) return;
    if (!options.takes_hierarchy(table.field(3)) || table.field(2).empty()) continue;
    if (!is_wanted_relation(options, table.field(4))) {
      out.report.leave_out("hierarchical relation other than is-a");
      continue;
    }
    const auto cui = parse_cui(table.field(0));
    const auto atom = parse_aui(table.field(1));
    const auto parent = parse_aui(table.field(2));
    if (!cui) {
      refuse_cui(table, 0, out.report);
    } else if (!atom || !parent) {
      out.report.refuse("bad AUI", "{}: expected A and at most nine digits",
                        table.place(atom ? 2 : 1));
    } else {
      steps.add({*cui, *atom, *parent, table.line_number()});
    }
  }
  out.steps = steps.take();
}

void read_parents(const Release& release, const Options& options, const Stop& stop, Steps& out) {
  Table table(release, "MRREL", {"CUI1", "AUI1", "REL", "CUI2", "AUI2", "RELA", "SAB"}, out.report);
  StepCollector steps;
  while (table.next()) {
    if (must_stop(table, stop)) return;
    const bool is_parent = table.field(2) == "PAR";  // side 2 is the parent of side 1
    if ((!is_parent && table.field(2) != "CHD") || !options.takes_hierarchy(table.field(6))) {
      continue;
    }
    std::string_view relation = table.field(5);
    constexpr std::string_view kInverse = "inverse_";
    if (is_parent && relation.starts_with(kInverse)) relation.remove_prefix(kInverse.size());
    if (!is_wanted_relation(options, relation)) {
      out.report.leave_out("hierarchical relation other than is-a");
      continue;
    }
    const std::size_t child_side = is_parent ? 0 : 3, parent_side = is_parent ? 3 : 0;
    const auto cui = parse_cui(table.field(child_side));
    const auto atom = parse_aui(table.field(child_side + 1));
    const auto parent = parse_aui(table.field(parent_side + 1));
    if (!cui) {
      refuse_cui(table, child_side, out.report);
    } else if (!atom || !parent) {
      out.report.refuse("bad AUI", "{}: expected A and at most nine digits",
                        table.place((atom ? parent_side : child_side) + 1));
    } else {
      steps.add({*cui, *atom, *parent, table.line_number()});
    }
  }
  out.steps = steps.take();
}

}  // namespace

Types read_types(const Release& release, const Stop& stop) {
  Types types;
  types.file = named(release.files("MRSTY"));
  Table table(release, "MRSTY", {"CUI", "STY"}, types.report);
  while (table.next() && !must_stop(table, stop)) {
    const auto cui = parse_cui(table.field(0));
    const auto name = trimmed(table.field(1));
    if (!cui) {
      refuse_cui(table, 0, types.report);
    } else if (name.empty()) {
      types.report.refuse("no type", "{}: expected a semantic type, found none", table.place(1));
    } else {
      types.rows.push_back({*cui, types.names.intern(name), std::uint32_t(table.line_number())});
    }
  }
  return types;
}

std::vector<std::uint32_t> cuis_of_types(const Release& release, const Choice& wanted,
                                         SourceReport& report) {
  std::vector<std::uint32_t> cuis;
  Table table(release, "MRSTY", {"CUI", "TUI", "STY"}, report);
  while (table.next()) {
    if (!wanted.takes(table.field(1)) && !wanted.takes(table.field(2))) continue;
    if (const auto cui = parse_cui(table.field(0))) cuis.push_back(*cui);
  }
  std::sort(cuis.begin(), cuis.end());
  cuis.erase(std::unique(cuis.begin(), cuis.end()), cuis.end());
  return cuis;
}

Steps read_steps(const Release& release, const Options& options, const Stop& stop) {
  Steps steps;
  if (options.no_hierarchy) return steps;
  const bool has_paths = !release.files("MRHIER").empty();
  const auto files = release.files(has_paths ? "MRHIER" : "MRREL");
  if (files.empty()) return steps;
  steps.file = named(files);
  if (has_paths) {
    read_paths(release, options, stop, steps);
  } else {
    read_parents(release, options, stop, steps);
  }
  return steps;
}

void add_relations(const Steps& steps, const Atoms& atoms, KbDraft& draft, SourceReport& report) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  for (const Step& step : steps.steps) {
    const std::uint32_t child = atoms.owners[step.atom], parent = atoms.owners[step.parent];
    if (child == AtomTable::kNone || parent == AtomTable::kNone) {
      if (atoms.codes_of_source) continue;
      report.refuse("atom not in MRCONSO",
                    "{}:{}: expected atoms of MRCONSO, found {} that is not there", steps.file,
                    step.line, child == AtomTable::kNone ? "one" : "a parent");
    } else if (!atoms.codes_of_source && child != step.cui) {
      report.refuse("atom of another concept",
                    "{}:{}: expected the CUI that MRCONSO gives the atom, found C{:07}", steps.file,
                    step.line, step.cui);
    } else if (child == parent) {
      report.leave_out("parent in the same concept");
    } else {
      edges.emplace_back(child, parent);
    }
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  CuiText child_text(0), parent_text(0);
  for (const auto& [child, parent] : edges) {
    draft.add(RelationRecord{atoms.code(child, child_text), atoms.code(parent, parent_text)});
  }
}

void add_types(const Types& types, const Atoms& atoms, KbDraft& draft, SourceReport& report) {
  for (const auto& [cui, type, line] : types.rows) {
    const std::string_view name = types.names[type];
    if (!atoms.concepts.has(cui)) {
      report.refuse("concept not in MRCONSO",
                    "{}:{}: expected a CUI of MRCONSO, found C{:07} that is not there", types.file,
                    line, cui);
      continue;
    }
    if (!atoms.codes_of_source) {
      draft.add(TypeRecord{CuiText(cui).view(), name});
      continue;
    }
    const auto& pairs = atoms.codes_of_cui;
    auto place = std::lower_bound(pairs.begin(), pairs.end(), std::pair(cui, std::uint32_t{0}));
    for (; place != pairs.end() && place->first == cui; ++place) {
      draft.add(TypeRecord{atoms.codes[place->second], name});
    }
  }
}

std::vector<TradeName> read_trade_names(const Release& release, SourceReport& report) {
  std::vector<TradeName> names;
  Table table(release, "MRREL", {"AUI1", "RELA", "CUI2"}, report);
  while (table.next()) {
    if (table.field(1) != "has_tradename") continue;
    const auto atom = parse_aui(table.field(0));
    const auto cui = parse_cui(table.field(2));
    if (!cui) {
      refuse_cui(table, 2, report);
    } else if (!atom) {
      report.refuse("bad AUI", "{}: expected A and at most nine digits", table.place(0));
    } else {
      names.push_back({*atom, *cui});
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

void read_definitions(const Release& release, const Options& options,
                      const Vocabularies& vocabularies, const Atoms& atoms, KbDraft& draft,
                      SourceReport& report) {
  Table table(release, "MRDEF", {"CUI", "AUI", "SAB", "DEF", "SUPPRESS"}, report);
  while (table.next()) {
    const auto cui = parse_cui(table.field(0));
    const auto atom = parse_aui(table.field(1));
    const auto text = trimmed(table.field(3));
    if (!cui) {
      refuse_cui(table, 0, report);
      continue;
    }
    if (text.empty()) {
      report.refuse("no definition", "{}: expected a definition, found none", table.place(3));
      continue;
    }
    if (!options.suppress.takes(table.field(4))) {
      report.leave_out("suppressed");
      continue;
    }
    const std::uint32_t owner = atom ? atoms.owners[*atom] : AtomTable::kNone;
    if (!atoms.codes_of_source && atom && owner == AtomTable::kNone) {
      report.refuse("atom not in MRCONSO",
                    "{}: expected an atom of MRCONSO, found one that is not there", table.place(1));
      continue;
    }
    if (!atoms.codes_of_source && owner != AtomTable::kNone && owner != *cui) {
      report.refuse("atom of another concept",
                    "{}: expected the CUI that MRCONSO gives the atom, found C{:07}",
                    table.place(0), *cui);
      continue;
    }
    std::string_view language = "en";
    if (const auto lat = vocabularies.languages.find(table.field(2));
        lat != vocabularies.languages.end()) {
      language = language_of_lat(lat->second).value_or("en");
    }
    if (options.languages.limits() && !options.languages.takes(language)) {
      report.leave_out("language");
      continue;
    }
    if (!atoms.codes_of_source) {
      draft.add(DefinitionRecord{CuiText(*cui).view(), text, language});
    } else if (owner != AtomTable::kNone) {
      draft.add(DefinitionRecord{atoms.codes[owner], text, language});
    }
  }
}

void read_retired(const Release& release, const Options& options, KbDraft& draft,
                  SourceReport& report) {
  if (options.codes_of_source) return;
  Table table(release, "MRCUI", {"CUI1", "REL", "CUI2"}, report);
  while (table.next()) {
    const std::string_view relation = table.field(1);
    const auto cui = parse_cui(table.field(0));
    const auto successor = parse_cui(table.field(2));
    if (relation == "DEL" || table.field(2).empty()) {
      report.leave_out("retired without a successor");
    } else if (!options.retired.takes(relation)) {
      report.leave_out("retired for a concept that is not the same");
    } else if (!cui || !successor) {
      refuse_cui(table, cui ? 2 : 0, report);
    } else {
      draft.add(ReplacementRecord{table.field(0), table.field(2)});
    }
  }
}

}  // namespace enlace::rrf
