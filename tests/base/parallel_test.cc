#include "base/parallel.h"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace enlace {
namespace {

TEST(ParallelFor, VisitsEveryItemOnce) {
  for (const std::size_t workers : {0U, 1U, 2U, 5U}) {
    std::vector<std::atomic<int>> visits(1000);
    parallel_for(workers, visits.size(), [&](std::size_t, std::size_t item) { ++visits[item]; });
    for (const auto& count : visits) EXPECT_EQ(count, 1);
  }
}

TEST(ParallelFor, GivesEachWorkerANumberOfItsOwn) {
  std::atomic<bool> in_range = true;
  parallel_for(3, 100, [&](std::size_t worker, std::size_t) { in_range = in_range && worker < 3; });
  EXPECT_TRUE(in_range);
}

TEST(ParallelFor, RethrowsTheFirstFailureAndStops) {
  std::atomic<int> done = 0;
  const auto run = [&] {
    parallel_for(2, 1'000'000, [&](std::size_t, std::size_t item) {
      if (item == 10) throw std::runtime_error("ten");
      ++done;
    });
  };
  EXPECT_THROW(run(), std::runtime_error);
  EXPECT_LT(done, 1'000'000 - 1);
}

}  // namespace
}  // namespace enlace
