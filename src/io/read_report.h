// What a reader of rows saw: how many, and the first complaints about bad ones.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace enlace {

/// Bad rows are counted and the first few kept; they never stop a read. Complaints hold a path, a
/// line, a column, what was expected and what was found, never a piece of a row's text.
struct ReadReport {
  static constexpr std::size_t kKeptComplaints = 20;

  std::size_t rows = 0;  // looked at
  std::size_t bad = 0;   // refused
  std::vector<std::string> complaints;

  template <class... Args>
  void refuse(fmt::format_string<Args...> text, Args&&... args) {
    ++bad;
    if (complaints.size() < kKeptComplaints) {
      complaints.push_back(fmt::format(text, std::forward<Args>(args)...));
    }
  }
};

}  // namespace enlace
