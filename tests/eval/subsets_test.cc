#include "eval/subsets.h"

#include <gtest/gtest.h>

namespace enlace {
namespace {

TEST(Subsets, FollowTheReferenceNotebooks) {
  const std::vector<GoldMention> gold{
      {"disnea", "1"},          // 0: seen mention, seen code
      {"Disnea", "1"},          // 1: case makes it unseen
      {"tos seca", "2"},        // 2: unseen both ways
      {"fiebre", "3"},          // 3: a name of the knowledge base, unseen code
      {"tos y fiebre", "2+3"},  // 4: composite
      {"algo", "NO_CODE"},      // 5: NIL
      {"algo más", "NO_CODE+2"}, {"nada", "NOMAP"},
      {"raro", "N NO_CODE"},  // 8: clean by the letter, but not counted as unseen
  };
  const std::vector<GoldMention> train{{"disnea", "1"}, {"otra", "1"}};
  const Subsets subsets =
      subsets_of(gold, train, [](std::string_view text) { return text == "fiebre"; });
  EXPECT_EQ(subsets.clean, (Rows{0, 1, 2, 3, 8}));
  EXPECT_EQ(subsets.unseen_mentions, (Rows{1, 2}));
  EXPECT_EQ(subsets.unseen_codes, (Rows{2, 3}));
}

}  // namespace
}  // namespace enlace
