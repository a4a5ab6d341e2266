// A folder for the files of one test.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace enlace::testing_nn {

/// Empty when made; removed with this object.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() { std::filesystem::remove_all(path_); }

  const std::filesystem::path& path() const { return path_; }

  void put(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
  }

 private:
  std::filesystem::path path_ =
      testing::TempDir() + "/" +
      testing::UnitTest::GetInstance()->current_test_info()->test_suite_name() + "-" +
      testing::UnitTest::GetInstance()->current_test_info()->name();
};

}  // namespace enlace::testing_nn
