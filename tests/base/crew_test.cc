#include "base/crew.h"

#include <array>
#include <atomic>
#include <stdexcept>

#include <gtest/gtest.h>

#include "base/spin_barrier.h"

namespace enlace {
namespace {

TEST(Crew, CallsEveryShareAtTheSameTime) {
  Crew crew(3);
  EXPECT_EQ(crew.size(), 3U);
  SpinBarrier barrier(3);
  std::array<int, 3> calls{};
  for (int round = 0; round < 100; ++round) {
    EXPECT_TRUE(crew.run([&](std::size_t share) {
      barrier.wait();  // returns only if all are there
      ++calls[share];
      barrier.wait();
      EXPECT_EQ(calls[(share + 1) % 3], round + 1);
    }));
  }
}

TEST(Crew, OfOneIsTheCallerAlone) {
  Crew crew(1);
  std::thread::id caller;
  EXPECT_TRUE(crew.run([&](std::size_t share) {
    EXPECT_EQ(share, 0U);
    caller = std::this_thread::get_id();
  }));
  EXPECT_EQ(caller, std::this_thread::get_id());
}

TEST(Crew, DoesNothingForASecondCaller) {
  Crew crew(2);
  bool inner = true;
  EXPECT_TRUE(crew.run([&](std::size_t share) {
    if (share == 1) inner = crew.run([](std::size_t) { FAIL(); });
  }));
  EXPECT_FALSE(inner);
}

TEST(Crew, RethrowsAndWorksOn) {
  Crew crew(2);
  for (const std::size_t bad : {0U, 1U}) {
    EXPECT_THROW(crew.run([&](std::size_t share) {
      if (share == bad) throw std::runtime_error("no");
    }),
                 std::runtime_error);
  }
  std::atomic<int> calls = 0;
  EXPECT_TRUE(crew.run([&](std::size_t) { ++calls; }));
  EXPECT_EQ(calls, 2);
}

TEST(SpinBarrier, IsNoTrapIfAThreadGivesUp) {
  Crew crew(2);
  SpinBarrier barrier(2);
  EXPECT_THROW(crew.run([&](std::size_t share) {
    if (share == 0) barrier.wait();
    barrier.give_up();
  }),
               std::bad_alloc);
}

}  // namespace
}  // namespace enlace
