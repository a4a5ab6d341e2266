#include "io/matrix_writer.h"

#include <cassert>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "io/write_all.h"

namespace enlace {
namespace {

constexpr std::size_t kHeaderSize = 128;  // a multiple of 64, and wide enough for any shape

std::string npy_header(std::size_t rows, std::size_t columns) {
  constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);
  constexpr std::size_t kTextSize = kHeaderSize - kMagic.size() - 2;
  const std::string shape =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}), }}", rows, columns);
  return fmt::format("{}{}{}{: <{}}\n", kMagic, char(kTextSize), '\0', shape, kTextSize - 1);
}

std::string safetensors_header(std::size_t rows, std::size_t columns) {
  constexpr std::size_t kTextSize = kHeaderSize - 8;
  const std::string text =
      fmt::format(R"({{"{}":{{"dtype":"F32","shape":[{},{}],"data_offsets":[0,{}]}}}})",
                  kMatrixTensor, rows, columns, rows * columns * sizeof(float));
  return fmt::format("{}{}{: <{}}", char(kTextSize), std::string(7, '\0'), text, kTextSize);
}

}  // namespace

MatrixWriter::MatrixWriter(const std::filesystem::path& path, MatrixFormat format,
                           std::size_t columns)
    : file_(path), format_(format), columns_(columns) {
  assert(columns > 0);
  write_header();
}

void MatrixWriter::append(std::span<const float> values) {
  assert(values.size() % columns_ == 0);
  write_all(file_.descriptor(), std::as_bytes(values), file_.staging());
  rows_ += values.size() / columns_;
}

void MatrixWriter::finish() {
  if (::lseek(file_.descriptor(), 0, SEEK_SET) != 0) throw os_error(file_.staging());
  write_header();
  file_.publish();
}

void MatrixWriter::write_header() {
  const std::string header = format_ == MatrixFormat::kNpy ? npy_header(rows_, columns_)
                                                           : safetensors_header(rows_, columns_);
  assert(header.size() == kHeaderSize);
  write_all(file_.descriptor(), std::as_bytes(std::span(header)), file_.staging());
}

}  // namespace enlace
