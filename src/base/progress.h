// What long work tells its caller while it runs, and how the caller stops it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>

#include "base/error.h"

namespace enlace {

/// Passed down into anything that may take seconds. The default is silence and no way to stop.
struct Progress {
  /// Called with a stage such as "reading", and how much of it is done; total 0 means unknown. What
  /// follows a comma in a stage tells more, and may change while it lasts.
  /// Always called from the thread that started the work.
  std::function<void(std::string_view stage, std::uint64_t done, std::uint64_t total)> report;

  /// Set by somebody else, such as a signal handler, to ask the work to stop.
  const std::atomic<bool>* cancelled = nullptr;

  bool stop_requested() const noexcept {
    return cancelled != nullptr && cancelled->load(std::memory_order_relaxed);
  }

  /// Throws Error(kCancelled) if a stop was asked for.
  void check(std::string_view stage) const {
    if (stop_requested()) throw Error(ErrorKind::kCancelled, "stopped while {}", stage);
  }

  /// Reports, and throws Error(kCancelled) if a stop was asked for.
  void tell(std::string_view stage, std::uint64_t done, std::uint64_t total = 0) const {
    check(stage);
    if (report) report(stage, done, total);
  }
};

}  // namespace enlace
