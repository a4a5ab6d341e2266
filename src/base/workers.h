// A loop shared by threads that stay, for many short loops in a row.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

#include "base/crew.h"

namespace enlace {

/// As parallel_for (base/parallel.h), without starting threads for each loop: that takes longer
/// than some loops do, and where other programs run, a new thread may wait for milliseconds.
class Workers {
 public:
  /// `count` of them; 0 counts as 1. The caller of for_each is one.
  explicit Workers(std::size_t count) : crew_(count > 0 ? count : 1) {}

  std::size_t size() const noexcept { return crew_.size(); }

  /// Calls body(worker, item) once for every item in [0, count); which worker takes which item is
  /// not fixed. Not thread-safe. Rethrows the first exception of a body.
  void for_each(std::size_t count,
                const std::function<void(std::size_t worker, std::size_t item)>& body) {
    std::atomic<std::size_t> next = 0;
    crew_.run([&](std::size_t worker) {
      for (std::size_t item = next++; item < count; item = next++) body(worker, item);
    });
  }

 private:
  Crew crew_;
};

}  // namespace enlace
