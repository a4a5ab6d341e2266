#include "index/key_index.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/error.h"
#include "index/equal_forms.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

/// Where the file of this test goes; nothing is there.
fs::path place() {
  const fs::path path =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
  fs::remove(path);
  return path;
}

/// Number i has form i % 7 · · · in words; every 11th has none.
FormOf every_seventh() {
  return [](std::uint32_t id, std::string& form) {
    form = id % 11 == 0 ? "" : "form " + std::to_string(id % 7 == 0 ? 0 : id);
  };
}

constexpr std::uint32_t kCount = 5000;

TEST(KeyIndex, FindsEveryNumberOfAKeyAndNoOther) {
  const auto path = place();
  const FormOf key_of = every_seventh();
  write_key_index(path, hash_forms(kCount, key_of, 2), 9);
  const KeyIndex index = KeyIndex::open(path);
  index.verify();
  EXPECT_EQ(index.made_from(), 9U);
  std::vector<std::uint32_t> sevenths;
  for (std::uint32_t id = 0; id < kCount; ++id) {
    if (id % 7 == 0 && id % 11 != 0) sevenths.push_back(id);
    if (id % 7 == 0 || id % 11 == 0) continue;
    ASSERT_EQ(index.find("form " + std::to_string(id), key_of), std::vector<std::uint32_t>{id});
  }
  EXPECT_EQ(index.find("form 0", key_of), sevenths);
  EXPECT_TRUE(index.find("", key_of).empty());
  for (std::uint32_t i = 0; i < kCount; ++i) {
    ASSERT_TRUE(index.find("no form " + std::to_string(i), key_of).empty());
  }
}

TEST(KeyIndex, FindsManyKeysAsItFindsOne) {
  const auto path = place();
  const FormOf key_of = every_seventh();
  write_key_index(path, hash_forms(kCount, key_of, 2), 9);
  const KeyIndex index = KeyIndex::open(path);
  std::vector<std::string> keys = {"", "form 0", "form 0"};
  for (std::uint32_t id = 0; id < 1000; ++id) {
    keys.push_back((id % 3 == 0 ? "no form " : "form ") + std::to_string(id));
  }
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{32}, keys.size()}) {
    const auto found = index.find(std::span(keys).first(count), key_of);
    ASSERT_EQ(found.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(found[i], index.find(std::string_view(keys[i]), key_of)) << keys[i];
    }
  }
}

TEST(KeyIndex, IsTheSameWhateverTheWorkersAndBearsNothing) {
  const FormOf key_of = every_seventh();
  for (const std::uint32_t count : {kCount, 70'000U}) {
    const HashedForms one = hash_forms(count, key_of, 1);
    EXPECT_EQ(one.ids, hash_forms(count, key_of, 3).ids);
    EXPECT_TRUE(std::is_sorted(one.hashes.begin(), one.hashes.end()));
  }
  const auto path = place();
  write_key_index(path, hash_forms(0, key_of, 1), 0);
  EXPECT_TRUE(KeyIndex::open(path).find("form", key_of).empty());
}

TEST(KeyIndex, RefusesEveryFlippedBitAndTruncation) {
  const auto path = place();
  const FormOf key_of = every_seventh();
  write_key_index(path, hash_forms(300, key_of, 1), 0);
  std::ifstream in(path, std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  const auto answer = [&](const std::string& bytes) {
    fs::remove(path);
    std::ofstream(path, std::ios::binary) << bytes;
    const KeyIndex index = KeyIndex::open(path);
    index.verify();
    return index.find("form 0", key_of).size();
  };
  EXPECT_GT(answer(good), 10U);
  for (std::size_t at = 0; at < good.size(); at += 13) {
    std::string bad = good;
    bad[at] = char(bad[at] ^ 8);
    EXPECT_THROW(answer(bad), Error) << at;
    EXPECT_THROW(answer(good.substr(0, at)), Error) << at;
  }
}

TEST(EqualForms, KnowTheFirstAndAllOfAForm) {
  const auto path = place();
  const FormOf form_of = every_seventh();
  write_equal_forms(path, kCount, hash_forms(kCount, form_of, 2), form_of, 3);
  const EqualForms forms = EqualForms::open(path, kCount);
  forms.verify();
  std::vector<std::uint32_t> sevenths;
  for (std::uint32_t id = 0; id < kCount; ++id) {
    const bool seventh = id % 7 == 0 && id % 11 != 0;
    if (seventh) sevenths.push_back(id);
    ASSERT_EQ(forms.first_of(id), seventh ? 7U : id);
    ASSERT_EQ(forms.is_first(id), !seventh || id == 7);
  }
  EXPECT_EQ(forms.all_of(7), sevenths);
  EXPECT_EQ(forms.all_of(8), std::vector<std::uint32_t>{8});
  EXPECT_EQ(forms.all_of(0), std::vector<std::uint32_t>{0});
  EXPECT_EQ(forms.others(), sevenths.size() - 1);
  EXPECT_THROW(EqualForms::open(path, kCount + 512), Error);
}

}  // namespace
}  // namespace enlace
