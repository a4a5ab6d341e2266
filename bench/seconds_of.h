// How long something takes, for the programs in this folder.
#pragma once

#include <chrono>
#include <functional>

namespace enlace {

/// Seconds by the clock on the wall.
inline double seconds_of(const std::function<void()>& work) {
  const auto began = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace enlace
