#include "index/flat_index.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"
#include "vectors.h"

namespace enlace {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

FlatIndex written(const Vectors& vectors, std::string_view name = "index",
                  std::size_t block = 1000) {
  return FlatIndex::open(write_index(vectors, name, block));
}

TEST(FlatIndex, GivesBackItsVectors) {
  const auto vectors = random_vectors(7, 5, 1);
  const auto index = written(vectors);
  EXPECT_EQ(index.size(), 7U);
  EXPECT_EQ(index.dimension(), 5U);
  EXPECT_EQ(index.made_from(), 9U);
  for (std::uint32_t row = 0; row < 7; ++row) {
    const auto found = index.vector(row), expected = vectors.view().row(row);
    EXPECT_TRUE(std::equal(found.begin(), found.end(), expected.begin(), expected.end()));
  }
}

TEST(FlatIndex, AgreesWithBruteForceAtEveryBatchSize) {
  for (const std::size_t cols : {1U, 3U, 33U, 384U}) {
    const auto vectors = whole_vectors(703, cols, 1);
    const auto index = written(vectors, std::to_string(cols));
    for (const std::size_t batch : {1U, 2U, 4U, 5U, 31U, 32U, 33U, 260U}) {
      const auto queries = whole_vectors(batch, cols, 2);
      const auto found = index.search(queries.view(), 10);
      ASSERT_EQ(found.size(), batch);
      for (std::size_t q = 0; q < batch; ++q) {
        EXPECT_EQ(found[q], brute_force(vectors, queries.view().row(q), 10))
            << cols << ' ' << batch << ' ' << q;
      }
    }
  }
}

TEST(FlatIndex, FindsRowsThatGoAllTheWayOfTheirQueriesInEveryDimension) {
  constexpr std::size_t kCols = 64;
  auto vectors = whole_vectors(600, kCols, 1);
  for (std::size_t i = 0; i < 30 * kCols; ++i) {  // in turns to one side and the other
    vectors.values[i] = (i / kCols % 2 == 0 ? 3.0F : -3.0F) + float(i / kCols) / 64;
  }
  const auto index = written(vectors);
  for (const std::size_t batch : {1U, 40U}) {
    Vectors queries{std::vector<float>(batch * kCols, 3), kCols};
    for (std::size_t i = 0; i < kCols; ++i) queries.values[i] = -3;
    const auto found = index.search(queries.view(), 10);
    for (std::size_t q = 0; q < batch; ++q) {
      EXPECT_EQ(found[q], brute_force(vectors, queries.view().row(q), 10)) << batch << ' ' << q;
    }
  }
}

TEST(FlatIndex, AQuerysResultDoesNotDependOnItsBatchOrTheWorkers) {
  const auto vectors = random_vectors(3001, 100, 1);
  const auto queries = random_vectors(70, 100, 2);
  const auto index = written(vectors);
  const auto together = index.search(queries.view(), 20);
  EXPECT_EQ(index.search(queries.view(), 20, {}, 4), together);
  for (std::size_t q = 0; q < 70; ++q) {
    EXPECT_EQ(index.search(queries.view().slice(q, q + 1), 20)[0], together[q]) << q;
    EXPECT_EQ(index.search(queries.view().slice(q, q + 1), 20, {}, 4)[0], together[q]) << q;
  }
}

TEST(FlatIndex, LooksAtTheHeadsOfUnevenRowsFirst) {
  for (const std::size_t cols : {128U, 200U, 384U}) {
    auto vectors = uneven_vectors(5003, cols, 1);
    vectors.values[77 * cols] = kInfinity;
    vectors.values[78 * cols] = 1e30F;
    const auto index = written(vectors, std::to_string(cols));
    EXPECT_LT(index.bytes().space.head, byte_stride(cols)) << cols;
    for (const std::size_t batch : {1U, 5U, 40U}) {
      const auto queries = uneven_vectors(batch, cols, 2);
      RowFilter filter(5003);
      for (std::uint32_t row = 0; row < 5003; row += 3) filter.allow(row);
      const auto all = index.search(queries.view(), 30, {}, 2);
      const auto some = index.search(queries.view(), 30, filter, 2);
      for (std::size_t q = 0; q < batch; ++q) {
        const auto query = queries.view().row(q);
        EXPECT_EQ(all[q], brute_force(vectors, query, 30)) << cols << ' ' << batch << ' ' << q;
        EXPECT_EQ(some[q], brute_force(vectors, query, 30, filter)) << cols << ' ' << batch;
      }
    }
  }
}

TEST(FlatIndex, ManyRowsAreSearchedInPassesAndAgreeWithBruteForce) {
  constexpr std::size_t kRows = 60'000;
  auto vectors = uneven_vectors(kRows, 128, 1);
  vectors.values[0] = kInfinity;
  vectors.values[129] = kNaN;
  vectors.values[2 * 128] = 1e30F;
  const auto index = written(vectors);
  ASSERT_LT(index.bytes().space.head, byte_stride(128));
  RowFilter few(kRows);  // fewer in a sample than are asked for
  for (std::uint32_t row = 0; row < kRows; row += 700) few.allow(row);
  for (const std::size_t batch : {3U, 40U}) {
    const auto queries = uneven_vectors(batch, 128, 2);
    const auto all = index.search(queries.view(), 30, {}, 2);
    const auto some = index.search(queries.view(), 30, few, 2);
    for (std::size_t q = 0; q < batch; ++q) {
      const auto query = queries.view().row(q);
      EXPECT_EQ(all[q], brute_force(vectors, query, 30)) << batch << ' ' << q;
      EXPECT_EQ(some[q], brute_force(vectors, query, 30, few)) << batch << ' ' << q;
    }
  }
}

TEST(FlatIndex, RowsThatVaryEvenlyHaveNoTails) {
  const auto index = written(random_vectors(5000, 128, 1));
  EXPECT_EQ(index.bytes().space.head, 128U);
  EXPECT_EQ(index.bytes().space.basis.rows(), 0U);
}

TEST(FlatIndex, ScoresRowsAsSearchDoes) {
  const auto vectors = random_vectors(500, 77, 1);
  const auto queries = random_vectors(3, 77, 2);
  const auto index = written(vectors);
  const auto found = index.search(queries.view(), 500);
  for (std::size_t q = 0; q < 3; ++q) {
    std::vector<std::uint32_t> rows;
    for (const Neighbour& neighbour : found[q]) rows.push_back(neighbour.row);
    const auto scores = index.score(queries.view().row(q), rows);
    for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(scores[i], found[q][i].score);
  }
  EXPECT_TRUE(index.score(queries.view().row(0), {}).empty());
}

TEST(FlatIndex, ReturnsOnlyAllowedRows) {
  const auto vectors = whole_vectors(5000, 20, 1);
  const auto index = written(vectors);
  for (const std::size_t every : {2U, 97U, 4000U}) {
    RowFilter filter(5000);
    for (std::uint32_t row = 1; row < 5000; row += static_cast<std::uint32_t>(every)) {
      filter.allow(row);
    }
    for (const std::size_t batch : {1U, 40U}) {
      const auto queries = whole_vectors(batch, 20, 2);
      const auto found = index.search(queries.view(), 5, filter, 2);
      for (std::size_t q = 0; q < batch; ++q) {
        EXPECT_EQ(found[q], brute_force(vectors, queries.view().row(q), 5, filter));
      }
    }
  }
  const auto queries = whole_vectors(1, 20, 2);
  EXPECT_TRUE(index.search(queries.view(), 5, RowFilter(5000))[0].empty());
  EXPECT_TRUE(index.search(queries.view(), 5, RowFilter(0))[0].empty());
}

TEST(FlatIndex, BreaksTiesByRow) {
  const Vectors vectors{std::vector<float>(600, 1.0F), 2};
  const auto index = written(vectors);
  for (const std::size_t batch : {1U, 8U}) {
    const Vectors queries{std::vector<float>(2 * batch, 1.0F), 2};
    const auto found = index.search(queries.view(), 3, {}, 4);
    EXPECT_EQ(found[0], (std::vector<Neighbour>{{0, 2}, {1, 2}, {2, 2}}));
  }
}

TEST(FlatIndex, ReturnsFewerThanKWhenThereAreFewer) {
  const auto vectors = random_vectors(4, 8, 1);
  const auto queries = random_vectors(6, 8, 2);
  const auto index = written(vectors);
  EXPECT_EQ(index.search(queries.view(), 1'000'000'000'000)[0].size(), 4U);
  EXPECT_EQ(index.search(queries.view().slice(0, 1), 5)[0].size(), 4U);
  EXPECT_TRUE(index.search(queries.view(), 0)[0].empty());
  EXPECT_TRUE(index.search({}, 5).empty());
}

TEST(FlatIndex, MayBeEmpty) {
  const auto index = written({{}, 4});
  const auto queries = random_vectors(6, 4, 2);
  EXPECT_EQ(index.size(), 0U);
  EXPECT_TRUE(index.search(queries.view(), 5)[0].empty());
}

TEST(FlatIndex, WhatIsNotANumberIsNoNeighbour) {
  auto vectors = whole_vectors(100, 4, 1);
  vectors.values[4 * 10] = kNaN;
  vectors.values[4 * 20] = kInfinity;
  vectors.values[4 * 30 + 1] = -kInfinity;
  vectors.values[4 * 40] = kInfinity;
  vectors.values[4 * 40 + 1] = -kInfinity;
  const auto index = written(vectors);
  for (const std::size_t batch : {1U, 8U}) {
    Vectors queries{{}, 4};
    for (std::size_t q = 0; q < batch; ++q)
      queries.values.insert(queries.values.end(), {1, 1, 0, 2});
    const auto found = index.search(queries.view(), 100);
    EXPECT_EQ(found[0], brute_force(vectors, queries.view().row(0), 100));
    EXPECT_EQ(found[0].size(), 98U);  // rows 10 and 40 are not numbers
    for (float& value : queries.values) value = kNaN;
    EXPECT_TRUE(index.search(queries.view(), 5)[0].empty());
    for (float& value : queries.values) value = kInfinity;
    EXPECT_EQ(index.search(queries.view(), 100)[0],
              brute_force(vectors, queries.view().row(0), 100));
  }
}

TEST(FlatIndex, HugeValuesDoNotHideNeighbours) {
  Vectors vectors{{3e38F, 3e38F, 1, 2, -3e38F, 1}, 2};
  const auto index = written(vectors);
  const std::vector<float> query = {1, 1};
  EXPECT_EQ(index.search({query.data(), 1, 2}, 3)[0], brute_force(vectors, query, 3));
}

TEST(FlatIndex, RefusesOtherDimensions) {
  const auto vectors = random_vectors(4, 8, 1);
  const auto index = written(vectors);
  const auto queries = random_vectors(6, 7, 2);
  EXPECT_EQ(error_of([&] { index.search(queries.view(), 1); }), ErrorKind::kInvalidArgument);
  EXPECT_EQ(error_of([&] { index.score(queries.view().row(0), {}); }), ErrorKind::kInvalidArgument);
  FlatIndexWriter writer(fresh_path("other"), 8, 0);
  EXPECT_EQ(error_of([&] { writer.append(queries.view()); }), ErrorKind::kInvalidArgument);
  EXPECT_EQ(error_of([&] { FlatIndexWriter(fresh_path("none"), 0, 0); }),
            ErrorKind::kInvalidArgument);
}

TEST(FlatIndex, AFileThatWasNotFinishedIsRemoved) {
  const auto path = fresh_path();
  { FlatIndexWriter(path, 3, 0).append(random_vectors(2, 3, 1).view()); }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(FlatIndex, BytesDoNotDependOnTheBlocksTheyCameIn) {
  const auto vectors = random_vectors(100, 6, 1);
  written(vectors, "a", 100);
  written(vectors, "b", 7);
  const auto directory = std::filesystem::path(testing::TempDir());
  const std::string test = "FlatIndex.BytesDoNotDependOnTheBlocksTheyCameIn.";
  EXPECT_EQ(bytes_of(directory / (test + "a")), bytes_of(directory / (test + "b")));
}

TEST(FlatIndex, RefusesDamage) {
  const auto vectors = random_vectors(20, 6, 1);
  written(vectors);
  const auto path = std::filesystem::path(testing::TempDir()) / "FlatIndex.RefusesDamage.index";
  expect_damage_refused(
      path, [](const std::filesystem::path& damaged) { FlatIndex::open(damaged).verify(); });
}

TEST(FlatIndex, RefusesHostileNumbersUnderRightChecksums) {
  const auto path = fresh_path();
  FlatIndexWriter writer(path, 6, 0);
  const auto vectors = random_vectors(20, 6, 1);
  writer.append(vectors.view());
  writer.finish();
  const auto refused = [&](std::string_view section, const auto& change) {
    return error_of([&] { FlatIndex::open(rewritten(path, kVectorsKind, section, change)); }) ==
           ErrorKind::kCorrupt;
  };
  EXPECT_TRUE(refused("dimension", set_value<std::uint64_t>(0, 0)));
  EXPECT_TRUE(refused("dimension", set_value<std::uint64_t>(0, 7)));
  EXPECT_TRUE(refused("dimension", set_value<std::uint64_t>(0, std::uint64_t{1} << 63)));
  EXPECT_TRUE(refused("dimension", drop(8)));
  EXPECT_TRUE(refused("vectors", drop(4)));
  EXPECT_TRUE(refused("mean", set_value<float>(5, kNaN)));
  EXPECT_TRUE(refused("mean", set_value<float>(5, 1e30F)));
  EXPECT_TRUE(refused("mean", drop(4)));
  EXPECT_TRUE(refused("basis", [](auto& bytes) { bytes.resize(4); }));
  EXPECT_TRUE(refused("head", set_value<std::uint64_t>(0, 0)));
  EXPECT_TRUE(refused("head", set_value<std::uint64_t>(0, 63)));
  EXPECT_TRUE(refused("head", set_value<std::uint64_t>(0, 128)));
  EXPECT_TRUE(refused("heads", drop(64)));
  EXPECT_TRUE(refused("heads", drop(1)));
  EXPECT_TRUE(refused("tails", [](auto& bytes) { bytes.resize(1); }));
  EXPECT_TRUE(refused("rests", drop(4)));
  EXPECT_TRUE(refused("scales", drop(4)));
  EXPECT_TRUE(refused("biases", drop(4)));
  EXPECT_TRUE(refused("bounds", drop(12)));
}

TEST(FlatIndex, HostileRowsGiveWrongNeighboursAtWorst) {
  const auto vectors = uneven_vectors(4200, 128, 1);
  const auto path = write_index(vectors);
  const auto queries = uneven_vectors(40, 128, 2);
  std::mt19937 random(1);
  for (const std::string_view section :
       {"vectors", "basis", "heads", "tails", "scales", "biases", "rests", "bounds"}) {
    const auto damaged = rewritten(path, kVectorsKind, section, [&](auto& bytes) {
      for (auto& byte : bytes) byte = static_cast<std::byte>(random());
      // Among them all sorts of numbers that are none.
      const std::uint32_t special[] = {0x7F800000U, 0xFF800000U, 0x7FC00000U, 0xFFFFFFFFU};
      for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4 * (1 + random() % 9)) {
        std::memcpy(&bytes[at], &special[random() % 4], 4);
      }
    });
    const auto index = FlatIndex::open(damaged);
    for (const std::size_t batch : {1U, 40U}) {
      for (const auto& found : index.search(queries.view().slice(0, batch), 20, {}, 2)) {
        for (const Neighbour& neighbour : found) EXPECT_LT(neighbour.row, 4200U);
      }
    }
  }
}

TEST(FlatIndex, FindsDamagedRowsWhenTheyAreReadAndNoSooner) {
  const auto vectors = uneven_vectors(6000, 128, 1);
  const auto path = write_index(vectors);
  const auto queries = uneven_vectors(40, 128, 2);
  const std::string good = bytes_of(path);
  const auto damaged = fresh_path("damaged");
  const auto file = SectionFile::open(path, kVectorsKind);
  for (const Section& section : file.sections()) {
    if (section.role != SectionRole::kPaged) continue;
    // The last row of all, so that pages before it stay right.
    const auto end =
        std::size_t(section.bytes.data() + section.bytes.size() - file.sections()[0].bytes.data()) +
        4096;
    std::string bytes = good;
    bytes[end - 1] = static_cast<char>(bytes[end - 1] ^ 1);
    put_bytes(damaged, bytes);
    const auto index = FlatIndex::open(damaged);
    EXPECT_TRUE(std::ranges::equal(index.vector(0), vectors.view().row(0))) << section.name;
    const auto search = [&](std::size_t batch) {
      return index.search(queries.view().slice(0, batch), 20, {}, 2);
    };
    if (section.name == "vectors") {
      // Its page is read only if a row of it may be among the best.
      EXPECT_EQ(error_of([&] { index.vector(5999); }), ErrorKind::kCorrupt);
      EXPECT_EQ(error_of([&] { index.score(queries.view().row(0), {{5999U}}); }),
                ErrorKind::kCorrupt);
      EXPECT_EQ(error_of([&] { index.search(queries.view(), 6000); }), ErrorKind::kCorrupt);
    } else {
      EXPECT_EQ(error_of([&] { search(1); }), ErrorKind::kCorrupt) << section.name;
      EXPECT_EQ(error_of([&] { search(40); }), ErrorKind::kCorrupt) << section.name;
    }
  }
}

}  // namespace
}  // namespace enlace
