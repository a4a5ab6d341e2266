// A model folder that a test may change: the tiny BERT of tests/parity with a vocabulary.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace enlace {

/// Made anew in the scratch folder; removed with this object.
class ModelFolder {
 public:
  ModelFolder() {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
    const std::filesystem::path data = TESTS_DIR "/parity/data/bert-f32";
    for (const char* name : {"config.json", "model.safetensors"}) {
      std::filesystem::copy_file(data / name, path_ / name);
    }
    std::string words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n";
    for (char letter = 'a'; letter <= 'z'; ++letter) (words += letter) += '\n';
    put("vocab.txt", words + "query\n:\n");
  }
  ModelFolder(const ModelFolder&) = delete;
  ModelFolder& operator=(const ModelFolder&) = delete;
  ~ModelFolder() { std::filesystem::remove_all(path_); }

  const std::filesystem::path& path() const { return path_; }

  void put(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }

 private:
  // Its own for every test: they may run side by side.
  std::filesystem::path path_ =
      testing::TempDir() + "/model-" +
      testing::UnitTest::GetInstance()->current_test_info()->test_suite_name() + "-" +
      testing::UnitTest::GetInstance()->current_test_info()->name();
};

}  // namespace enlace
