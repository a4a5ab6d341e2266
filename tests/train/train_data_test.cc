#include "train/train_data.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "../pairs/pairs_fixture.h"

namespace enlace {
namespace {

/// "code: x - y" of all pairs.
std::set<std::string> pairs_of(const PairSet& set) {
  std::set<std::string> found;
  for (std::size_t i = 0; i < set.size(); ++i) {
    const TextPair pair = set.pair(i);
    EXPECT_EQ(pair.kind, 0U);
    found.insert(set.code(pair.label) + ": " + std::string(pair.x) + " - " + std::string(pair.y));
  }
  return found;
}

/// Of mentions beside a knowledge base with names "C1 es 0", "C1 en 0" and "C2 es 0".
PairSet mention_pairs(const std::vector<GoldMention>& mentions, std::size_t expected_used) {
  testing_pairs::ManyNames names;
  names.add("C1", "es", 1);
  names.add("C1", "en", 1);
  names.add("C2", "es", 1);
  const KnowledgeBase kb = testing_pairs::kb_of(names.records());
  PairSet set;
  EXPECT_EQ(add_mention_pairs(kb, mentions, 1, set), expected_used);
  set.finish();
  return set;
}

TEST(AddMentionPairs, PairsAMentionWithTheNamesOfItsConcept) {
  const auto set = mention_pairs({{"dolorcito", "C1"}, {"tosecita", "C2"}}, 2);
  EXPECT_EQ(pairs_of(set),
            (std::set<std::string>{"C1: dolorcito - C1 es 0", "C1: dolorcito - C1 en 0",
                                   "C2: tosecita - C2 es 0"}));
}

TEST(AddMentionPairs, PairsMentionsOfAConceptThatIsNotThere) {
  const auto set = mention_pairs({{"fiebre", "C3"}, {"febril", "C3"}, {"nada", "C4"}}, 2);
  EXPECT_EQ(pairs_of(set), (std::set<std::string>{"C3: febril - fiebre", "C3: fiebre - febril"}));
}

TEST(AddMentionPairs, TakesAMentionAsOftenAsItIsThereAndLeavesOutSeveralCodes) {
  const auto set =
      mention_pairs({{"tosecita", "C2"}, {"tosecita", "C2"}, {"dolor y tos", "C1|C2"}}, 2);
  EXPECT_EQ(set.size(), 2);
  EXPECT_EQ(pairs_of(set), (std::set<std::string>{"C2: tosecita - C2 es 0"}));
}

TEST(AddMentionPairs, FollowsACodeToTheConceptThatItLeadsTo) {
  KbDraft draft;
  std::vector<SourceReport> reports(1);
  draft.begin_source();
  draft.add(NameRecord{"C1", "dolor", "es", "", Scope::kExact}, reports[0]);
  draft.add(ReplacementRecord{"OLD", "C1"});
  draft.settle(reports);
  const auto path = testing_pairs::scratch("concepts.enlace");
  write_concepts(draft, path);
  const KnowledgeBase kb = KnowledgeBase::open(path);
  const std::vector<GoldMention> mentions{{"dolorcito", "OLD"}};
  PairSet set;
  EXPECT_EQ(add_mention_pairs(kb, mentions, 1, set), 1U);
  set.finish();
  EXPECT_EQ(pairs_of(set), (std::set<std::string>{"C1: dolorcito - dolor"}));
}

/// The marked names.
std::set<std::string> texts_of(const KnowledgeBase& kb, const std::vector<bool>& names) {
  std::set<std::string> texts;
  for (NameId id = 0; id < names.size(); ++id) {
    if (names[id]) texts.insert(std::string(kb.name(id).text));
  }
  return texts;
}

TEST(MarkKbNames, MarksThoseThatTheRecipeTakes) {
  const KnowledgeBase kb =
      testing_pairs::kb_of({{"C1", "cough", "en", "ONE"},
                            {"C1", "tos", "es", "ONE"},
                            {"C1", "dry cough", "en", "TWO", Scope::kNarrower},
                            {"C1", "brand", "de", "TWO", Scope::kExact, "TRADENAME"}});
  const auto marked = [&](PairRecipe recipe) {
    std::vector<bool> names;
    mark_kb_names(kb, recipe, names);
    return texts_of(kb, names);
  };
  using Texts = std::set<std::string>;
  EXPECT_EQ(marked(recipe_named("sapbert")), (Texts{"cough", "dry cough"}));
  EXPECT_EQ(marked(recipe_named("clinlinker")), (Texts{"tos", "brand"}));
  EXPECT_EQ(marked(recipe_named("enlace")), (Texts{"cough", "tos"}));
  PairRecipe recipe = recipe_named("sapbert");
  recipe.names.sources = {"TWO"};
  EXPECT_EQ(marked(recipe), (Texts{"dry cough"}));
}

TEST(MarkMentionNames, MarksAllNamesOfTheirConcepts) {
  testing_pairs::ManyNames names;
  names.add("C1", "es", 1);
  names.add("C1", "en", 1);
  names.add("C2", "es", 1);
  names.add("C3", "es", 1);
  const KnowledgeBase kb = testing_pairs::kb_of(names.records());
  std::vector<bool> marked;
  const std::vector<GoldMention> mentions{{"dolorcito", "C1"}, {"x", "C1|C2"}, {"y", "C9"}};
  mark_mention_names(kb, mentions, marked);
  EXPECT_EQ(texts_of(kb, marked), (std::set<std::string>{"C1 en 0", "C1 es 0"}));
}

TEST(AddMentionPairs, TakesFourPartnersAtMost) {
  std::vector<GoldMention> mentions;
  for (int i = 0; i < 9; ++i) mentions.push_back({"m" + std::to_string(i), "C9"});
  EXPECT_EQ(mention_pairs(mentions, 9).size(), 36);
}

}  // namespace
}  // namespace enlace
