#include "io/npy.h"

#include <cassert>
#include <charconv>
#include <cstring>
#include <string>
#include <string_view>

#include "io/bytes.h"
#include "io/mapped_file.h"
#include "io/write_all.h"

namespace enlace {
namespace {

constexpr std::size_t kHeaderSize = 128;  // a multiple of 64, and wide enough for any shape
constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);
constexpr std::string_view kBeforeRows = "{'descr': '<f4', 'fortran_order': False, 'shape': (";

std::string header_of(std::size_t rows, std::size_t columns) {
  const std::string shape = fmt::format("{}{}, {}), }}", kBeforeRows, rows, columns);
  return fmt::format("{}{}{}{: <{}}\n", kMagic, char(kHeaderSize - 10), '\0', shape,
                     kHeaderSize - 11);
}

/// Takes a number from the front of `text`.
std::size_t take_number(std::string_view& text, const std::string& where) {
  std::size_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc()) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a shape of two numbers, found another", where);
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

NpyWriter::NpyWriter(const std::filesystem::path& path, std::size_t columns)
    : file_(path), columns_(columns) {
  assert(columns > 0);
  const std::string header = header_of(0, columns_);
  write_all(file_.descriptor(), std::as_bytes(std::span(header)), file_.staging());
}

void NpyWriter::append(std::span<const float> values) {
  assert(values.size() % columns_ == 0);
  write_all(file_.descriptor(), std::as_bytes(values), file_.staging());
  values_ += values.size();
}

void NpyWriter::finish() {
  if (::lseek(file_.descriptor(), 0, SEEK_SET) != 0) throw os_error(file_.staging());
  const std::string header = header_of(values_ / columns_, columns_);
  write_all(file_.descriptor(), std::as_bytes(std::span(header)), file_.staging());
  file_.publish();
}

NpyMatrix read_npy(const std::filesystem::path& path) {
  const MappedFile file(path);
  const std::string where = path.string();
  ByteReader reader(file.bytes(), where);
  const auto magic = reader.take(kMagic.size());
  if (std::memcmp(magic.data(), kMagic.data(), kMagic.size()) != 0) {
    throw Error(ErrorKind::kCorrupt, "{}: expected version 1.0 of the npy format, found another",
                where);
  }
  const auto header = reader.take(reader.read<std::uint16_t>());
  std::string_view text(reinterpret_cast<const char*>(header.data()), header.size());
  if (!text.starts_with(kBeforeRows)) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a row-major matrix of <f4, found another",
                where);
  }
  text.remove_prefix(kBeforeRows.size());
  NpyMatrix matrix;
  matrix.rows = take_number(text, where);
  if (!text.starts_with(", ")) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a shape of two numbers, found another", where);
  }
  text.remove_prefix(2);
  matrix.columns = take_number(text, where);
  const auto data = file.bytes().subspan(reader.offset());
  std::size_t bytes = sizeof(float);
  if (__builtin_mul_overflow(bytes, matrix.rows, &bytes) ||
      __builtin_mul_overflow(bytes, matrix.columns, &bytes) || bytes != data.size()) {
    throw Error(ErrorKind::kCorrupt, "{}: expected {} rows of {} values, found {} bytes", where,
                matrix.rows, matrix.columns, data.size());
  }
  matrix.values.resize(matrix.rows * matrix.columns);
  if (bytes > 0) std::memcpy(matrix.values.data(), data.data(), bytes);
  return matrix;
}

}  // namespace enlace
