// A folder of the running test, and knowledge bases that are built and changed there.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "link/build.h"
#include "link/update.h"

namespace enlace {

/// Is there, and empty, while it lives.
class KbPlace {
 public:
  KbPlace() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(test->test_suite_name()) + "." + test->name();
    std::ranges::replace(name, '/', '.');
    folder_ = std::filesystem::path(testing::TempDir()) / name;
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  KbPlace(const KbPlace&) = delete;
  KbPlace& operator=(const KbPlace&) = delete;
  ~KbPlace() { std::filesystem::remove_all(folder_); }

  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

  /// Writes a file; its path.
  std::string put(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name) << content;
    return (folder_ / name).string();
  }

  /// Builds the knowledge base `name` of rows of TSV; with the vectors of a model if there is one.
  std::filesystem::path build(const std::string& name, const std::string& rows,
                              const std::filesystem::path& model = {}) const {
    BuildOptions options;
    options.out = folder_ / name;
    options.model = model;
    options.precision = Precision::kF32;
    options.sources = {"tsv=" + put(name + ".tsv", rows)};
    build_kb_folder(options);
    return options.out;
  }

  /// Adds what a source of `kind` says and retires the codes of a list; an empty text is no file.
  UpdateReport update(const std::filesystem::path& kb, const std::string& kind,
                      const std::string& add, const std::string& retire) const {
    UpdateOptions options;
    options.kb = kb;
    if (!add.empty()) options.sources = {kind + "=" + put("add." + kind, add)};
    if (!retire.empty()) options.retired = {put("retire.tsv", retire)};
    return update_kb_folder(options);
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace enlace
