#include "kb/concepts_writer.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.h"
#include "kb/knowledge_base.h"

namespace enlace {
namespace {

using Ids = std::vector<std::uint32_t>;
constexpr std::uint32_t kNone = ~std::uint32_t{0};

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
                   const Ids& ids, SectionRole role) {
  std::vector<std::uint64_t> starts{0};
  starts.reserve(ids.size() + 1);
  for (const std::uint32_t id : ids) starts.push_back(starts.back() + pool[id].size());
  file.add(name + ".starts", starts);
  file.begin(name + ".bytes", 1, role);
  for (const std::uint32_t id : ids) {
    file.append(std::as_bytes(std::span<const char>(pool[id])));
  }
}

/// Groups pairs, which it sorts, by their first member: starts and the second members.
struct Groups {
  Ids starts, items;
};

Groups grouped(std::vector<KbDraft::Pair> pairs, std::size_t groups) {
  std::sort(pairs.begin(), pairs.end());
  Groups made{Ids(groups + 1, 0), {}};
  made.items.reserve(pairs.size());
  for (const auto& [group, item] : pairs) {
    ++made.starts[group + 1];
    made.items.push_back(item);
  }
  for (std::size_t i = 1; i < made.starts.size(); ++i) made.starts[i] += made.starts[i - 1];
  return made;
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

struct Rankings {
  Ranking codes, texts, languages, sources, types;
};

Rankings ranked(const KbDraft& draft) {
  std::vector<bool> typed(draft.types().size(), false);
  for (const auto& pair : draft.type_pairs()) typed[pair.second] = true;
  return {rank_if(draft.codes(), [&](std::uint32_t id) { return draft.named(id); }),
          rank_all(draft.texts()), rank_all(draft.languages()), rank_all(draft.sources()),
          rank_if(draft.types(), [&](std::uint32_t id) { return bool(typed[id]); })};
}

/// All names in the order of the file.
std::vector<NameRow> sorted_rows(const KbDraft& draft, const Rankings& rank) {
  std::vector<NameRow> rows;
  rows.reserve(draft.names().size());
  for (const auto& name : draft.names()) {
    rows.push_back({rank.codes.ranks[name.code], rank.texts.ranks[name.text],
                    rank.sources.ranks[draft.origins()[name.origin].source],
                    std::uint16_t(rank.languages.ranks[name.language]), name.scope});
  }
  std::sort(rows.begin(), rows.end(), [](const NameRow& a, const NameRow& b) {
    return std::tie(a.concept_id, a.scope, a.language_id, a.text_id) <
           std::tie(b.concept_id, b.scope, b.language_id, b.text_id);
  });
  return rows;
}

void write_names(SectionWriter& file, const KbDraft& draft, const Rankings& rank,
                 const std::vector<NameRow>& rows) {
  std::vector<KbDraft::Pair> by_concept, by_text;
  by_concept.reserve(rows.size());
  by_text.reserve(rows.size());
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    by_concept.emplace_back(rows[i].concept_id, i);
    by_text.emplace_back(rows[i].text_id, i);
  }
  file.add("name.starts", grouped(std::move(by_concept), rank.codes.ids.size()).starts);
  file.add("name.rows", rows);
  write_strings(file, "text", draft.texts(), rank.texts.ids, SectionRole::kBulk);
  const Groups groups = grouped(std::move(by_text), rank.texts.ids.size());
  file.add("text.name.starts", groups.starts);
  file.add("text.names", groups.items);
}

void write_groups(SectionWriter& file, const std::string& name, const Groups& groups) {
  file.add(name + ".starts", groups.starts);
  file.add(name + ".ids", groups.items);
}

void write_relations(SectionWriter& file, const KbDraft& draft, const Rankings& rank) {
  std::vector<KbDraft::Pair> up, down;
  for (const auto& edge : draft.edges()) {
    up.emplace_back(rank.codes.ranks[edge.child], rank.codes.ranks[edge.parent]);
    down.emplace_back(up.back().second, up.back().first);
  }
  write_groups(file, "parent", grouped(std::move(up), rank.codes.ids.size()));
  write_groups(file, "child", grouped(std::move(down), rank.codes.ids.size()));
}

/// References are not shared between concepts, so each concept's stand together in one table.
void write_xrefs(SectionWriter& file, const KbDraft& draft, const Rankings& rank) {
  const Ranking order = rank_all(draft.xrefs());
  std::vector<KbDraft::Pair> pairs;
  for (const auto& [code, xref] : draft.xref_pairs()) {
    pairs.emplace_back(rank.codes.ranks[code], order.ranks[xref]);
  }
  Groups groups = grouped(std::move(pairs), rank.codes.ids.size());
  file.add("xref.starts", groups.starts);
  for (std::uint32_t& item : groups.items) item = order.ids[item];
  write_strings(file, "xref.text", draft.xrefs(), groups.items, SectionRole::kBulk);
}

void write_values(SectionWriter& file, const std::string& name, const StringPool& pool,
                  const Ranking& rank, const TallyKeeper& keeper) {
  write_strings(file, name + ".value", pool, rank.ids, SectionRole::kStructure);
  file.add(name + ".tallies", keeper.tallies());
}

}  // namespace

std::uint64_t write_concepts(const KbDraft& draft, const std::filesystem::path& path) {
  if (!draft.settled() || draft.names().empty()) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected a settled draft with names, found {}",
                path.string(), draft.settled() ? "no name" : "one that is not settled");
  }
  const Rankings rank = ranked(draft);
  const auto rows = sorted_rows(draft, rank);

  TallyKeeper languages(rank.languages.ids.size());
  TallyKeeper sources(rank.sources.ids.size());
  std::vector<std::uint32_t> names_of(rank.codes.ids.size(), 0);
  for (const NameRow& row : rows) {
    languages.count(row.language_id, row.concept_id);
    sources.count(row.source_id, row.concept_id);
    ++names_of[row.concept_id];
  }
  TallyKeeper types(rank.types.ids.size());
  std::vector<KbDraft::Pair> type_pairs;
  for (const auto& [code, type] : draft.type_pairs()) {
    type_pairs.emplace_back(rank.codes.ranks[code], rank.types.ranks[type]);
    types.count(type_pairs.back().second, type_pairs.back().first,
                names_of[type_pairs.back().first]);
  }

  SectionWriter file(path, "concepts");
  write_strings(file, "code", draft.codes(), rank.codes.ids, SectionRole::kStructure);
  write_names(file, draft, rank, rows);
  write_groups(file, "type", grouped(std::move(type_pairs), rank.codes.ids.size()));
  write_relations(file, draft, rank);
  write_xrefs(file, draft, rank);
  write_values(file, "language", draft.languages(), rank.languages, languages);
  write_values(file, "source", draft.sources(), rank.sources, sources);
  write_values(file, "type", draft.types(), rank.types, types);
  return file.finish();
}

}  // namespace enlace
