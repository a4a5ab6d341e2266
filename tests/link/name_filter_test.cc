#include "link/name_filter.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "link/link_fixture.h"

namespace enlace {
namespace {

class NameFilterTest : public LinkFixture {
 protected:
  NameFilterTest()
      : LinkFixture({{"A", "dor", "pt-BR", "S1", Scope::kPreferred},
                     {"A", "dolor", "es", "S2", Scope::kPreferred},
                     {"B", "dolor torácico", "es", "S1", Scope::kPreferred},
                     {"C", "dolor", "es", "S1", Scope::kPreferred}},
                    {{"B", "A"}}, {{"A", "síntoma"}, {"C", "otro"}}) {}

  /// The names that a filter lets through, as "code:text".
  std::vector<std::string> allowed(const NameFilter& filter) const {
    const NameScope scope(kb(), filter);
    std::vector<std::string> names;
    for (NameId id = 0; id < kb().name_count(); ++id) {
      if (!scope.allows(id)) continue;
      names.push_back(std::string(kb().code(kb().name(id).concept_id)) + ":" +
                      std::string(kb().name(id).text));
    }
    return names;
  }
};

using Names = std::vector<std::string>;

TEST_F(NameFilterTest, AnEmptyOneAllowsEverything) {
  EXPECT_TRUE(NameScope(kb(), {}).everything());
  EXPECT_EQ(allowed({}).size(), 4U);
}

TEST_F(NameFilterTest, RestrictsByEachPropertyAndByAllTogether) {
  EXPECT_EQ(allowed({.languages = {"pt"}}), (Names{"A:dor"}));
  EXPECT_EQ(allowed({.sources = {"S2"}}), (Names{"A:dolor"}));
  EXPECT_EQ(allowed({.types = {"otro"}}), (Names{"C:dolor"}));
  EXPECT_EQ(allowed({.languages = {"es"}, .subtrees = {"A"}}),
            (Names{"A:dolor", "B:dolor torácico"}));
  EXPECT_EQ(allowed({.languages = {"pt-BR"}, .sources = {"S2"}}), Names{});
}

TEST_F(NameFilterTest, ATextIsAllowedIfOneOfItsNamesIs) {
  const RowFilter texts = NameScope(kb(), {.sources = {"S2"}}).texts(kb());
  EXPECT_TRUE(texts.allows(*kb().find_text("dolor")));
  EXPECT_FALSE(texts.allows(*kb().find_text("dor")));
}

TEST_F(NameFilterTest, SaysWhatThereIsInsteadOfWhatWasAskedFor) {
  const ChangedKb all_there_is{&kb()};
  try {
    require_known({.languages = {"fr"}}, all_there_is);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "filter: expected a language among es, pt-BR; found fr");
  }
  EXPECT_THROW(require_known({.subtrees = {"Z"}}, all_there_is), Error);
  require_known({.languages = {"pt"}, .subtrees = {"A"}}, all_there_is);
  EXPECT_EQ(allowed({.languages = {"fr"}}), Names{});
}

TEST_F(NameFilterTest, LeavesOutSupersededConcepts) {
  const ConceptId gone[] = {*kb().find("A")};
  const NameScope scope(kb(), {}, gone);
  EXPECT_FALSE(scope.everything());
  const RowFilter texts = scope.texts(kb());
  EXPECT_FALSE(texts.allows(*kb().find_text("dor")));   // of A alone
  EXPECT_TRUE(texts.allows(*kb().find_text("dolor")));  // of C too
  EXPECT_TRUE(texts.allows(*kb().find_text("dolor torácico")));
  for (const NameId id : kb().names_of(gone[0])) EXPECT_FALSE(scope.allows(id));
  for (const NameId id : kb().names_of(*kb().find("C"))) EXPECT_TRUE(scope.allows(id));

  const NameScope both(kb(), {.languages = {"es"}}, gone);
  EXPECT_FALSE(both.allows(kb().names_of(gone[0]).first));
  EXPECT_TRUE(both.allows(kb().names_of(*kb().find("C")).first));
}

}  // namespace
}  // namespace enlace
