#include "io/npy.h"

#include <charconv>
#include <cstring>
#include <string>
#include <string_view>

#include "io/bytes.h"
#include "io/mapped_file.h"

namespace enlace {
namespace {

constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);
constexpr std::string_view kBeforeRows = "{'descr': '<f4', 'fortran_order': False, 'shape': (";

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
