#include "nn/safetensors_writer.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <gtest/gtest.h>

#include "base/error.h"
#include "io/mapped_file.h"
#include "nn/safetensors.h"
#include "nn/scratch_folder.h"

namespace enlace {
namespace {

using testing_nn::ScratchFolder;

std::string content_of(const std::filesystem::path& path) {
  const MappedFile file(path);
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

constexpr std::array<float, 6> kValues{1, -2, 0.5F, 4, 5, 6};
constexpr std::array<std::uint16_t, 3> kHalves{0x3F80, 0xC000, 0};

std::vector<NewTensor> some_tensors() {
  return {{"z", TensorType::kBf16, {3}, std::as_bytes(std::span(kHalves)), {}},
          {"b", TensorType::kF32, {2, 3}, std::as_bytes(std::span(kValues)), {}},
          {"a", TensorType::kF32, {}, std::as_bytes(std::span(kValues).first(1)), {}},
          {"none", TensorType::kF16, {0, 4}, {}, {}}};
}

TEST(SafetensorsWriter, WritesWhatTheReaderReads) {
  const ScratchFolder folder;
  const auto path = folder.path() / "m.safetensors";
  write_safetensors(path, some_tensors());
  const MappedFile file(path);
  const TensorFile model = parse_safetensors(file.bytes(), "m");
  ASSERT_EQ(model.tensors.size(), 4U);
  const auto b = load_values(*model.find("b"), "m");
  EXPECT_TRUE(std::ranges::equal(b, kValues));
  EXPECT_EQ(model.find("b")->shape, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(model.find("a")->shape, std::vector<std::size_t>{});
  EXPECT_EQ(load_values(*model.find("z"), "m"), (std::vector<float>{1, -2, 0}));
  EXPECT_EQ(model.find("none")->count(), 0U);
}

TEST(SafetensorsWriter, WritesHeadersOfWholeWordsAndSaysWhoseTheyAre) {
  const ScratchFolder folder;
  const auto path = folder.path() / "m.safetensors";
  write_safetensors(path, some_tensors());
  const std::string file = content_of(path);
  std::uint64_t size;
  std::memcpy(&size, file.data(), sizeof size);
  EXPECT_EQ(size % 8, 0U);
  EXPECT_TRUE(file.substr(8).starts_with(R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32",)"
                                         R"("shape":[],"data_offsets":[0,4]},"b":)"));
}

TEST(SafetensorsWriter, WritesTheSameBytesInWhateverOrder) {
  const ScratchFolder folder;
  std::vector<NewTensor> tensors = some_tensors();
  write_safetensors(folder.path() / "a", tensors);
  std::ranges::reverse(tensors);
  write_safetensors(folder.path() / "b", tensors);
  EXPECT_EQ(content_of(folder.path() / "a"), content_of(folder.path() / "b"));
}

TEST(SafetensorsWriter, AsksForTheRowsInOrderAndForNoneTwice) {
  const ScratchFolder folder;
  constexpr std::size_t kRows = 5000, kColumns = 100;
  std::size_t next = 0, calls = 0;
  const auto fill = [&](std::size_t first, std::span<std::byte> out) {
    EXPECT_EQ(first, next);
    std::vector<float> values(out.size() / sizeof(float));
    EXPECT_EQ(values.size() % kColumns, 0U);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = float(first * kColumns + i);
    std::memcpy(out.data(), values.data(), out.size());
    next += values.size() / kColumns;
    ++calls;
  };
  write_safetensors(folder.path() / "m", {{"x", TensorType::kF32, {kRows, kColumns}, {}, fill}});
  EXPECT_EQ(next, kRows);
  EXPECT_GT(calls, 1U);
  const MappedFile file(folder.path() / "m");
  const TensorFile model = parse_safetensors(file.bytes(), "m");
  const auto values = load_values(*model.find("x"), "m");
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], float(i));
}

TEST(SafetensorsWriter, LeavesNothingBehindWhenAFillThrows) {
  const ScratchFolder folder;
  const auto fill = [](std::size_t, std::span<std::byte>) {
    throw Error(ErrorKind::kCorrupt, "rows that cannot be read");
  };
  const auto path = folder.path() / "m";
  EXPECT_THROW(write_safetensors(path, {{"x", TensorType::kF32, {2}, {}, fill}}), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace enlace
