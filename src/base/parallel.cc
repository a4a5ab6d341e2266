#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace enlace {
namespace {

/// Hands out items until there are none left or one failed; remembers the first failure.
class Dispenser {
 public:
  explicit Dispenser(std::size_t count) noexcept : count_(count) {}

  void work(std::size_t worker, const std::function<void(std::size_t, std::size_t)>& body) {
    try {
      for (std::size_t item = next_++; item < count_; item = next_++) body(worker, item);
    } catch (...) {
      next_ = count_;
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
    }
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::size_t count_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace

std::size_t machine_workers() noexcept {
  return std::max(1U, std::thread::hardware_concurrency());
}

void parallel_for(std::size_t workers, std::size_t count,
                  const std::function<void(std::size_t worker, std::size_t item)>& body) {
  Dispenser dispenser(count);
  {
    std::vector<std::jthread> threads;
    for (std::size_t worker = 1; worker < std::min(workers, count); ++worker) {
      threads.emplace_back([&dispenser, &body, worker] { dispenser.work(worker, body); });
    }
    dispenser.work(0, body);
  }
  dispenser.rethrow();
}

}  // namespace enlace
