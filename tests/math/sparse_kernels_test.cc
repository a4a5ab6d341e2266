#include "math/sparse_kernels.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace enlace {
namespace {

/// Every table this machine can run but the definition itself.
std::vector<const SparseKernels*> fast_tables() {
  const SparseKernelList list = runnable_sparse_kernels();
  return {list.tables + 1, list.tables + list.count};
}

std::vector<const SparseKernels*> all_tables() {
  auto tables = fast_tables();
  tables.push_back(&kScalarSparseKernels);
  return tables;
}

class SparseKernelsTest : public testing::TestWithParam<std::size_t> {
 protected:
  SparseKernelsTest() {
    for (std::size_t i = 0; i < n_; ++i) {
      sums_.push_back(static_cast<std::int32_t>(random_() >> 1));
      scales_.push_back(float(random_() % 1000) / 1000);
    }
  }

  std::size_t groups_ = GetParam();
  std::size_t n_ = 64 * groups_;
  std::mt19937 random_{1};
  std::vector<std::int32_t> sums_;
  std::vector<float> scales_;
};

TEST_P(SparseKernelsTest, AddShortWeightsOfTheBitsThatAreSet) {
  for (const std::size_t count : {0U, 1U, 2U, 9U}) {
    std::vector<std::vector<std::uint64_t>> bitmaps(count, std::vector<std::uint64_t>(groups_));
    std::vector<const std::uint64_t*> pointers;
    std::vector<std::uint16_t> weights;
    for (auto& bitmap : bitmaps) {
      for (auto& word : bitmap) word = std::uint64_t{random_()} << 32 | random_();
      pointers.push_back(bitmap.data());
      weights.push_back(static_cast<std::uint16_t>(random_()));
    }
    std::vector<std::uint16_t> start(n_, 5), expected(start);
    for (std::size_t b = 0; b < count; ++b) {
      for (std::size_t i = 0; i < n_; ++i) {
        const bool has = (bitmaps[b][i / 64] >> i % 64 & 1U) != 0;
        expected[i] = static_cast<std::uint16_t>(expected[i] + (has ? weights[b] : 0));
      }
    }
    for (const SparseKernels* table : all_tables()) {
      auto found = start;
      table->add_short_weights(pointers.data(), weights.data(), count, found.data(), n_);
      EXPECT_EQ(found, expected) << table->name;
    }
  }
}

TEST_P(SparseKernelsTest, TakeTheScaledSumsThatReachTheFloor) {
  std::vector<std::uint16_t> sums;
  std::vector<std::uint8_t> roots;
  for (std::size_t i = 0; i < n_; ++i) {
    sums.push_back(static_cast<std::uint16_t>(i % 5 == 0 ? 65535 : random_()));
    roots.push_back(static_cast<std::uint8_t>(i % 7 == 0 ? 255 : random_()));
  }
  for (const std::uint16_t floor : {1, 20'000, 65'023, 65'024, 65'025}) {
    std::vector<std::uint32_t> expected;
    for (std::size_t i = 0; i < n_; ++i) {
      const std::uint32_t scaled = std::uint32_t{sums[i]} * roots[i] * roots[i] / 65536;
      if (scaled >= floor) expected.push_back(static_cast<std::uint32_t>(i * 65536) + scaled);
    }
    for (const SparseKernels* table : all_tables()) {
      auto left = sums;
      std::vector<std::uint32_t> found(n_);
      found.resize(table->take_at_least(left.data(), roots.data(), n_, floor, found.data()));
      EXPECT_EQ(found, expected) << table->name;
      EXPECT_EQ(left, std::vector<std::uint16_t>(n_)) << table->name;
    }
  }
}

TEST_P(SparseKernelsTest, AddTheWeightsOfTheBitsThatAreSet) {
  for (const std::size_t count : {0U, 1U, 2U, 9U}) {
    std::vector<std::vector<std::uint64_t>> bitmaps(count, std::vector<std::uint64_t>(groups_));
    std::vector<const std::uint64_t*> pointers;
    std::vector<std::int32_t> weights;
    for (auto& bitmap : bitmaps) {
      for (auto& word : bitmap) word = std::uint64_t{random_()} << 32 | random_();
      pointers.push_back(bitmap.data());
      weights.push_back(static_cast<std::int32_t>(random_() >> 6));
    }
    std::vector<std::int32_t> start(n_, 5), expected(start);
    for (std::size_t b = 0; b < count; ++b) {
      for (std::size_t i = 0; i < n_; ++i) {
        if ((bitmaps[b][i / 64] >> i % 64 & 1U) != 0) expected[i] += weights[b];
      }
    }
    auto found = start;
    kScalarSparseKernels.add_weights(pointers.data(), weights.data(), count, found.data(), n_);
    EXPECT_EQ(found, expected);
    for (const SparseKernels* table : fast_tables()) {
      found = start;
      table->add_weights(pointers.data(), weights.data(), count, found.data(), n_);
      EXPECT_EQ(found, expected) << table->name;
    }
  }
}

TEST_P(SparseKernelsTest, MaximaAreEqualToTheLastBit) {
  std::vector<float> expected(groups_), found(groups_);
  kScalarSparseKernels.group_maxima(sums_.data(), scales_.data(), n_, expected.data());
  for (const SparseKernels* table : fast_tables()) {
    table->group_maxima(sums_.data(), scales_.data(), n_, found.data());
    EXPECT_EQ(found, expected) << table->name;
  }
}

TEST_P(SparseKernelsTest, FindTheSameRows) {
  for (const float floor : {0.0F, 1.0F, 1e8F, 5e8F, 3e9F}) {
    std::vector<std::uint64_t> expected(groups_), found(groups_, 1);
    kScalarSparseKernels.find_at_least(sums_.data(), scales_.data(), n_, floor, expected.data());
    for (const SparseKernels* table : fast_tables()) {
      table->find_at_least(sums_.data(), scales_.data(), n_, floor, found.data());
      EXPECT_EQ(found, expected) << table->name << ' ' << floor;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Groups, SparseKernelsTest, testing::Values(0, 1, 2, 3, 4, 5, 7, 8, 9, 33));

}  // namespace
}  // namespace enlace
