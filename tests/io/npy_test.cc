#include "io/npy.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/error.h"
#include "io/matrix_writer.h"

namespace enlace {
namespace {

class NpyTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string bytes() const {
    std::ostringstream text;
    text << std::ifstream(path_, std::ios::binary).rdbuf();
    return text.str();
  }
  void put(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }

  std::filesystem::path folder_ = [] {
    // Its own for every test: they may run side by side.
    const std::filesystem::path folder =
        testing::TempDir() + "/npy-" +
        testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder);
    return folder;
  }();
  std::filesystem::path path_ = folder_ / "vectors.npy";
};

TEST_F(NpyTest, ReadsWhatWasAppended) {
  MatrixWriter writer(path_, MatrixFormat::kNpy, 3);
  writer.append(std::vector<float>{1, 2, 3});
  writer.append(std::vector<float>{4, 5, 6, 7, 8, 9});
  writer.finish();
  const NpyMatrix matrix = read_npy(path_);
  EXPECT_EQ(matrix.rows, 3U);
  EXPECT_EQ(matrix.columns, 3U);
  EXPECT_EQ(matrix.values, (std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST_F(NpyTest, RefusesEveryTruncationAndATail) {
  MatrixWriter writer(path_, MatrixFormat::kNpy, 2);
  writer.append(std::vector<float>{1, 2});
  writer.finish();
  const std::string whole = bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    put(whole.substr(0, size));
    EXPECT_THROW(read_npy(path_), Error) << size;
  }
  put(whole + "x");
  EXPECT_THROW(read_npy(path_), Error);
}

TEST_F(NpyTest, RefusesOtherFormatsAndShapesThatOverflow) {
  const auto with_header = [this](const std::string& text) {
    put(std::string("\x93NUMPY\x01\0", 8) + char(text.size()) + '\0' + text);
    EXPECT_THROW(read_npy(path_), Error) << text;
  };
  with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 2), }");
  with_header("{'descr': '<f4', 'fortran_order': True, 'shape': (0, 2), }");
  with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }");
  with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }");
}

}  // namespace
}  // namespace enlace
