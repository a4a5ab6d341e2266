#include "index/changed_index.h"

#include <gtest/gtest.h>

#include "vectors.h"

namespace enlace {
namespace {

/// A path of an index without changes.
std::filesystem::path fresh_index(const Vectors& vectors, std::string_view name = "index") {
  const auto path = write_index(vectors, name);
  std::filesystem::remove(changes_of(path));
  return path;
}

TEST(ChangedIndex, WithoutChangesIsItsFile) {
  const auto vectors = whole_vectors(500, 20, 1);
  const auto index = ChangedIndex::open(fresh_index(vectors));
  const auto queries = whole_vectors(3, 20, 2);
  EXPECT_EQ(index.size(), 500U);
  EXPECT_FALSE(index.is_retired(499));
  EXPECT_EQ(index.search(queries.view(), 7), index.base().search(queries.view(), 7));
}

TEST(ChangedIndex, SearchesAsAnIndexOfTheLiveRowsDoes) {
  auto vectors = uneven_vectors(6000, 128, 1);
  const auto more = uneven_vectors(300, 128, 2), again = uneven_vectors(77, 128, 3);
  const auto path = fresh_index(vectors);
  EXPECT_EQ(add_rows(path, more.view()), 6000U);
  retire_rows(path, std::vector<std::uint32_t>{0, 5, 5999, 6001});
  EXPECT_EQ(add_rows(path, again.view()), 6300U);
  retire_rows(path, std::vector<std::uint32_t>{6376, 17});
  vectors.values.insert(vectors.values.end(), more.values.begin(), more.values.end());
  vectors.values.insert(vectors.values.end(), again.values.begin(), again.values.end());

  const auto index = ChangedIndex::open(path);
  ASSERT_EQ(index.size(), 6377U);
  RowFilter live(6377), thirds(6377), both(6377);
  for (std::uint32_t row = 0; row < 6377; ++row) {
    const bool is_live =
        row != 0 && row != 5 && row != 5999 && row != 6001 && row != 6376 && row != 17;
    EXPECT_EQ(index.is_retired(row), !is_live) << row;
    if (is_live) live.allow(row);
    if (row % 3 == 0) thirds.allow(row);
    if (is_live && row % 3 == 0) both.allow(row);
    const auto expected = vectors.view().row(row);
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), index.vector(row).begin()));
  }
  for (const std::size_t batch : {1U, 50U}) {
    const auto queries = uneven_vectors(batch, 128, 4);
    const auto all = index.search(queries.view(), 40, {}, 2);
    const auto some = index.search(queries.view(), 40, thirds, 2);
    for (std::size_t q = 0; q < batch; ++q) {
      EXPECT_EQ(all[q], brute_force(vectors, queries.view().row(q), 40, live));
      EXPECT_EQ(some[q], brute_force(vectors, queries.view().row(q), 40, both));
    }
  }
}

TEST(ChangedIndex, AnOpenOneKeepsItsView) {
  const auto path = fresh_index(whole_vectors(100, 8, 1));
  const auto queries = whole_vectors(2, 8, 2);
  const auto before = ChangedIndex::open(path);
  const auto found = before.search(queries.view(), 5);
  add_rows(path, whole_vectors(10, 8, 3).view());
  retire_rows(path, std::vector<std::uint32_t>{found[0][0].row});
  EXPECT_EQ(before.size(), 100U);
  EXPECT_EQ(before.search(queries.view(), 5), found);
  EXPECT_NE(ChangedIndex::open(path).search(queries.view(), 5), found);
}

TEST(ChangedIndex, RetiredTwiceIsRetired) {
  const auto path = fresh_index(whole_vectors(3, 8, 1));
  retire_rows(path, std::vector<std::uint32_t>{1, 1});
  retire_rows(path, std::vector<std::uint32_t>{1});
  retire_rows(path, {});
  EXPECT_TRUE(ChangedIndex::open(path).is_retired(1));
  EXPECT_EQ(ChangedIndex::open(path).search(whole_vectors(1, 8, 2).view(), 9)[0].size(), 2U);
}

TEST(ChangedIndex, MayBeginEmptyAndLoseEverything) {
  const auto path = fresh_index({{}, 4});
  const auto rows = whole_vectors(2, 4, 1);
  EXPECT_EQ(add_rows(path, rows.view()), 0U);
  EXPECT_EQ(ChangedIndex::open(path).search(rows.view(), 9)[0].size(), 2U);
  retire_rows(path, std::vector<std::uint32_t>{0, 1});
  EXPECT_TRUE(ChangedIndex::open(path).search(rows.view(), 9)[0].empty());
}

TEST(ChangedIndex, RefusesWhatIsNoRow) {
  const auto path = fresh_index(whole_vectors(3, 8, 1));
  EXPECT_EQ(error_of([&] { retire_rows(path, std::vector<std::uint32_t>{3}); }),
            ErrorKind::kInvalidArgument);
  EXPECT_EQ(error_of([&] { add_rows(path, whole_vectors(1, 7, 1).view()); }),
            ErrorKind::kInvalidArgument);
  EXPECT_EQ(error_of([&] { add_rows(path.string() + ".none", whole_vectors(1, 7, 1).view()); }),
            ErrorKind::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(changes_of(path)));
}

TEST(ChangedIndex, RefusesChangesOfAnotherFile) {
  const auto path = fresh_index(whole_vectors(3, 8, 1));
  add_rows(path, whole_vectors(1, 8, 2).view());
  const auto other = fresh_index(whole_vectors(3, 8, 5), "other");
  std::filesystem::copy_file(changes_of(path), changes_of(other));
  EXPECT_EQ(error_of([&] { ChangedIndex::open(other); }), ErrorKind::kCorrupt);
  EXPECT_EQ(error_of([&] { add_rows(other, whole_vectors(1, 8, 2).view()); }), ErrorKind::kCorrupt);
}

TEST(ChangedIndex, RefusesDamageAndHostileNumbers) {
  const auto path = fresh_index(whole_vectors(3, 8, 1));
  add_rows(path, whole_vectors(20, 8, 2).view());
  const auto changes = changes_of(path);
  const std::string good = bytes_of(changes);
  for (const std::string_view section : {"base retired", "added retired", "heads", "mean"}) {
    put_bytes(changes, good);
    std::filesystem::rename(rewritten(changes, "changes3", section, drop(4)), changes);
    EXPECT_EQ(error_of([&] { ChangedIndex::open(path); }), ErrorKind::kCorrupt) << section;
  }
  put_bytes(changes, good);
  const auto whole = fresh_path("whole");
  std::filesystem::rename(changes, whole);
  expect_damage_refused(whole, [&](const std::filesystem::path& damaged) {
    std::filesystem::copy_file(damaged, changes, std::filesystem::copy_options::overwrite_existing);
    ChangedIndex::open(path).added()->verify();
  });
}

}  // namespace
}  // namespace enlace
