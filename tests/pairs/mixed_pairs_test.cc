#include <map>
#include <set>

#include "base/error.h"
#include "pairs/pairs_fixture.h"

namespace enlace {
namespace {

using testing_pairs::kb_of;
using testing_pairs::Lines;
using testing_pairs::made;
using testing_pairs::ManyNames;

TEST(Recipes, HaveTheCapsOfThePublishedSystems) {
  EXPECT_EQ(recipe_named("sapbert").cap, 50U);
  EXPECT_EQ(recipe_named("clinlinker").cap, 15U);
  EXPECT_EQ(recipe_named("clinlinker-p").cap, 15U);
  EXPECT_EQ(recipe_named("clinlinker-gp").cap, 45U);
  EXPECT_EQ(recipe_named("clinlinker").hops, 0U);
  EXPECT_EQ(recipe_named("clinlinker-p").hops, 1U);
  EXPECT_EQ(recipe_named("clinlinker-gp").hops, 2U);
  EXPECT_EQ(recipe_named("wikidata").cap, 50U);
  EXPECT_EQ(recipe_named("all").cap, 50U);
}

TEST(Recipes, AreRefusedByAnotherName) {
  try {
    recipe_named("sapbart");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInvalidArgument);
    EXPECT_NE(std::string(error.what()).find("found sapbart"), std::string::npos);
  }
}

TEST(MixedPairs, ArePairsOfDistinctLowerCasedStringsInByteOrder) {
  const KnowledgeBase kb = kb_of({{"B", "Tos", "en", "S"},
                                  {"B", "TOS", "en", "S"},
                                  {"B", "Ásma", "en", "S"},
                                  {"B", "asma", "en", "S"},
                                  {"A", "Ictus", "en", "S"},
                                  {"A", "ICTUS", "en", "S"},
                                  {"C", "ΝΟΣΟΣ", "en", "S"},
                                  {"C", "νοσοσ", "en", "S"}});
  const auto result = made(kb, recipe_named("sapbert"));
  EXPECT_EQ(result.lines(), (Lines{"B||asma||tos syn", "B||asma||ásma syn", "B||tos||ásma syn",
                                   "C||νοσος||νοσοσ syn"}));
  EXPECT_EQ(result.tally.concepts, 2U);
  EXPECT_EQ(result.tally.named_concepts, 3U);
  EXPECT_EQ(result.tally.names.taken, 8U);
}

TEST(MixedPairs, TakeTheLanguagesAndSourcesOfTheirRecipe) {
  const KnowledgeBase kb = kb_of({{"A", "cough", "en", "MSH"},
                                  {"A", "coughing", "en-GB", "MSH"},
                                  {"A", "tos", "es", "MSHSPA"},
                                  {"A", "tos seca", "es", "Wikidata"},
                                  {"A", "toux", "fr", "Wikidata"}});
  EXPECT_EQ(made(kb, recipe_named("sapbert")).lines(), Lines{"A||cough||coughing syn"});
  EXPECT_EQ(made(kb, recipe_named("clinlinker")).lines(), Lines{"A||tos||tos seca syn"});
  EXPECT_EQ(made(kb, recipe_named("wikidata")).lines(), Lines{"A||tos seca||toux syn"});
  EXPECT_EQ(made(kb, recipe_named("all")).pairs.size(), 10U);
  PairRecipe any = recipe_named("sapbert");
  any.names.languages.clear();
  EXPECT_EQ(made(kb, any).pairs.size(), 10U);
}

TEST(MixedPairs, TakeTradeNamesInAnyLanguageForClinlinker) {
  const KnowledgeBase kb = kb_of({{"A", "paracetamol", "es", "S"},
                                  {"A", "Tylenol", "en", "S", Scope::kExact, "TRADENAME"},
                                  {"A", "Panadol", "en", "S", Scope::kExact, "BN"}});
  EXPECT_EQ(made(kb, recipe_named("clinlinker")).lines(), Lines{"A||paracetamol||tylenol syn"});
  PairRecipe others = recipe_named("clinlinker");
  others.trade_names = false;
  EXPECT_TRUE(made(kb, others).pairs.empty());
  EXPECT_TRUE(made(kb, recipe_named("sapbert")).pairs.empty());
  EXPECT_EQ(made(kb, recipe_named("all")).pairs.size(), 3U);
}

TEST(MixedPairs, AreRefusedWhereNoNameHasTheLanguage) {
  const KnowledgeBase kb = kb_of({{"A", "toux", "fr", "S"}});
  EXPECT_THROW(made(kb, recipe_named("clinlinker")), Error);
}

TEST(MixedPairs, KeepToTheCap) {
  ManyNames names;
  names.add("A", "en", 40);  // 780 pairs
  names.add("B", "en", 10);  // 45
  names.add("C", "en", 11);  // 55
  const KnowledgeBase kb = kb_of(names.records());
  const auto result = made(kb, recipe_named("sapbert"));
  std::map<std::string, std::set<std::string>> pairs;
  for (const auto& pair : result.pairs) {
    EXPECT_LT(pair.x, pair.y);
    EXPECT_TRUE(pairs[pair.code].insert(pair.x + "|" + pair.y).second) << "twice";
  }
  EXPECT_EQ(pairs["A"].size(), 50U);
  EXPECT_EQ(pairs["B"].size(), 45U);
  EXPECT_EQ(pairs["C"].size(), 50U);
}

/// Two own names, of which one is the parent's too; two names of the parent, one of its parent.
KnowledgeBase family() {
  return kb_of({{"kid", "asma", "es", "S"},
                {"kid", "Bronquitis", "es", "S"},
                {"mum", "bronquitis", "es", "S"},
                {"mum", "bronquiopatía", "es", "S"},
                {"gran", "neumopatía", "es", "S"},
                {"old", "enfermedad", "es", "S"}},
               {{"kid", "mum"}, {"mum", "gran"}, {"gran", "old"}});
}

TEST(MixedPairs, PutAncestorsAmongTheStringsOfAConcept) {
  const KnowledgeBase kb = family();
  EXPECT_EQ(made(kb, recipe_named("clinlinker")).lines(),
            (Lines{"kid||asma||bronquitis syn", "mum||bronquiopatía||bronquitis syn"}));
  EXPECT_EQ(made(kb, recipe_named("clinlinker-p")).lines(),
            (Lines{"gran||enfermedad||neumopatía par", "kid||asma||bronquiopatía par",
                   "kid||asma||bronquitis syn", "kid||bronquiopatía||bronquitis par",
                   "mum||bronquiopatía||bronquitis syn", "mum||bronquiopatía||neumopatía par",
                   "mum||bronquitis||neumopatía par"}));
  const auto result = made(kb, recipe_named("clinlinker-gp"));
  EXPECT_EQ(result.pairs.size(), 1U + 6U + 6U);
  EXPECT_EQ(result.count(PairRelation::kSynonym), 2U);
  EXPECT_EQ(result.count(PairRelation::kParent), 1U + 2U + 2U);
  EXPECT_EQ(result.count(PairRelation::kGrandparent), 2U + 2U);
  EXPECT_EQ(result.count(PairRelation::kAmongAncestors), 1U + 1U);
}

TEST(MixedPairs, NeedAStringOfTheConceptItself) {
  const KnowledgeBase kb = kb_of({{"kid", "asthma", "en", "S"},
                                  {"mum", "bronquitis", "es", "S"},
                                  {"mum", "bronquiopatía", "es", "S"}},
                                 {{"kid", "mum"}});
  EXPECT_EQ(made(kb, recipe_named("clinlinker-p")).lines(),
            Lines{"mum||bronquiopatía||bronquitis syn"});
}

TEST(MixedPairs, LeaveOutWhatNoLineCanHold) {
  const KnowledgeBase kb = kb_of({{"A", "tos", "en", "S"},
                                  {"A", "tos||seca", "en", "S"},
                                  {"A", "tos|", "en", "S"},
                                  {"A", "to\ts", "en", "S"},
                                  {"A", "to\ns", "en", "S"},
                                  {"A", "to\rs", "en", "S"},
                                  {"A", "|tos|seca", "en", "S"},
                                  {"B||", "fiebre", "en", "S"},
                                  {"B||", "fever", "en", "S"}});
  const auto result = made(kb, recipe_named("sapbert"));
  EXPECT_EQ(result.lines(),
            Lines{"A||tos|||tos|seca syn"});  // splits at the first || from the left
  EXPECT_EQ(result.tally.names.not_writable, 5U);
  EXPECT_EQ(result.tally.bad_codes, 1U);
}

}  // namespace
}  // namespace enlace
