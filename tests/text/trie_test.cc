#include "text/trie.h"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/random.h"

namespace enlace {
namespace {

using Keys = std::vector<std::string_view>;

std::vector<std::int32_t> prefixes(const Trie& trie, std::string_view text) {
  std::vector<std::int32_t> values;
  Trie::State state = trie.root();
  for (const char byte : text) {
    if (!trie.step(state, byte)) break;
    if (Trie::has_value(state)) values.push_back(Trie::value(state));
  }
  return values;
}

TEST(Trie, FindsEveryKeyThatBeginsAText) {
  const Trie trie = Trie::of_places(Keys{"a", "abc", "b", "ab\xF0", "abcdef"});
  EXPECT_EQ(prefixes(trie, "abcdx"), (std::vector<std::int32_t>{0, 1}));
  EXPECT_EQ(prefixes(trie, "ab\xF0"), (std::vector<std::int32_t>{0, 3}));
  EXPECT_EQ(prefixes(trie, "c"), std::vector<std::int32_t>{});
  EXPECT_EQ(trie.find("ab"), -1);
  EXPECT_EQ(trie.find("b"), 2);
  EXPECT_EQ(trie.find(""), -1);
  EXPECT_EQ(Trie().find("a"), -1);
}

TEST(Trie, KeepsTheLastOfEqualKeysAndIgnoresTheEmptyOne) {
  const Trie trie = Trie::of_places(Keys{"x", "", "y", "x"});
  EXPECT_EQ(trie.find("x"), 3);
  EXPECT_EQ(trie.find(""), -1);
}

TEST(Trie, AgreesWithAMapOnRandomKeysOfEveryByte) {
  Random random(7);
  std::map<std::string, std::int32_t> map;
  for (std::int32_t i = 0; i < 20'000; ++i) {
    const bool narrow = i % 2 != 0;  // many keys that share their beginnings, and zeros
    std::string key(1 + random.below(i % 4 == 1 ? 24 : 6), '\0');
    const std::size_t alphabet = narrow ? 2 + i % 4 / 3 : 256;
    for (char& byte : key) byte = static_cast<char>(random.below(alphabet));
    map.emplace(key, i);
  }
  std::vector<std::string_view> keys;
  std::vector<std::int32_t> values;
  for (const auto& [key, value] : map) {
    keys.push_back(key);
    values.push_back(value);
  }
  const Trie trie(keys, values);
  for (const auto& [key, value] : map) {
    ASSERT_EQ(trie.find(key), value);
    const auto longer = map.find(key + '\1');
    ASSERT_EQ(trie.find(key + '\1'), longer == map.end() ? -1 : longer->second);
  }
}

TEST(Trie, RefusesKeysAndValuesBeyondItsBounds) {
  const std::string longest(Trie::kMaxKeySize, 'a');
  EXPECT_EQ(Trie::of_places(Keys{longest}).find(longest), 0);
  EXPECT_THROW(Trie::of_places(Keys{longest + "a"}), Error);
  EXPECT_THROW(Trie(Keys{"a"}, std::vector<std::int32_t>{-1}), Error);
  EXPECT_THROW(Trie(Keys{"a"}, std::vector<std::int32_t>{Trie::kMaxValue + 1}), Error);
}

}  // namespace
}  // namespace enlace
