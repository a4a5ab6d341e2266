// What io/matrix_writer.h writes as safetensors is what nn/safetensors.h reads.
#include <gtest/gtest.h>

#include "io/mapped_file.h"
#include "io/matrix_writer.h"
#include "nn/safetensors.h"

namespace enlace {
namespace {

TEST(SafetensorsMatrix, ReadsWhatTheMatrixWriterWrote) {
  const std::filesystem::path path = testing::TempDir() + "/round-trip.safetensors";
  MatrixWriter writer(path, MatrixFormat::kSafetensors, 3);
  const std::vector<float> values{1, -2, 3.5F, 0, 5, 6e-30F};
  writer.append(values);
  writer.finish();
  {
    const MappedFile file(path);
    const TensorFile read = parse_safetensors(file.bytes(), "round-trip");
    ASSERT_EQ(read.tensors.size(), 1U);
    const Tensor* tensor = read.find(kMatrixTensor);
    ASSERT_NE(tensor, nullptr);
    EXPECT_EQ(tensor->type, TensorType::kF32);
    EXPECT_EQ(tensor->shape, (std::vector<std::size_t>{2, 3}));
    EXPECT_EQ(load_values(*tensor, "round-trip"), values);
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace enlace
