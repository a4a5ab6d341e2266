#include "index/ivf_index.h"

#include <set>

#include <gtest/gtest.h>

#include "vectors.h"

namespace enlace {
namespace {

/// Rows close to one of `centres` points far from one another.
Vectors clustered_vectors(std::size_t rows, std::size_t cols, std::size_t centres,
                          std::uint32_t seed) {
  const auto points = random_vectors(centres, cols, 99);
  auto vectors = random_vectors(rows, cols, seed);
  for (std::size_t i = 0; i < vectors.values.size(); ++i) {
    const std::size_t row = i / cols;
    vectors.values[i] =
        points.values[row * 7919 % centres * cols + i % cols] + 0.1F * vectors.values[i];
  }
  return vectors;
}

IvfIndex built(const Vectors& vectors, const IvfOptions& options, std::string_view name = "ivf") {
  const auto path = fresh_path(name);
  write_ivf_index(path, FlatIndex::open(write_index(vectors)), options);
  return IvfIndex::open(path);
}

TEST(IvfIndex, WithEveryListIsExact) {
  const auto vectors = random_vectors(3000, 40, 1);
  const auto queries = random_vectors(20, 40, 2);
  const auto ivf = built(vectors, {.lists = 30, .workers = 2});
  EXPECT_EQ(ivf.lists(), 30U);
  RowFilter filter(3000);
  for (std::uint32_t row = 0; row < 3000; row += 3) filter.allow(row);
  const auto index = FlatIndex::open(write_index(vectors));
  EXPECT_EQ(ivf.search(queries.view(), 9, 30), index.search(queries.view(), 9));
  EXPECT_EQ(ivf.search(queries.view(), 9, 1000, filter, 2),
            index.search(queries.view(), 9, filter));
}

TEST(IvfIndex, FewListsFindMostOfWhatIsClose) {
  const auto vectors = clustered_vectors(4000, 30, 40, 1);
  const auto queries = clustered_vectors(40, 30, 40, 2);
  const auto ivf = built(vectors, {.lists = 40});
  const auto exact = FlatIndex::open(write_index(vectors)).search(queries.view(), 10);
  std::size_t hits = 0;
  const auto found = ivf.search(queries.view(), 10, 4, {}, 2);
  for (std::size_t q = 0; q < 40; ++q) {
    for (const Neighbour& neighbour : found[q]) {
      hits += std::size_t(std::count(exact[q].begin(), exact[q].end(), neighbour));
    }
  }
  EXPECT_GT(hits, 380U);
}

TEST(IvfIndex, ResultsDependNeitherOnTheBatchNorTheWorkers) {
  const auto vectors = clustered_vectors(2000, 30, 20, 1);
  const auto queries = clustered_vectors(30, 30, 20, 2);
  const auto ivf = built(vectors, {.lists = 20, .workers = 1}, "one");
  const auto other = built(vectors, {.lists = 20, .workers = 3}, "three");
  EXPECT_EQ(ivf.rows().fingerprint(), other.rows().fingerprint());
  const auto together = ivf.search(queries.view(), 10, 3, {}, 3);
  for (std::size_t q = 0; q < 30; ++q) {
    EXPECT_EQ(ivf.search(queries.view().slice(q, q + 1), 10, 3)[0], together[q]);
  }
}

TEST(IvfIndex, ManyEqualRowsAndOneList) {
  const Vectors vectors{std::vector<float>(300, 1.0F), 3};
  const auto ivf = built(vectors, {.lists = 10});
  const std::vector<float> query{1, 1, 1};
  EXPECT_EQ(ivf.search({query.data(), 1, 3}, 100, 10)[0].size(), 100U);
  const auto one = built(vectors, {.lists = 1}, "one");
  EXPECT_EQ(one.search({query.data(), 1, 3}, 2, 1)[0], (std::vector<Neighbour>{{0, 3}, {1, 3}}));
}

TEST(IvfIndex, RefusesWhatItCannotBeMadeOf) {
  auto vectors = random_vectors(5, 4, 1);
  EXPECT_EQ(error_of([&] { built(vectors, {.lists = 6}); }), ErrorKind::kInvalidArgument);
  vectors.values[7] = INFINITY;
  EXPECT_EQ(error_of([&] { built(vectors, {.lists = 2}); }), ErrorKind::kInvalidArgument);
  const auto ivf = built(random_vectors(5, 4, 1), {.lists = 2}, "good");
  EXPECT_EQ(error_of([&] { ivf.search(random_vectors(1, 5, 1).view(), 1, 1); }),
            ErrorKind::kInvalidArgument);
}

TEST(IvfIndex, RefusesEveryFlippedByteAndTruncation) {
  const auto path = fresh_path("ivf");
  write_ivf_index(path, FlatIndex::open(write_index(random_vectors(50, 4, 1))), {.lists = 5});
  expect_damage_refused(
      path, [](const std::filesystem::path& damaged) { IvfIndex::open(damaged).rows().verify(); });
}

TEST(IvfIndex, RefusesHostileNumbersUnderRightChecksums) {
  const auto path = fresh_path("ivf");
  const auto vectors = random_vectors(50, 4, 1);
  write_ivf_index(path, FlatIndex::open(write_index(vectors)), {.lists = 5});
  const auto refused = [&](std::string_view section, const auto& change) {
    return error_of([&] {
             IvfIndex::open(rewritten(path, "ivf3", section, change)).search(vectors.view(), 50, 5);
           }) == ErrorKind::kCorrupt;
  };
  EXPECT_TRUE(refused("list starts", set_value<std::uint32_t>(0, 1)));
  EXPECT_TRUE(refused("list starts", set_value<std::uint32_t>(1, 51)));
  EXPECT_TRUE(refused("list starts", set_value<std::uint32_t>(5, 51)));
  EXPECT_TRUE(refused("list starts", drop(4)));
  EXPECT_TRUE(refused("centroids", drop(4)));
  EXPECT_TRUE(refused("numbers", drop(4)));
  EXPECT_TRUE(refused("numbers", set_value<std::uint32_t>(3, 50)));
}

}  // namespace
}  // namespace enlace
