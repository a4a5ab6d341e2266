#include <map>
#include <set>

#include "base/error.h"
#include "base/random.h"
#include "pairs/ancestors.h"
#include "pairs/pairs_fixture.h"
#include "text/normalizer.h"

namespace enlace {
namespace {

using testing_pairs::kb_of;
using testing_pairs::Lines;
using testing_pairs::made;
using testing_pairs::Made;
using testing_pairs::ManyNames;

std::string form(std::string_view text) {
  static const Normalizer normalizer = Normalizer::plain();
  std::string out;
  normalizer.normalize(text, out);
  return out;
}

/// A child of two parents, with one grandparent above each.
KnowledgeBase family(int own, int of_parent, int of_grandparent) {
  ManyNames names;
  names.add("kid", "es", own);
  names.add("mum", "es", of_parent);
  names.add("dad", "es", of_parent);
  names.add("gran", "es", of_grandparent);
  names.add("gramps", "es", of_grandparent);
  return kb_of(names.records(),
               {{"kid", "mum"}, {"kid", "dad"}, {"mum", "gran"}, {"dad", "gramps"}});
}

std::map<PairRelation, int> relations_of(const Made& result, std::string_view code) {
  std::map<PairRelation, int> counts;
  for (const auto& pair : result.pairs) {
    if (pair.code == code) ++counts[pair.relation];
  }
  return counts;
}

using Relations = std::map<PairRelation, int>;

TEST(QuotaPairs, AreSharedBetweenSynonymsAndAncestorsAndTwoToOneByDepth) {
  const auto result = made(family(8, 4, 4), recipe_named("enlace"));
  EXPECT_EQ(relations_of(result, "kid"), (Relations{{PairRelation::kSynonym, 15},
                                                    {PairRelation::kParent, 7},
                                                    {PairRelation::kGrandparent, 3}}));
}

TEST(QuotaPairs, AreNoneOfAClassWithoutAQuota) {
  PairRecipe recipe = recipe_named("enlace");
  recipe.ancestor_pairs = 0;
  EXPECT_EQ(relations_of(made(family(2, 9, 9), recipe), "kid"),
            (Relations{{PairRelation::kSynonym, 1}}));
  recipe = recipe_named("enlace");
  recipe.synonym_pairs = 0;
  EXPECT_EQ(relations_of(made(family(9, 1, 1), recipe), "kid"),
            (Relations{{PairRelation::kParent, 7}, {PairRelation::kGrandparent, 3}}));
}

TEST(QuotaPairs, AreNoneOfADepthWithoutAWeight) {
  PairRecipe recipe = recipe_named("enlace");
  recipe.grandparent_weight = 0;
  EXPECT_EQ(relations_of(made(family(1, 1, 30), recipe), "kid"),
            (Relations{{PairRelation::kParent, 2}}));
  recipe = recipe_named("enlace");
  recipe.parent_weight = 0;
  EXPECT_EQ(relations_of(made(family(1, 30, 1), recipe), "kid"),
            (Relations{{PairRelation::kGrandparent, 2}}));
  EXPECT_EQ(relations_of(made(family(1, 30, 1), recipe), "mum"),
            (Relations{{PairRelation::kSynonym, 25}}));  // its parent has no parent
}

TEST(QuotaPairs, PassOnWhatAClassCannotUse) {
  const auto few_own = made(family(2, 9, 9), recipe_named("enlace"));  // 1 synonym pair
  EXPECT_EQ(relations_of(few_own, "kid"), (Relations{{PairRelation::kSynonym, 1},
                                                     {PairRelation::kParent, 16},
                                                     {PairRelation::kGrandparent, 8}}));
  // No ancestors: all 25 are synonyms.
  EXPECT_EQ(relations_of(made(family(9, 1, 9), recipe_named("enlace")), "gran"),
            (Relations{{PairRelation::kSynonym, 25}}));
  // One string, of one parent: grandparents take over.
  const auto single = made(family(1, 1, 30), recipe_named("enlace"));
  EXPECT_EQ(relations_of(single, "kid"),
            (Relations{{PairRelation::kParent, 2}, {PairRelation::kGrandparent, 23}}));
  const auto no_grandparents = made(family(1, 30, 9), recipe_named("enlace"));
  EXPECT_EQ(relations_of(no_grandparents, "mum")[PairRelation::kParent], 10);
}

TEST(QuotaPairs, GiveAncestorsOfADepthTheirTurns) {
  std::map<std::string, int> by_parent;
  for (const auto& pair : made(family(8, 40, 1), recipe_named("enlace")).pairs) {
    if (pair.code == "kid" && pair.relation == PairRelation::kParent)
      ++by_parent[pair.y.substr(0, 3)];
  }
  ASSERT_EQ(by_parent.size(), 2U);
  EXPECT_LE(std::abs(by_parent["mum"] - by_parent["dad"]), 1);
}

TEST(QuotaPairs, BeginWithAnyAncestorOfADepth) {
  ManyNames names;
  names.add("kid", "es", 1);
  std::vector<std::string> parents;
  for (int i = 0; i < 20; ++i) parents.push_back(fmt::format("parent{:02}", i));
  std::vector<RelationRecord> relations;
  for (const std::string& parent : parents) {
    names.add(parent, "es", 1);
    relations.push_back({"kid", parent});
  }
  const KnowledgeBase kb = kb_of(names.records(), relations);
  PairRecipe recipe = recipe_named("enlace");
  recipe.synonym_pairs = 0;
  recipe.ancestor_pairs = recipe.hops = 1;
  std::set<std::string> chosen;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto result = made(kb, recipe, {.seed = seed});
    ASSERT_EQ(result.pairs.size(), 1U);
    chosen.insert(result.pairs[0].y);
  }
  EXPECT_GT(chosen.size(), 12U);  // 19 expected
}

TEST(QuotaPairs, StopAtTheHopsOfTheRecipe) {
  PairRecipe recipe = recipe_named("enlace");
  recipe.hops = 1;
  EXPECT_EQ(relations_of(made(family(8, 4, 4), recipe), "kid"),
            (Relations{{PairRelation::kSynonym, 15}, {PairRelation::kParent, 5}}));
  recipe.hops = 0;
  EXPECT_EQ(relations_of(made(family(8, 4, 4), recipe), "kid"),
            (Relations{{PairRelation::kSynonym, 15}}));
}

TEST(QuotaPairs, AreNeverOfEqualStringsHoweverTheyAreSpelt) {
  const KnowledgeBase kb = kb_of({{"kid", "Neumonía", "es", "S"},
                                  {"kid", "neumonia", "es", "S"},
                                  {"kid", "NEUMONÍA ", "pt", "S"},
                                  {"kid", "pulmonía", "es", "S"},
                                  {"mum", "PULMONIA", "es", "S"},
                                  {"mum", "neumopatía", "es", "S"},
                                  {"gran", "Neumopatia", "es", "S"}},
                                 {{"kid", "mum"}, {"mum", "gran"}});
  const auto result = made(kb, recipe_named("enlace"));
  EXPECT_EQ(result.lines().size(), 1U + 2U + 1U);
  for (const auto& pair : result.pairs) EXPECT_NE(form(pair.x), form(pair.y));
  EXPECT_EQ(relations_of(result, "kid"),
            (Relations{{PairRelation::kSynonym, 1}, {PairRelation::kParent, 2}}));
}

TEST(QuotaPairs, StripTheTagsOfSnomedNamesUnlessAsked) {
  const KnowledgeBase kb = kb_of({{"A", "asma (trastorno)", "es", "SCTSPA", Scope::kPreferred},
                                  {"A", "asma bronquial", "es", "SCTSPA"},
                                  {"A", "asma (enfermedad)", "es", "HPO"}});
  PairRecipe recipe = recipe_named("enlace");
  EXPECT_EQ(made(kb, recipe).lines(),
            (Lines{"A||asma||asma (enfermedad) syn", "A||asma||asma bronquial syn",
                   "A||asma (enfermedad)||asma bronquial syn"}));
  recipe.strip_tags = false;
  EXPECT_EQ(made(kb, recipe).lines().at(0), "A||asma (enfermedad)||asma (trastorno) syn");
}

TEST(QuotaPairs, StripNoGroupOfANameThatIsKnownNotToBeFullySpecified) {
  const KnowledgeBase kb = kb_of({{"A", "asma (trastorno)", "es", "SCTSPA", Scope::kExact, "FN"},
                                  {"A", "vitamina (D)", "es", "SCTSPA", Scope::kExact, "PT"}});
  EXPECT_EQ(made(kb, recipe_named("enlace")).lines(), Lines{"A||asma||vitamina (d) syn"});
}

TEST(QuotaPairs, LeaveOutNarrowerAndBroaderNames) {
  const KnowledgeBase kb = kb_of({{"A", "asma", "es", "S", Scope::kPreferred},
                                  {"A", "asma grave", "es", "S", Scope::kNarrower},
                                  {"A", "neumopatía", "es", "S", Scope::kBroader},
                                  {"A", "asma bronquial", "es", "S", Scope::kRelated}});
  const auto result = made(kb, recipe_named("enlace"));
  EXPECT_EQ(result.lines(), Lines{"A||asma||asma bronquial syn"});
  EXPECT_EQ(result.tally.names.other_scope, 2U);
  EXPECT_EQ(result.tally.names.taken, 2U);
}

TEST(QuotaPairs, KeepTheCaseIfAsked) {
  const KnowledgeBase kb = kb_of({{"A", "VIH", "es", "S"}, {"A", "Sida", "es", "S"}});
  PairRecipe recipe = recipe_named("enlace");
  recipe.lower_case = false;
  EXPECT_EQ(made(kb, recipe).lines(), Lines{"A||Sida||VIH syn"});
}

TEST(QuotaPairs, TakeTheStrongestScopesIfNamesAreTooMany) {
  ManyNames names;
  names.add("A", "es", 30);
  names.add("A", "en", 3, Scope::kPreferred);
  PairRecipe recipe = recipe_named("enlace");
  recipe.max_names = 7;
  recipe.synonym_pairs = 1000;
  std::set<std::string> strings, preferred;
  for (const auto& pair : made(kb_of(names.records()), recipe).pairs) {
    for (const auto& text : {pair.x, pair.y}) {
      strings.insert(text);
      if (text.starts_with("a en")) preferred.insert(text);
    }
  }
  EXPECT_EQ(strings.size(), 7U);
  EXPECT_EQ(preferred.size(), 3U);
}

TEST(QuotaPairs, CrossLanguagesAsOftenAsAsked) {
  ManyNames names;
  for (int i = 0; i < 200; ++i) {
    names.add(fmt::format("c{:03}", i), "en", 6);
    names.add(fmt::format("c{:03}", i), "es", 6);
    names.add(fmt::format("c{:03}", i), "fr", 6);
  }
  std::vector<RelationRecord> relations;
  std::vector<std::string> codes;
  for (int i = 0; i < 200; ++i) codes.push_back(fmt::format("c{:03}", i));
  for (int i = 1; i < 200; ++i)
    relations.push_back({codes[std::size_t(i)], codes[std::size_t(i / 4)]});
  const KnowledgeBase kb = kb_of(names.records(), relations);
  for (const double rho : {0.0, 0.25, 1.0}) {
    PairRecipe recipe = recipe_named("enlace");
    recipe.cross_lingual = rho;
    const auto result = made(kb, recipe);
    std::map<PairRelation, std::pair<int, int>> counts;  // crossing, all
    for (const auto& pair : result.pairs) {
      auto& [crossing, all] = counts[pair.relation];
      crossing += pair.x_language != pair.y_language ? 1 : 0;
      ++all;
      EXPECT_NE(pair.x.find(" " + pair.x_language + " "), std::string::npos);
      EXPECT_NE(pair.y.find(" " + pair.y_language + " "), std::string::npos);
    }
    ASSERT_EQ(counts.size(), 3U);
    for (const auto& [relation, count] : counts) {
      EXPECT_NEAR(double(count.first) / count.second, rho, 0.08) << int(relation);
    }
  }
}

TEST(QuotaPairs, TakeTheOtherPairsWhereALanguageHasTooFew) {
  ManyNames names;
  names.add("A", "en", 5);
  PairRecipe recipe = recipe_named("enlace");
  recipe.cross_lingual = 1;
  EXPECT_EQ(made(kb_of(names.records()), recipe).pairs.size(), 10U);
}

/// A random DAG with random names that collide between concepts.
KnowledgeBase random_kb(std::uint64_t seed, int concepts) {
  Random random(seed);
  std::vector<std::string> codes, texts;
  for (int i = 0; i < concepts; ++i) codes.push_back(fmt::format("C{:04}", i));
  for (int i = 0; i < 4 * concepts; ++i) {
    texts.push_back(fmt::format("{} {}", i % 3 == 0 ? "Edéma" : "edema", i / 2));
  }
  std::vector<NameRecord> names;
  std::vector<RelationRecord> relations;
  const std::string_view languages[] = {"en", "es", "de"};
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::uint64_t count = 1 + random.below(random.below(9) + 1) * random.below(8);
    for (std::uint64_t k = 0; k < count; ++k) {
      names.push_back({codes[i], texts[random.below(texts.size())], languages[random.below(3)], "S",
                       Scope(random.below(3))});
    }
    for (std::uint64_t k = random.below(4); k > 0 && i > 0; --k) {
      relations.push_back({codes[i], codes[random.below(i)]});
    }
  }
  return kb_of(names, relations);
}

/// The distinct normalised strings of a concept.
std::set<std::string> forms_of(const KnowledgeBase& kb, ConceptId id) {
  std::set<std::string> forms;
  for (const NameId name : kb.names_of(id)) forms.insert(form(kb.name(name).text));
  return forms;
}

TEST(QuotaPairs, HoldToEveryRuleOnRandomKnowledgeBases) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const KnowledgeBase kb = random_kb(seed, 300);
    PairRecipe recipe = recipe_named("enlace");
    recipe.max_names = 0;
    if (seed % 2 == 1) recipe.cross_lingual = 0.5;
    const auto result = made(kb, recipe, {.seed = seed, .workers = 2});
    EXPECT_EQ(result.count(PairRelation::kAmongAncestors), 0U);
    std::map<std::string, std::set<std::pair<std::string, std::string>>> of_concept;
    for (const auto& pair : result.pairs) {
      const ConceptId id = *kb.find(pair.code);
      const auto own = forms_of(kb, id);
      EXPECT_NE(form(pair.x), form(pair.y));
      EXPECT_TRUE(own.contains(form(pair.x))) << "no pair without the concept";
      EXPECT_EQ(own.contains(form(pair.y)), pair.relation == PairRelation::kSynonym);
      EXPECT_TRUE(of_concept[pair.code].insert(std::minmax(form(pair.x), form(pair.y))).second);
      if (pair.relation == PairRelation::kSynonym) continue;
      const std::uint32_t depth = pair.relation == PairRelation::kParent ? 1 : 2;
      bool found = false;
      for (const Ancestor& above : ancestors_within(kb, id, 2)) {
        found |= above.depth == depth && forms_of(kb, above.concept_id).contains(form(pair.y));
      }
      EXPECT_TRUE(found);
    }
    for (ConceptId id = 0; id < kb.concept_count(); ++id) {  // caps hold and nothing is wasted
      const auto own = forms_of(kb, id);
      std::set<std::string> above;
      for (const Ancestor& each : ancestors_within(kb, id, 2))
        above.merge(forms_of(kb, each.concept_id));
      for (const auto& text : own) above.erase(text);
      const std::size_t possible = own.size() * (own.size() - 1) / 2 + own.size() * above.size();
      EXPECT_EQ(of_concept[std::string(kb.code(id))].size(), std::min<std::size_t>(25, possible));
    }
  }
}

TEST(QuotaPairs, RefuseARecipeThatMakesNoSense) {
  const KnowledgeBase kb = kb_of({{"A", "tos", "es", "S"}});
  PairRecipe recipe = recipe_named("enlace");
  recipe.parent_weight = recipe.grandparent_weight = 0;
  EXPECT_THROW(made(kb, recipe), Error);
  recipe = recipe_named("enlace");
  recipe.cross_lingual = 1.5;
  EXPECT_THROW(made(kb, recipe), Error);
  recipe = recipe_named("all");
  recipe.cap = 0;
  EXPECT_THROW(made(kb, recipe), Error);
}

TEST(MakePairs, DependsOnTheSeedButNotOnTheWorkers) {
  const KnowledgeBase kb = random_kb(3, 3000);
  for (const char* name : {"all", "enlace"}) {
    PairRecipe recipe = recipe_named(name);
    recipe.cap = recipe.synonym_pairs = 3;
    const auto once = made(kb, recipe, {.seed = 1, .workers = 1});
    EXPECT_EQ(once.lines(), made(kb, recipe, {.seed = 1, .workers = 1}).lines());
    EXPECT_EQ(once.lines(), made(kb, recipe, {.seed = 1, .workers = 16}).lines());
    EXPECT_NE(once.lines(), made(kb, recipe, {.seed = 2, .workers = 1}).lines());
  }
}

TEST(MakePairs, DrawsForAConceptWhateverTheOthersAre) {
  ManyNames alone, among;
  alone.add("M", "en", 30);
  among.add("B", "en", 9);
  among.add("M", "en", 30);
  among.add("Z", "en", 9);
  const auto apart = made(kb_of(alone.records()), recipe_named("all")).lines();
  auto together = made(kb_of(among.records()), recipe_named("all")).lines();
  std::erase_if(together, [](const std::string& line) { return !line.starts_with("M"); });
  EXPECT_EQ(apart, together);
}

TEST(MakePairs, StopsWhenAskedTo) {
  const KnowledgeBase kb = random_kb(1, 100);
  const std::atomic<bool> stop = true;
  Progress progress;
  progress.cancelled = &stop;
  EXPECT_THROW(make_pairs(
                   kb, recipe_named("all"), {}, [](auto) {}, progress),
               Error);
}

TEST(Ancestors, AreCountedAtTheirShortestWay) {
  const KnowledgeBase kb = kb_of(
      {{"a", "a", "en", "S"}, {"b", "b", "en", "S"}, {"c", "c", "en", "S"}, {"d", "d", "en", "S"}},
      {{"d", "c"}, {"d", "b"}, {"c", "b"}, {"b", "a"}});
  EXPECT_EQ(ancestors_within(kb, 3, 0), std::vector<Ancestor>{});
  EXPECT_EQ(ancestors_within(kb, 3, 1), (std::vector<Ancestor>{{1, 1}, {2, 1}}));
  EXPECT_EQ(ancestors_within(kb, 3, 9), (std::vector<Ancestor>{{1, 1}, {2, 1}, {0, 2}}));
  EXPECT_TRUE(ancestors_within(kb, 0, 2).empty());
}

}  // namespace
}  // namespace enlace
