// A meeting point of a few threads that come to it every few microseconds.
#pragma once

#include <atomic>
#include <cstddef>
#include <new>
#include <thread>

namespace enlace {

/// Waits by spinning, for threads that each have a core; after a while it lets others run.
/// Thread-safe by purpose.
class SpinBarrier {
 public:
  explicit SpinBarrier(std::size_t threads) noexcept : threads_(threads) {}

  /// Returns when all threads have called it as often. What a thread wrote before is visible to
  /// all others after. Throws std::bad_alloc if a thread gave up.
  void wait() {
    const std::size_t round = round_.load(std::memory_order_relaxed);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads_) {
      arrived_.store(0, std::memory_order_relaxed);
      round_.store(round + 1, std::memory_order_release);
      return;
    }
    for (std::size_t spins = 0; round_.load(std::memory_order_acquire) == round; ++spins) {
      if (given_up_.load(std::memory_order_relaxed)) throw std::bad_alloc();
      if (spins < kPatience) {
        __builtin_ia32_pause();
      } else {
        std::this_thread::yield();
      }
    }
  }

  /// Frees the others: this thread will not come again.
  void give_up() noexcept { given_up_ = true; }

 private:
  static constexpr std::size_t kPatience = 2000;

  std::size_t threads_;
  std::atomic<std::size_t> arrived_ = 0;
  std::atomic<std::size_t> round_ = 0;
  std::atomic<bool> given_up_ = false;
};

}  // namespace enlace
