#include "link/ranking.h"

#include <gtest/gtest.h>

#include "link/link_fixture.h"

namespace enlace {
namespace {

class Ranking : public LinkFixture {
 protected:
  Ranking()
      : LinkFixture({{"A", "uno", "es", "S", Scope::kExact},
                     {"B", "dos", "es", "S", Scope::kPreferred},
                     {"B", "deux", "fr", "S", Scope::kExact},
                     {"C", "tres", "es", "S", Scope::kPreferred},
                     {"AB", "cuatro", "es", "S", Scope::kPreferred}}) {}

  Candidate candidate(std::string_view code, std::size_t name, float score) const {
    const ConceptId id = *kb().find(code);
    return {&kb(), id, kb().names_of(id).first + NameId(name), score, {}};
  }
  std::string codes(std::vector<Candidate> candidates, Ties ties, std::size_t k) const {
    rank(candidates, ties, k);
    std::string codes;
    for (const Candidate& c : candidates) codes += kb().code(c.concept_id);
    return codes;
  }
};

TEST_F(Ranking, IsByFallingScoreWithEachConceptOnce) {
  EXPECT_EQ(codes({candidate("A", 0, 0.2F), candidate("B", 1, 0.9F), candidate("B", 0, 0.1F),
                   candidate("C", 0, 0.5F)},
                  Ties::kCode, 10),
            "BCA");
  EXPECT_EQ(codes({candidate("A", 0, 0.2F), candidate("C", 0, 0.5F)}, Ties::kCode, 1), "C");
  EXPECT_EQ(codes({}, Ties::kCode, 3), "");
}

TEST_F(Ranking, KeepsTheBestNameOfAConceptAndTheFirstAmongEquals) {
  std::vector<Candidate> candidates{candidate("B", 1, 0.5F), candidate("B", 0, 0.5F)};
  rank(candidates, Ties::kCode, 5);
  ASSERT_EQ(candidates.size(), 1U);
  EXPECT_EQ(kb().name(candidates[0].name_id).text, "dos");
}

TEST_F(Ranking, TakesScoresEqualToFiveDecimalsForTied) {
  EXPECT_EQ(codes({candidate("C", 0, 0.500004F), candidate("A", 0, 0.500001F)}, Ties::kCode, 5),
            "AC");
  EXPECT_EQ(codes({candidate("C", 0, 0.50002F), candidate("A", 0, 0.50001F)}, Ties::kCode, 5),
            "CA");
}

TEST_F(Ranking, PutsAmongEqualScoresTheShorterCodeFirst) {
  std::vector<Candidate> tied{candidate("AB", 0, 0.5F), candidate("C", 0, 0.5F)};
  EXPECT_EQ(codes(tied, Ties::kShortCode, 5), "CAB");
  EXPECT_EQ(codes(tied, Ties::kCode, 5), "ABC");
}

TEST_F(Ranking, MergesAnswersByTheSameOrder) {
  std::vector<Candidate> ours{candidate("C", 0, 0.9F), candidate("AB", 0, 0.5F)};
  merge_ranked(ours, {candidate("B", 0, 0.7F), candidate("A", 0, 0.5F)}, Ties::kShortCode, 3);
  std::string merged;
  for (const Candidate& c : ours) merged += kb().code(c.concept_id);
  EXPECT_EQ(merged, "CBA");
}

}  // namespace
}  // namespace enlace
