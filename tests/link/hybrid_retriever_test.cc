#include "link/hybrid_retriever.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "encode/tiny_model.h"
#include "link/kb_place.h"
#include "link/linker.h"
#include "link/made_names.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

/// A candidate, told without the knowledge base that it stands in.
struct Told {
  std::string code, name;
  float score;
};

/// A knowledge base with vectors that is updated, and what it ranks.
class ChangedHybrid : public testing::Test {
 protected:
  fs::path build(const std::string& name, const std::string& rows) const {
    return place_.build(name, rows, model_.path());
  }

  void update(const fs::path& kb, const std::string& add, const std::string& retire) const {
    place_.update(kb, "tsv", add, retire);
  }

  static std::vector<std::string> mentions() {
    std::vector<std::string> mentions{"dolmen 2", "bafi", "tis gor", "Luménti", "ce"};
    Random random(1);
    while (mentions.size() < 40) mentions.push_back(made_name(random));
    return mentions;
  }

  /// Concepts that have a mention as a name, and one of the names of a table.
  static std::string names_of_mentions(const std::string& table) {
    std::string rows;
    std::size_t at = 0;
    for (const std::string& mention : mentions()) {
      const std::size_t tab = table.find('\t', at) + 1;
      const std::string name = table.substr(tab, table.find('\t', tab) - tab);
      rows += fmt::format("T{0}\t{1}\tes\nT{0}\t{2}\ten\n", at, mention, name);
      at = table.find('\n', at) + 1;
    }
    return rows;
  }

  static std::vector<std::vector<Told>> ranked(const fs::path& kb, const NameFilter& filter = {},
                                               const fs::path& thesaurus = {}) {
    LinkerOptions options;
    options.retriever = RetrieverKind::kHybrid;
    options.filter = filter;
    options.thesaurus = thesaurus;
    options.k = 20;
    const Linker linker = Linker::open(kb, options);
    std::vector<std::vector<Told>> told;
    for (const auto& candidates : linker.link(mentions())) {
      told.emplace_back();
      for (const Candidate& each : candidates) {
        told.back().push_back({std::string(each.kb->code(each.concept_id)),
                               std::string(each.kb->name(each.name_id).text), each.score});
      }
    }
    return told;
  }

  ModelFolder model_;
  KbPlace place_;
};

/// Equal codes, names and scores, mention by mention.
void expect_equal(const std::vector<std::vector<Told>>& found,
                  const std::vector<std::vector<Told>>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t m = 0; m < found.size(); ++m) {
    ASSERT_EQ(found[m].size(), expected[m].size()) << m;
    for (std::size_t i = 0; i < found[m].size(); ++i) {
      EXPECT_EQ(found[m][i].code, expected[m][i].code) << m << " " << i;
      EXPECT_EQ(found[m][i].name, expected[m][i].name) << m << " " << i;
      EXPECT_NEAR(found[m][i].score, expected[m][i].score, 2e-6F) << m << " " << i;
    }
  }
}

/// The rows of a table without those of some codes, or only those.
std::string rows_of(const std::string& table, const std::vector<std::string>& codes, bool wanted) {
  std::string kept;
  for (std::size_t begin = 0; begin < table.size();) {
    const std::size_t end = table.find('\n', begin) + 1;
    const std::string row = table.substr(begin, end - begin);
    const bool named = std::ranges::find(codes, row.substr(0, row.find('\t'))) != codes.end();
    if (named == wanted) kept += row;
    begin = end;
  }
  return kept;
}

TEST_F(ChangedHybrid, RanksAsTheRebuiltOneDoes) {
  // Which texts there are stays the same, and so do the weights of n-grams: concepts go, others
  // with their very names come, and some names are given to more concepts.
  const std::string base = made_table('B', 150);
  const std::vector<std::string> gone{"B3", "B14", "B15", "B92", "B65"};
  std::string added = rows_of(base, gone, true);
  for (std::size_t at = 0; (at = added.find('B', at)) != std::string::npos; ++at) added[at] = 'N';
  std::string shared = rows_of(base, {"B7", "B8", "B40", "B41", "B42"}, true);
  for (std::size_t at = 0; (at = shared.find('B', at)) != std::string::npos; ++at) shared[at] = 'M';
  added += shared + rows_of(base, {"B20"}, true).replace(0, 3, "B21");

  const fs::path changed = build("changed", base);
  update(changed, added, "B3\nB14\nB15\nB92\nB65\n");
  const fs::path rebuilt = build("rebuilt", rows_of(base, gone, false) + added);
  const fs::path untouched = build("untouched", base);
  const fs::path thesaurus = build("thesaurus", names_of_mentions(base));

  for (const NameFilter& filter :
       {NameFilter{}, NameFilter{.languages = {"es"}}, NameFilter{.types = {"T1"}}}) {
    expect_equal(ranked(changed, filter), ranked(rebuilt, filter));
    expect_equal(ranked(changed, filter, thesaurus), ranked(rebuilt, filter, thesaurus));
  }
  // Otherwise there would be nothing to see.
  const auto before = ranked(untouched), after = ranked(changed),
             helped = ranked(changed, {}, thesaurus);
  const auto same = [](const Told& a, const Told& b) {
    return a.code == b.code && std::abs(a.score - b.score) < 1e-3F;
  };
  std::size_t moved = 0, first_by_thesaurus = 0;
  for (std::size_t m = 0; m < before.size(); ++m) {
    moved += std::ranges::equal(before[m], after[m], same) ? 0 : 1;
    first_by_thesaurus += helped[m].front().code != after[m].front().code ? 1 : 0;
  }
  EXPECT_GT(moved, before.size() / 2);
  EXPECT_GT(first_by_thesaurus, before.size() / 4);
}

TEST_F(ChangedHybrid, ScoresNewNamesNearlyAsTheCompactedOneDoes) {
  const fs::path kb = build("kb", made_table('B', 200));
  update(kb, made_table('M', 6) + "B3\tcambiado\tes\tS1\tT0\n", "B5\nB11\n");
  const auto changed = ranked(kb);
  CompactOptions compact;
  compact.kb = kb;
  compact_kb_folder(compact);
  const auto compacted = ranked(kb);
  for (std::size_t m = 0; m < changed.size(); ++m) {
    ASSERT_EQ(changed[m].size(), compacted[m].size());
    for (std::size_t i = 0; i < changed[m].size(); ++i) {
      // Weights of n-grams are learnt anew, of a few names more and fewer.
      EXPECT_NEAR(changed[m][i].score, compacted[m][i].score, 0.01F) << m << " " << i;
    }
  }
}

TEST_F(ChangedHybrid, ChoosesFromWhatItProposes) {
  const fs::path kb = build("kb", made_table('B', 100));
  update(kb, made_table('M', 6), "B5\n");
  const KbFolder folder = open_kb_folder(kb);
  const auto parts = searchable_parts(folder, {});
  const TextEncoder encoder = TextEncoder::open(model_.path(), Precision::kF32);
  const HybridRetriever retriever(parts, encoder);
  const std::vector<std::string> mentions{"dolmen 2", "bafi", "tis gor"};
  const auto found = retriever.retrieve(mentions, {.k = 3});
  const auto proposed = retriever.propose(mentions, {.k = 3});
  ASSERT_EQ(proposed.size(), mentions.size());
  HybridWeights weights = kPlainWeights;  // few names
  weights.thesaurus = 0;
  for (std::size_t m = 0; m < mentions.size(); ++m) {
    float best = -1;
    for (const ProposedName& name : proposed[m]) {
      EXPECT_EQ(name.candidate.score, hybrid_score(name.features, weights));
      best = std::max(best, name.candidate.score);
    }
    ASSERT_EQ(found[m].size(), 3U);
    EXPECT_GT(proposed[m].size(), 3U);
    EXPECT_EQ(found[m].front().score, best);
  }
}

}  // namespace
}  // namespace enlace
