#include "math/sparse_kernels.h"

#include <algorithm>
#include <bit>
#include <numeric>
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

TEST_P(SparseKernelsTest, FindTheProductsThatReachTheFloor) {
  std::vector<std::uint8_t> sums;
  std::vector<std::uint16_t> factors;
  for (std::size_t i = 0; i < n_; ++i) {
    sums.push_back(static_cast<std::uint8_t>(i % 5 == 0 ? 255 : random_()));
    factors.push_back(static_cast<std::uint16_t>(i % 7 == 0 ? 65535 : random_()));
  }
  for (const std::uint16_t floor : {1, 20'000, 65'278, 65'279, 65'280}) {
    std::vector<std::uint32_t> expected;
    for (std::size_t i = 0; i < n_; ++i) {
      const std::uint32_t product = std::uint32_t{sums[i]} * factors[i] / 256;
      if (product >= floor) expected.push_back(static_cast<std::uint32_t>(i * 65536) + product);
    }
    for (const SparseKernels* table : all_tables()) {
      std::vector<std::uint32_t> found(n_);
      found.resize(table->find_products(sums.data(), factors.data(), n_, floor, found.data()));
      EXPECT_EQ(found, expected) << table->name;
    }
  }
}

/// A tree of random bits, some of whose words are empty or full, and what it is of.
struct RandomTree {
  std::vector<std::uint64_t> top;
  std::vector<std::uint8_t> middle, low;
  std::vector<std::pair<std::size_t, std::uint8_t>> octets;  // and their bits, rising

  RandomTree(std::size_t words, std::mt19937& random) {
    const auto byte = [&] { return static_cast<std::uint8_t>(1 + random() % 255); };
    for (std::size_t word = 0; word < words; ++word) {
      std::uint64_t bits = std::uint64_t{random()} << 32 | random();
      if (word % 5 == 1) bits = 0;
      if (word % 5 == 2) bits = ~std::uint64_t{0};
      if (word % 5 == 3) bits &= bits >> 7 & bits << 9;
      top.push_back(bits);
      for (std::size_t group = 0; group < 64; ++group) {
        if ((bits >> group & 1U) == 0) continue;
        middle.push_back(byte());
        for (std::size_t i = 0; i < 8; ++i) {
          if ((middle.back() >> i & 1U) == 0) continue;
          low.push_back(byte());
          octets.emplace_back(512 * word + 8 * group + i, low.back());
        }
      }
    }
  }

  BitTree view() const {
    return {top.data(), top.size(), middle.data(), middle.size(), low.data(), low.size()};
  }
};

TEST_P(SparseKernelsTest, AddWhatTreesHoldToOctetsAndThenToRows) {
  const RandomTree tree(groups_, random_);
  std::vector<std::uint8_t> of_octets(512 * groups_, 250);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> places(groups_);
  for (const auto& [octet, bits] : tree.octets) of_octets[octet] += 9;
  for (std::size_t word = 0; word < groups_; ++word) {
    for (std::size_t before = 0; before < word; ++before) {
      places[word].first += std::uint32_t(std::popcount(tree.top[before]));
    }
    for (const auto& octet : tree.octets) places[word].second += octet.first < 512 * word ? 1 : 0;
  }
  std::vector<std::uint64_t> chosen(8 * groups_), groups(groups_);
  std::vector<std::uint32_t> before(8 * groups_), numbers;
  std::vector<std::uint16_t> of_rows;
  auto next = tree.octets.begin();
  for (std::size_t octet = 0; octet < 512 * groups_; ++octet) {
    if (octet % 64 == 0) before[octet / 64] = static_cast<std::uint32_t>(of_rows.size() / 8);
    const bool has = next != tree.octets.end() && next->first == octet;
    if (random_() % 4 == 0) {
      chosen[octet / 64] |= std::uint64_t{1} << octet % 64;
      groups[octet / 512] |= std::uint64_t{1} << octet / 8 % 64;
      numbers.push_back(static_cast<std::uint32_t>(octet));
      for (std::size_t i = 0; i < 8; ++i) {
        const bool bit = has && (next->second >> i & 1U) != 0;
        of_rows.push_back(static_cast<std::uint16_t>(65'000 + (bit ? 700 : 0)));
      }
    }
    if (has) ++next;
  }
  std::vector<std::uint32_t> words;
  for (std::uint32_t word = 0; word < groups_; ++word) {
    if (groups[word] != 0) words.push_back(word);
  }
  for (const SparseKernels* table : all_tables()) {
    std::vector<std::uint8_t> octets(512 * groups_, 250);
    std::vector<TreePlace> found(groups_ + 1);
    for (std::size_t first = 0, end = 0; first < groups_; first = end) {
      end = std::min(groups_, 2 * first + 1);
      table->add_middle(tree.view(), first, end, 9, octets.data(), found.data());
    }
    EXPECT_EQ(octets, of_octets) << table->name;
    for (std::size_t word = 0; word < groups_; ++word) {
      EXPECT_EQ(std::pair(found[word].groups, found[word].octets), places[word]) << table->name;
    }
    std::vector<std::uint16_t> rows(of_rows.size(), 65'000);
    table->add_low(tree.view(), found.data(),
                   {chosen.data(), before.data(), groups.data(), words.data(), words.size(),
                    numbers.data(), numbers.size()},
                   700, rows.data());
    EXPECT_EQ(rows, of_rows) << table->name;
  }
}

TEST(SparseKernels, StayWithinTreesWhoseBytesAreMissing) {
  std::mt19937 random(3);
  const RandomTree whole(9, random);
  std::vector<std::uint64_t> chosen(72, ~std::uint64_t{0}), groups(9, ~std::uint64_t{0});
  std::vector<std::uint32_t> before;
  for (std::uint32_t word = 0; word < 72; ++word) before.push_back(64 * word);
  const std::vector<std::uint32_t> words = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  std::vector<std::uint32_t> numbers(512 * 9);
  std::iota(numbers.begin(), numbers.end(), 0U);
  for (const std::size_t part : {0U, 1U, 2U, 3U}) {
    // Copies of their size, so that a sanitizer sees what is read behind them.
    RandomTree tree = whole;
    tree.middle.resize(whole.middle.size() * part / 3);
    tree.low.resize(whole.low.size() * part / 4);
    tree.middle.shrink_to_fit();
    tree.low.shrink_to_fit();
    std::vector<std::uint8_t> octets_by_definition;
    std::vector<std::uint16_t> rows_by_definition;
    for (const SparseKernels* table : all_tables()) {
      std::vector<std::uint8_t> octets(512 * 9);
      std::vector<std::uint16_t> rows(4096 * 9);
      std::vector<TreePlace> places(10);
      table->add_middle(tree.view(), 0, 4, 1, octets.data(), places.data());
      table->add_middle(tree.view(), 4, 9, 1, octets.data(), places.data());
      table->add_low(tree.view(), places.data(),
                     {chosen.data(), before.data(), groups.data(), words.data(), words.size(),
                      numbers.data(), numbers.size()},
                     1, rows.data());
      if (octets_by_definition.empty()) octets_by_definition = octets;
      if (rows_by_definition.empty()) rows_by_definition = rows;
      EXPECT_EQ(octets, octets_by_definition) << table->name;
      EXPECT_EQ(rows, rows_by_definition) << table->name;
      EXPECT_EQ(places.back().groups == 0xFFFFFFFF, part < 3) << table->name;
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
