#include "io/matrix_writer.h"

#include <fstream>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"

namespace enlace {
namespace {

class MatrixWriterTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string bytes() const {
    std::ostringstream text;
    text << std::ifstream(path_, std::ios::binary).rdbuf();
    return text.str();
  }

  std::filesystem::path folder_ = [] {
    // Its own for every test: they may run side by side.
    const std::filesystem::path folder =
        testing::TempDir() + "/matrix-" +
        testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder);
    return folder;
  }();
  std::filesystem::path path_ = folder_ / "vectors";
};

TEST_F(MatrixWriterTest, BeginsAnNpyFileWithTheHeaderThatNumpyWrites) {
  MatrixWriter writer(path_, MatrixFormat::kNpy, 2);
  writer.finish();
  std::string expected("\x93NUMPY\x01\0\x76\0", 10);
  expected += "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2), }";
  expected.append(58, ' ').append("\n");
  EXPECT_EQ(bytes(), expected);
}

TEST_F(MatrixWriterTest, BeginsASafetensorsFileWithItsHeaderPaddedByBlanks) {
  MatrixWriter writer(path_, MatrixFormat::kSafetensors, 2);
  writer.append(std::vector<float>{1, 2});
  writer.append(std::vector<float>{3, 4, 5, 6});
  writer.finish();
  const std::string text = R"({"embeddings":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]}})";
  const std::string head =
      "\x78" + std::string(7, '\0') + text + std::string(0x78 - text.size(), ' ');
  EXPECT_EQ(bytes().substr(0, 128), head);
  EXPECT_EQ(bytes().substr(128, 4), std::string("\0\0\x80\x3F", 4));
  EXPECT_EQ(bytes().size(), 128U + 24U);
}

TEST_F(MatrixWriterTest, ShowsNothingBeforeItIsFinished) {
  MatrixWriter writer(path_, MatrixFormat::kNpy, 1);
  writer.append(std::vector<float>{1});
  EXPECT_FALSE(std::filesystem::exists(path_));
  writer.finish();
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(MatrixWriterTest, LeavesNothingBehindUnfinishedAndTheOldFileAsItWas) {
  std::ofstream(path_) << "old";
  {
    MatrixWriter writer(path_, MatrixFormat::kSafetensors, 2);
    writer.append(std::vector<float>{1, 2});
  }
  EXPECT_EQ(bytes(), "old");
  std::filesystem::remove(path_);
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(MatrixWriterTest, RefusesAPlaceThatIsNoneForAFile) {
  const auto kind_of = [](const std::filesystem::path& path) {
    try {
      MatrixWriter(path, MatrixFormat::kNpy, 2);
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::kInternal;
  };
  EXPECT_EQ(kind_of("/no/such/folder/x.npy"), ErrorKind::kNotFound);
  EXPECT_EQ(kind_of(folder_), ErrorKind::kInvalidArgument);
}

}  // namespace
}  // namespace enlace
