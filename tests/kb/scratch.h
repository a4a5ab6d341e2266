// Files for the tests of kb: each test has a folder of its own below testing::TempDir().
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace enlace::testing_kb {

/// A path in the folder of the running test, which is made, with nothing there.
inline std::filesystem::path scratch(std::string_view name) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const auto folder = std::filesystem::path(testing::TempDir()) /
                      (std::string("kb_") + test->test_suite_name() + "_" + test->name());
  const auto path = folder / name;
  std::filesystem::create_directories(path.parent_path());
  std::filesystem::remove_all(path);
  return path;
}

inline std::filesystem::path written(std::string_view name, std::string_view content) {
  const auto path = scratch(name);
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace enlace::testing_kb
