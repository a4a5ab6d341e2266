#include "base/sort_strings.h"

#include <algorithm>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace enlace {
namespace {

using namespace std::string_literals;

std::vector<std::uint32_t> order_of(const std::vector<std::string>& strings, std::size_t workers) {
  return sorted_order(
      strings.size(), [&](std::uint32_t id) { return std::string_view(strings[id]); }, workers);
}

std::vector<std::uint32_t> stable_order(const std::vector<std::string>& strings) {
  std::vector<std::uint32_t> order(strings.size());
  for (std::uint32_t id = 0; id < order.size(); ++id) order[id] = id;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return strings[a] < strings[b]; });
  return order;
}

TEST(SortStrings, IsTheByteOrder) {
  const std::vector<std::string> strings{"b", "",      "a\0"s,     "a",         "\xff", "ab",
                                         "a", "a\0b"s, "abcdefgh", "abcdefghi", "é",    "abcdefgh"};
  EXPECT_EQ(order_of(strings, 1), stable_order(strings));
}

TEST(SortStrings, AgreesWithStableSortOnRandomStringsWhateverTheWorkers) {
  std::mt19937 random(1);
  std::vector<std::string> strings;
  for (std::size_t i = 0; i < 20'000; ++i) {
    std::string text(random() % 3 == 0 ? "a common beginning of words " : "");
    const std::size_t length = random() % 20;
    for (std::size_t c = 0; c < length; ++c)
      text += char(random() % 4 == 0 ? 0 : 'a' + random() % 3);
    strings.push_back(text);
  }
  EXPECT_EQ(order_of(strings, 1), stable_order(strings));
  EXPECT_EQ(order_of(strings, 3), stable_order(strings));
}

TEST(SortStrings, SharesManyStringsAmongWorkers) {
  std::mt19937 random(2);
  std::vector<std::string> strings;
  for (std::size_t i = 0; i < 70'000; ++i) {
    strings.push_back(std::string(random() % 3, 'm') + std::to_string(random() % 50'000));
  }
  const auto expected = stable_order(strings);
  for (const std::size_t workers : {1U, 3U}) EXPECT_EQ(order_of(strings, workers), expected);
}

TEST(SortStrings, BearsLongStringsThatAreEqual) {
  const std::vector<std::string> strings(50, std::string(3'000'000, 'x'));
  EXPECT_EQ(order_of(strings, 2), stable_order(strings));
  EXPECT_TRUE(order_of({}, 2).empty());
}

}  // namespace
}  // namespace enlace
