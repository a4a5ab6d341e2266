#include "index/string_index.h"

#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"
#include "files.h"

namespace enlace {
namespace {

constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();

std::filesystem::path written(const std::vector<std::string>& strings,
                              std::string_view name = "index") {
  const auto path = fresh_path(name);
  const std::vector<std::string_view> views(strings.begin(), strings.end());
  write_string_index(path, views, 7);
  return path;
}

std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> strings;
  for (std::size_t i = 0; i < count; ++i) strings.push_back(fmt::format("nombre {}", i * i));
  return strings;
}

TEST(StringIndex, FindsEveryStringAndNoOther) {
  const auto strings = numbered(1000);
  const auto index = StringIndex::open(written(strings));
  EXPECT_EQ(index.size(), strings.size());
  EXPECT_EQ(index.made_from(), 7U);
  for (std::uint32_t row = 0; row < strings.size(); ++row) {
    EXPECT_EQ(index.find(strings[row]), row);
    EXPECT_EQ(index.text(row), strings[row]);
    EXPECT_EQ(index.find(strings[row] + " "), std::nullopt);
  }
  EXPECT_EQ(index.find(""), std::nullopt);
}

TEST(StringIndex, MayHoldTheEmptyStringAndBytesOfAnyKind) {
  const std::vector<std::string> strings = {"", std::string("\0", 1), "\xff", "ñ"};
  const auto index = StringIndex::open(written(strings));
  for (std::uint32_t row = 0; row < strings.size(); ++row) {
    EXPECT_EQ(index.find(strings[row]), row);
  }
}

TEST(StringIndex, MayBeEmpty) {
  const auto index = StringIndex::open(written({}));
  EXPECT_EQ(index.size(), 0U);
  EXPECT_EQ(index.find("x"), std::nullopt);
  EXPECT_EQ(index.find(""), std::nullopt);
}

TEST(StringIndex, RefusesEqualStringsWithTheirRowsButNotTheirText) {
  try {
    written({"uno", "dos", "uno"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInvalidArgument);
    EXPECT_NE(std::string_view(error.what()).find("rows 0 and 2"), std::string_view::npos);
    EXPECT_EQ(std::string_view(error.what()).find("uno"), std::string_view::npos);
  }
}

TEST(StringIndex, EqualInputGivesEqualBytes) {
  EXPECT_EQ(bytes_of(written(numbered(100), "a")), bytes_of(written(numbered(100), "b")));
}

TEST(StringIndex, RefusesDamage) {
  expect_damage_refused(written(numbered(20)), [](const std::filesystem::path& path) {
    StringIndex::open(path).verify();
  });
}

TEST(StringIndex, RefusesHostileNumbersUnderRightChecksums) {
  const auto path = written(numbered(20));
  const auto refused = [&](std::string_view section, const auto& change) {
    return error_of([&] { StringIndex::open(rewritten(path, "strings", section, change)); }) ==
           ErrorKind::kCorrupt;
  };
  std::size_t used = 0;  // a slot with a row: (tag, row) pairs of u32
  const auto file = SectionFile::open(path, "strings");
  const auto slots = file.array<std::uint64_t>("slots");
  while (slots[used] >> 32 == kFree) ++used;
  EXPECT_TRUE(refused("offsets", set_value<std::uint64_t>(5, 1'000'000)));
  EXPECT_TRUE(refused("offsets", set_value<std::uint64_t>(0, 1)));
  EXPECT_TRUE(refused("offsets", set_value<std::uint64_t>(20, 0)));
  EXPECT_TRUE(refused("offsets", drop(8 * 21)));
  EXPECT_TRUE(refused("slots", set_value<std::uint32_t>(2 * used + 1, 20)));
  EXPECT_TRUE(refused("slots", set_value<std::uint32_t>(2 * used + 1, kFree)));
  EXPECT_TRUE(refused("slots", drop(8)));
  EXPECT_TRUE(refused("slots", drop(8 * slots.size())));
  EXPECT_TRUE(refused("text", drop(1)));
  // Every slot taken: a search for what is not there would not end.
  EXPECT_TRUE(refused("slots", [](std::vector<std::byte>& bytes) {
    std::fill(bytes.begin(), bytes.end(), std::byte{0});
  }));
}

TEST(StringIndex, RefusesAnotherKindOfFile) {
  const auto path = fresh_path();
  SectionWriter(path, "other").finish();
  EXPECT_THROW(StringIndex::open(path), Error);
}

}  // namespace
}  // namespace enlace
