#include "link/text_map.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace enlace {
namespace {

std::filesystem::path fresh(const std::string& name) {
  const auto path = std::filesystem::path(testing::TempDir()) / name;
  std::filesystem::remove(path);
  return path;
}

TEST(DistinctForms, GroupTextsAndLeaveTheEmptyFormOut) {
  const DistinctForms forms = distinct_forms({"tos", "", "disnea", "tos"});
  EXPECT_EQ(forms.forms, (std::vector<std::string>{"disnea", "tos"}));
  EXPECT_EQ(forms.starts, (std::vector<std::uint32_t>{0, 1, 3}));
  EXPECT_EQ(forms.texts, (std::vector<std::uint32_t>{2, 0, 3}));
  EXPECT_EQ(forms.rows, (std::vector<std::uint32_t>{1, DistinctForms::kNoRow, 0, 1}));
}

TEST(TextMap, GivesBackTheTextsOfARow) {
  const auto path = fresh("map");
  write_text_map(path, distinct_forms({"b", "a", "b"}), 7);
  const TextMap map = TextMap::open(path, 3);
  ASSERT_EQ(map.row_count(), 2U);
  EXPECT_EQ(map.texts_of(0)[0], 1U);
  EXPECT_EQ(map.texts_of(1).size(), 2U);
  EXPECT_EQ(map.row_of(0), 1U);
  EXPECT_EQ(map.file().made_from(), 7U);
}

TEST(TextMap, OfNoTextsHasNoRows) {
  const auto path = fresh("empty");
  write_text_map(path, distinct_forms({}), 0);
  EXPECT_EQ(TextMap::open(path, 0).row_count(), 0U);
}

TEST(TextMap, RefusesTextsThatTheKnowledgeBaseDoesNotHave) {
  const auto path = fresh("hostile");
  write_text_map(path, distinct_forms({"a", "b"}), 0);
  EXPECT_THROW(TextMap::open(path, 1), Error);
}

}  // namespace
}  // namespace enlace
