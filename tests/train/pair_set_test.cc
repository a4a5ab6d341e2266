#include "train/pair_set.h"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "base/error.h"
#include "train/batch_sampler.h"

namespace enlace {
namespace {

class PairFile {
 public:
  explicit PairFile(const std::string& text) { std::ofstream(path_, std::ios::binary) << text; }
  ~PairFile() { std::filesystem::remove(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_ = testing::TempDir() + "/pairs-" +
                                testing::UnitTest::GetInstance()->current_test_info()->name() +
                                ".txt";
};

std::string complaint(const std::string& text) {
  const PairFile file(text);
  PairSet set;
  try {
    read_pairs(file.path(), set);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCorrupt);
    const std::string message = error.what();
    return message.substr(message.find(".txt:") + 5);
  }
  return "";
}

TEST(ReadPairs, TakesThePublishedFormat) {
  const PairFile file(
      "\xEF\xBB\xBF"
      "C1||fiebre||pirexia\r\nC2||tos||cough\nC1||fiebre||fever");
  PairSet set;
  EXPECT_EQ(set.new_kind(), 0U);
  read_pairs(file.path(), set);
  set.finish();
  ASSERT_EQ(set.size(), 3U);
  EXPECT_EQ(set.label_count(), 2U);
  EXPECT_EQ(set.pair(2).label, 0U);
  EXPECT_EQ(set.pair(2).kind, 1U);
  EXPECT_EQ(set.kind_count(), 2U);
  EXPECT_EQ(set.pair(2).x, "fiebre");
  EXPECT_EQ(set.pair(2).y, "fever");
  EXPECT_EQ(set.code(1), "C2");
  EXPECT_EQ(std::vector<std::uint32_t>(set.with_label(0).begin(), set.with_label(0).end()),
            (std::vector<std::uint32_t>{0, 2}));
}

TEST(ReadPairs, SaysWhichLineIsWrongAndNotItsText) {
  EXPECT_EQ(complaint("C1||a||b\nC1\ta\tb\n"), "2: expected id||name||name, found 1 field");
  EXPECT_EQ(complaint("C1||a\n"), "1: expected id||name||name, found 2 fields");
  EXPECT_EQ(complaint("C1||a||b||c\n"), "1: expected id||name||name, found 4 fields");
  EXPECT_EQ(complaint("||a||b\n"), "1: expected id||name||name, found nothing in field 1");
  EXPECT_EQ(complaint("C1||||b\n"), "1: expected id||name||name, found nothing in field 2");
  EXPECT_EQ(complaint("C1||a||\n"), "1: expected id||name||name, found nothing in field 3");
  EXPECT_EQ(complaint("\n"), "1: expected id||name||name, found 1 field");
  EXPECT_EQ(complaint("C1||\xFF||b\n"),
            "1: expected id||name||name, found bytes that are not UTF-8");
}

PairSet some_pairs(std::uint32_t count, std::uint32_t kinds) {
  PairSet set;
  for (std::uint32_t i = 0; i < count; ++i) {
    set.add("C" + std::to_string(i / 3), i % kinds, "x" + std::to_string(i), "y");
  }
  set.finish();
  return set;
}

TEST(BatchSampler, TakesEveryPairOnceAnEpoch) {
  const PairSet set = some_pairs(103, 1);
  BatchSampler sampler(set, {.pairs = 10, .seed = 5, .kind_weights = {}});
  ASSERT_EQ(sampler.steps_of_epoch(), 11U);
  std::vector<std::uint32_t> first, second;
  for (std::uint64_t step = 0; step < 22; ++step) {
    for (const std::uint32_t pair : sampler.batch(step, {})) {
      (step < 11 ? first : second).push_back(pair);
    }
  }
  EXPECT_NE(first, second);
  std::ranges::sort(first);
  std::ranges::sort(second);
  EXPECT_EQ(first, second);
  EXPECT_EQ(first.size(), 103U);
  EXPECT_EQ(std::unique(first.begin(), first.end()), first.end());
}

TEST(BatchSampler, GivesAStepTheSamePairsWhateverCameBefore) {
  const PairSet set = some_pairs(500, 4);
  for (const std::vector<double>& weights : {std::vector<double>{}, {1, 2, 3, 4}}) {
    const BatchSampler::Options options{.pairs = 16, .seed = 5, .kind_weights = weights};
    BatchSampler one(set, options), other(set, options);
    for (std::uint64_t step = 0; step < 40; ++step) one.batch(step, {});
    EXPECT_EQ(one.batch(37, {}), other.batch(37, {}));
  }
}

TEST(BatchSampler, DrawsKindsByTheirWeight) {
  const PairSet set = some_pairs(500, 4);
  BatchSampler sampler(set, {.pairs = 8000, .seed = 5, .kind_weights = {1, 0, 2, 5}});
  std::vector<double> shares(4);
  for (const std::uint32_t pair : sampler.batch(0, {})) shares[set.pair(pair).kind] += 1.0 / 8000;
  EXPECT_NEAR(shares[0], 0.125, 0.02);
  EXPECT_EQ(shares[1], 0);
  EXPECT_NEAR(shares[2], 0.25, 0.02);
  EXPECT_NEAR(shares[3], 0.625, 0.02);
}

TEST(BatchSampler, CountsKindsThatAreDrawnForAnEpoch) {
  const PairSet set = some_pairs(100, 4);
  const auto steps = [&](std::vector<double> weights) {
    return BatchSampler(set, {.pairs = 10, .seed = 5, .kind_weights = std::move(weights)})
        .steps_of_epoch();
  };
  EXPECT_EQ(steps({1, 1, 1, 1}), 10U);
  EXPECT_EQ(steps({1, 0, 2, 0}), 5U);
}

TEST(BatchSampler, BringsNeighboursTogether) {
  const PairSet set = some_pairs(600, 1);  // 200 labels
  Neighbours neighbours;
  neighbours.each = 3;
  neighbours.row_of.assign(200, Neighbours::kNone);
  for (std::uint32_t label = 0; label < 100; ++label) {
    neighbours.row_of[label] = label;
    for (std::uint32_t i = 1; i <= 3; ++i) neighbours.near.push_back((label + 50 * i) % 200);
  }
  BatchSampler sampler(set, {.pairs = 64, .seed = 5, .kind_weights = {1}, .group = 4});
  const auto batch = sampler.batch(3, neighbours);
  ASSERT_EQ(batch.size(), 64U);
  for (std::size_t group = 0; group < 64; group += 4) {
    const std::uint32_t seed = set.pair(batch[group]).label;
    EXPECT_LT(seed, 100U);
    std::vector<std::uint32_t> others;
    for (std::size_t i = 1; i < 4; ++i) others.push_back(set.pair(batch[group + i]).label);
    std::ranges::sort(others);
    EXPECT_EQ(std::unique(others.begin(), others.end()), others.end());
    for (const std::uint32_t other : others) EXPECT_EQ((other + 200 - seed) % 50, 0U);
  }
}

TEST(WeightsByTemperature, FlattenAndShareOutTheReplay) {
  PairSet set;
  for (int i = 0; i < 100; ++i) set.add("a", 0, "x", "y");
  for (int i = 0; i < 4; ++i) set.add("b", 1, "x", "y");
  for (int i = 0; i < 7; ++i) set.add("c", 2, "x", "y");
  set.finish();
  const auto weights = weights_by_temperature(set, 0.5, 2, 0.2);
  ASSERT_EQ(weights.size(), 3U);
  EXPECT_NEAR(weights[0], 0.8 * 10 / 12, 1e-9);
  EXPECT_NEAR(weights[1], 0.8 * 2 / 12, 1e-9);
  EXPECT_NEAR(weights[2], 0.2, 1e-9);
}

}  // namespace
}  // namespace enlace
