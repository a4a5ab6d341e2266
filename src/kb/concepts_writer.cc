#include "kb/concepts_writer.h"

#include <algorithm>
#include <functional>
#include <future>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/parallel.h"
#include "kb/knowledge_base.h"

namespace enlace {
namespace {

using Ids = std::vector<std::uint32_t>;
constexpr std::uint32_t kNone = ~std::uint32_t{0};
constexpr std::size_t kAhead = 32;                  // strings from one that is asked of memory
constexpr std::size_t kConceptsAtOnce = 4096;       // whose names a worker sorts
constexpr std::size_t kIntervalsPerConcept = 8;     // of labels that are worth their place,
constexpr std::size_t kSpareIntervals = 1'000'000;  // and so many besides

/// The strings of a pool that go into the file, sorted; and where each went.
struct Ranking {
  Ids ids;    // by rank: the id in the pool
  Ids ranks;  // by id: the rank, or kNone
};

template <class Keep>
Ranking rank_if(const StringPool& pool, Keep keep) {
  Ranking ranking{sorted_ids(pool), Ids(pool.size(), kNone)};
  std::erase_if(ranking.ids, [&](std::uint32_t id) { return !keep(id); });
  for (std::uint32_t rank = 0; rank < ranking.ids.size(); ++rank) {
    ranking.ranks[ranking.ids[rank]] = rank;
  }
  return ranking;
}

Ranking rank_all(const StringPool& pool) {
  return rank_if(pool, [](std::uint32_t) { return true; });
}

void write_strings(SectionWriter& file, const std::string& name, const StringPool& pool,
                   const Ids& ids) {
  StringTableWriter table(file, name);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i + kAhead < ids.size()) pool.ask_where(ids[i + kAhead]);
    if (i + kAhead / 2 < ids.size()) pool.ask(ids[i + kAhead / 2]);
    table.add(pool[ids[i]]);
  }
  table.finish();
}

/// Counts names and concepts per value, fed with the names in the order of their concepts.
class TallyKeeper {
 public:
  explicit TallyKeeper(std::size_t values)
      : tallies_(values, Tally{0, 0}), last_concept_(values, kNone) {}

  void count(std::uint32_t value, ConceptId concept_id, std::uint32_t names = 1) {
    tallies_[value].names += names;
    if (last_concept_[value] != concept_id) ++tallies_[value].concepts;
    last_concept_[value] = concept_id;
  }
  const std::vector<Tally>& tallies() const noexcept { return tallies_; }

 private:
  std::vector<Tally> tallies_;
  Ids last_concept_;
};

/// Writes one draft; the members are what several sections need.
class ConceptsWriter {
 public:
  ConceptsWriter(const KbDraft& draft, const std::filesystem::path& path,
                 std::optional<std::size_t> most_intervals)
      : draft_(draft),
        most_intervals_(
            most_intervals.value_or(kIntervalsPerConcept * draft.codes().size() + kSpareIntervals)),
        codes_(rank_if(draft.codes(), [&](std::uint32_t id) { return draft.named(id); })),
        texts_(rank_all(draft.texts())),
        languages_(rank_all(draft.languages())),
        sources_(rank_all(draft.sources())),
        types_(rank_if(draft.types(), typed(draft))),
        term_types_(rank_all(draft.term_types())),
        licences_(rank_all(draft.licences())),
        file_(path, "concepts") {}

  std::uint64_t write() {
    // Beside what is written before it.
    auto hierarchy = std::async(std::launch::async, [this] { return make_hierarchy(); });
    write_strings(file_, "code", draft_.codes(), codes_.ids);
    write_names();
    write_types();
    write_hierarchy(hierarchy.get());
    write_xrefs();
    write_former_codes();
    write_definitions();
    return file_.finish();
  }

 private:
  static std::function<bool(std::uint32_t)> typed(const KbDraft& draft) {
    std::vector<bool> used(draft.types().size(), false);
    for (const auto& pair : draft.type_pairs()) used[pair.second] = true;
    return [used = std::move(used)](std::uint32_t id) { return bool(used[id]); };
  }

  std::size_t concepts() const noexcept { return codes_.ids.size(); }

  /// The numbers of origins, by the values they stand for, so that equal facts give equal files.
  Ids write_origins() {
    const auto& origins = draft_.origins();
    const auto values = [&](std::uint32_t id) {
      return NameOrigin{sources_.ranks[origins[id].source],
                        term_types_.ranks[origins[id].term_type],
                        licences_.ranks[origins[id].licence]};
    };
    const auto key = [&](std::uint32_t id) {
      const NameOrigin origin = values(id);
      return std::tuple(origin.source, origin.term_type, origin.licence);
    };
    Ids order(origins.size());
    for (std::uint32_t id = 0; id < order.size(); ++id) order[id] = id;
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    Ids numbers(origins.size());
    std::vector<NameOrigin> written;
    for (const std::uint32_t id : order) {
      numbers[id] = std::uint32_t(written.size());
      written.push_back(values(id));
    }
    file_.add_paged("origin", written);
    return numbers;
  }

  /// The names in the order of the file, as indexes into the draft's, grouped by concept.
  Groups names_by_concept() const {
    const auto& names = draft_.names();
    std::vector<KbDraft::Pair> pairs;
    pairs.reserve(names.size());
    for (std::uint32_t i = 0; i < names.size(); ++i) {
      pairs.emplace_back(codes_.ranks[names[i].code], i);
    }
    Groups groups = grouped(pairs, concepts());
    const auto key = [&](std::uint32_t i) {
      return std::tuple(names[i].scope, languages_.ranks[names[i].language],
                        texts_.ranks[names[i].text]);
    };
    const std::size_t pieces = (concepts() + kConceptsAtOnce - 1) / kConceptsAtOnce;
    parallel_for(machine_workers(), pieces, [&](std::size_t, std::size_t piece) {
      const std::size_t end = std::min(concepts(), (piece + 1) * kConceptsAtOnce);
      for (std::size_t c = piece * kConceptsAtOnce; c < end; ++c) {
        std::sort(groups.items.begin() + groups.starts[c],
                  groups.items.begin() + groups.starts[c + 1],
                  [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
      }
    });
    return groups;
  }

  void write_names() {
    const Ids origin_numbers = write_origins();
    if (origin_numbers.size() > kMostOrigins || languages_.ids.size() > kMostLanguages) {
      throw Error(ErrorKind::kUnsupported,
                  "expected at most {} languages and {} kinds of origin, found {} and {}",
                  kMostLanguages, kMostOrigins, languages_.ids.size(), origin_numbers.size());
    }
    const Groups names = names_by_concept();
    file_.add_paged("name.starts", names.starts);
    Ids marks;
    std::vector<PackedName> rows;
    std::vector<KbDraft::Pair> by_text;
    rows.reserve(names.items.size());
    by_text.reserve(names.items.size());
    TallyKeeper languages(languages_.ids.size()), sources(sources_.ids.size()),
        term_types(term_types_.ids.size()), licences(licences_.ids.size());
    for (ConceptId c = 0; c < concepts(); ++c) {
      for (const std::uint32_t i : names[c]) {
        const auto& name = draft_.names()[i];
        const auto& origin = draft_.origins()[name.origin];
        const std::uint32_t language = languages_.ranks[name.language];
        languages.count(language, c);
        sources.count(sources_.ranks[origin.source], c);
        term_types.count(term_types_.ranks[origin.term_type], c);
        licences.count(licences_.ranks[origin.licence], c);
        if (rows.size() % kNamesPerMark == 0) marks.push_back(c);
        by_text.emplace_back(texts_.ranks[name.text], std::uint32_t(rows.size()));
        rows.push_back({by_text.back().first, std::uint16_t(origin_numbers[name.origin]),
                        std::uint16_t(language * 8 + unsigned(name.scope))});
      }
      counts_.push_back(std::uint32_t(names[c].size()));
    }
    if (rows.size() % kNamesPerMark == 0) marks.push_back(std::uint32_t(concepts() - 1));
    // Beside what is written before it.
    auto names_of_texts =
        std::async(std::launch::async, [&] { return grouped(by_text, texts_.ids.size()); });
    file_.add_paged("name.concepts", marks);
    file_.add_paged("name.rows", rows);
    write_strings(file_, "text", draft_.texts(), texts_.ids);
    write_groups(file_, "text.names", names_of_texts.get());
    write_values("language", draft_.languages(), languages_, languages);
    write_values("source", draft_.sources(), sources_, sources);
    write_values("term", draft_.term_types(), term_types_, term_types);
    write_values("licence", draft_.licences(), licences_, licences);
  }

  void write_types() {
    TallyKeeper tallies(types_.ids.size());
    std::vector<KbDraft::Pair> pairs;
    for (const auto& [code, type] : draft_.type_pairs()) {
      pairs.emplace_back(codes_.ranks[code], types_.ranks[type]);
    }
    std::sort(pairs.begin(), pairs.end());
    for (const auto& [concept_id, type] : pairs) {
      tallies.count(type, concept_id, counts_[concept_id]);
    }
    write_groups(file_, "type", grouped(pairs, concepts()));
    write_values("type", draft_.types(), types_, tallies);
  }

  struct Hierarchy {
    Groups parents, children;
    SubtreeLabels labels;
  };

  Hierarchy make_hierarchy() const {
    std::vector<KbDraft::Pair> pairs;
    pairs.reserve(draft_.edges().size());
    for (const auto& edge : draft_.edges()) {
      pairs.emplace_back(codes_.ranks[edge.child], codes_.ranks[edge.parent]);
    }
    std::sort(pairs.begin(), pairs.end());
    Hierarchy made;
    made.parents = grouped(pairs, concepts());
    for (auto& pair : pairs) std::swap(pair.first, pair.second);
    made.children = grouped(pairs, concepts());
    made.labels =
        subtree_labels(made.parents, made.children, most_intervals_).value_or(SubtreeLabels());
    return made;
  }

  void write_hierarchy(const Hierarchy& hierarchy) {
    write_groups(file_, "parent", hierarchy.parents);
    write_groups(file_, "child", hierarchy.children);
    file_.add_paged("order", hierarchy.labels.order);
    file_.add_paged("by.order", hierarchy.labels.by_order);
    file_.add_paged("interval.starts", hierarchy.labels.starts);
    file_.add_paged("intervals", hierarchy.labels.intervals);
  }

  void write_xrefs() {
    const Ranking xrefs = rank_all(draft_.xrefs());
    std::vector<KbDraft::Pair> pairs;
    for (const auto& [code, xref] : draft_.xref_pairs()) {
      pairs.emplace_back(codes_.ranks[code], xrefs.ranks[xref]);
    }
    std::sort(pairs.begin(), pairs.end());
    write_groups(file_, "xref", grouped(pairs, concepts()));
    write_strings(file_, "xref.text", draft_.xrefs(), xrefs.ids);
  }

  void write_former_codes() {
    std::vector<std::pair<std::string_view, ConceptId>> former;
    for (const auto& [code, target] : draft_.former_codes()) {
      former.emplace_back(draft_.codes()[code], codes_.ranks[target]);
    }
    std::sort(former.begin(), former.end());
    StringTableWriter table(file_, "former");
    Ids concepts_of;
    for (const auto& [code, concept_id] : former) {
      table.add(code);
      concepts_of.push_back(concept_id);
    }
    table.finish();
    file_.add_paged("former.concepts", concepts_of);
  }

  void write_definitions() {
    std::vector<std::pair<ConceptId, const std::string*>> given;
    for (const auto& definition : draft_.definitions()) {
      given.emplace_back(codes_.ranks[definition.code], &definition.text);
    }
    std::sort(given.begin(), given.end());
    StringTableWriter table(file_, "definition");
    Ids defined;
    for (const auto& [concept_id, text] : given) {
      table.add(*text);
      defined.push_back(concept_id);
    }
    table.finish();
    file_.add_paged("defined", defined);
  }

  void write_values(const std::string& name, const StringPool& pool, const Ranking& rank,
                    const TallyKeeper& keeper) {
    write_strings(file_, name + ".value", pool, rank.ids);
    file_.add_paged(name + ".tallies", keeper.tallies());
  }

  const KbDraft& draft_;
  std::size_t most_intervals_;
  Ranking codes_, texts_, languages_, sources_, types_, term_types_, licences_;
  Ids counts_;  // of names, by concept
  SectionWriter file_;
};

}  // namespace

std::uint64_t write_concepts(const KbDraft& draft, const std::filesystem::path& path,
                             std::optional<std::size_t> most_intervals) {
  if (!draft.settled() || draft.names().empty()) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected a settled draft with names, found {}",
                path.string(), draft.settled() ? "no name" : "one that is not settled");
  }
  return ConceptsWriter(draft, path, most_intervals).write();
}

}  // namespace enlace
