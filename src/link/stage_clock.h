// Where the time of making a knowledge base goes.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace enlace {

/// Seconds that one step of making a knowledge base took.
struct StageTime {
  std::string stage;
  double seconds;
};

/// Measures steps that follow one another, and keeps the times of those that do not.
class StageClock {
 public:
  /// Ends a step, which began when the one before ended.
  void end(std::string_view stage) {
    const auto now = std::chrono::steady_clock::now();
    times_.push_back({std::string(stage), std::chrono::duration<double>(now - began_).count()});
    began_ = now;
  }
  /// Takes over a step that another clock has measured, beside others; the next step begins now.
  void add(const StageTime& time) {
    times_.push_back(time);
    began_ = std::chrono::steady_clock::now();
  }
  const std::vector<StageTime>& times() const noexcept { return times_; }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::vector<StageTime> times_;
};

}  // namespace enlace
