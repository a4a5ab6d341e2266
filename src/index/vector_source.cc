#include "index/vector_source.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>
#include <vector>

#include "io/bytes.h"
#include "io/publish.h"
#include "io/write_all.h"

namespace enlace {
namespace {

constexpr std::string_view kNpyMagic("\x93NUMPY", 6);
constexpr std::size_t kRowsAtOnce = 4096;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Error unsupported(const std::string& where, std::string_view expected, std::string_view found) {
  return Error(ErrorKind::kUnsupported, "{}: expected {}, found {}", where, expected, found);
}

/// What follows 'key': in the header of a .npy file, a dictionary as Python writes it.
std::string_view member_of(std::string_view header, std::string_view key,
                           const std::string& where) {
  for (const char quote : {'\'', '"'}) {
    const std::string quoted = fmt::format("{}{}{}", quote, key, quote);
    const std::size_t at = header.find(quoted);
    if (at == header.npos) continue;
    std::string_view rest = header.substr(at + quoted.size());
    const auto skip = [&](std::string_view blanks) {
      rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
    };
    skip(" ");
    if (!rest.starts_with(':')) break;
    rest.remove_prefix(1);
    skip(" ");
    return rest;
  }
  throw Error(ErrorKind::kCorrupt, "{}: expected a member {} in the header", where, key);
}

void check_type(std::string_view type, const std::string& where) {
  constexpr std::string_view kWanted = "<f4: f32, little-endian";
  if (!type.starts_with('\'') && !type.starts_with('"')) {
    throw unsupported(where, kWanted, "another type");
  }
  type.remove_prefix(1);
  if (type.starts_with("<f4")) return;
  for (const std::string_view known : {">f4", "<f2", ">f2", "<f8", ">f8", "|i1", "|u1", "<i2",
                                       "<i4", "<i8", "<u2", "<u4", "<u8", "|b1", "|O"}) {
    if (type.starts_with(known)) throw unsupported(where, kWanted, known);
  }
  throw unsupported(where, kWanted, "another type");
}

/// The numbers of a tuple.
std::vector<std::size_t> shape_of(std::string_view tuple, const std::string& where) {
  std::vector<std::size_t> shape;
  const auto fail = [&] {
    return Error(ErrorKind::kCorrupt, "{}: expected a shape in the header", where);
  };
  if (!tuple.starts_with('(')) throw fail();
  tuple.remove_prefix(1);
  while (true) {
    tuple.remove_prefix(std::min(tuple.find_first_not_of(", "), tuple.size()));
    if (tuple.starts_with(')')) return shape;
    std::size_t value = 0;
    const auto [end, code] = std::from_chars(tuple.data(), tuple.data() + tuple.size(), value);
    if (code != std::errc()) throw fail();
    shape.push_back(value);
    tuple.remove_prefix(static_cast<std::size_t>(end - tuple.data()));
  }
}

/// The header of a FAISS flat index but for its name.
struct FaissHeader {
  std::int32_t dimension;
  std::int64_t rows;
  std::array<std::int64_t, 2> unused;
  std::uint8_t trained;
  std::int32_t metric;
  std::uint64_t values;
};

/// Calls visit(field) for each field in the order of the file.
template <class Header, class Visit>
void for_each_field(Header& header, const Visit& visit) {
  visit(header.dimension);
  visit(header.rows);
  visit(header.unused[0]);
  visit(header.unused[1]);
  visit(header.trained);
  visit(header.metric);
  visit(header.values);
}

}  // namespace

VectorSource VectorSource::open(const std::filesystem::path& path) {
  VectorSource source(MappedFile(path), path.string());
  const std::string& where = source.name_;
  ByteReader reader(source.file_.bytes(), where);
  const std::string_view start = source.file_.text().substr(0, kNpyMagic.size());
  if (start == kNpyMagic) {
    reader.take(kNpyMagic.size());
    const auto major = reader.read<std::uint8_t>();
    reader.read<std::uint8_t>();
    if (major < 1 || major > 3) {
      throw unsupported(where, "version 1 to 3 of the npy format", "another");
    }
    const std::size_t size =
        major == 1 ? reader.read<std::uint16_t>() : reader.read<std::uint32_t>();
    const std::string_view header = text_of(reader.take(size));
    check_type(member_of(header, "descr", where), where);
    if (!member_of(header, "fortran_order", where).starts_with("False")) {
      throw unsupported(where, "values in C order", "Fortran order");
    }
    const auto shape = shape_of(member_of(header, "shape", where), where);
    if (shape.size() != 2) {
      throw unsupported(where, "two dimensions", std::to_string(shape.size()));
    }
    source.rows_ = shape[0];
    source.columns_ = shape[1];
  } else if (start.starts_with("IxFI")) {
    reader.take(4);
    FaissHeader header;
    for_each_field(header, [&](auto& field) {
      field = reader.read<std::remove_reference_t<decltype(field)>>();
    });
    if (header.metric != 0) throw unsupported(where, "inner products", "another metric");
    if (header.dimension < 0 || header.rows < 0) {
      throw Error(ErrorKind::kCorrupt, "{}: expected a shape, found negative numbers", where);
    }
    source.rows_ = std::size_t(header.rows);
    source.columns_ = std::size_t(header.dimension);
    const std::uint64_t values = source.rows_ * source.columns_;  // modulo 2^64: sizes follow
    if (header.values != values) {
      throw Error(ErrorKind::kCorrupt, "{}: expected a count of {} values, found {}", where, values,
                  header.values);
    }
  } else if (start.starts_with("IxF2")) {
    throw unsupported(where, "a FAISS flat index of inner products (IxFI)",
                      "one of distances (IxF2)");
  } else {
    throw unsupported(where, "a .npy file or a FAISS flat index (IxFI)", "neither");
  }
  source.take_values(reader.offset());
  return source;
}

void VectorSource::take_values(std::size_t offset) {
  values_ = file_.bytes().subspan(offset);
  if (columns_ == 0) {
    throw Error(ErrorKind::kCorrupt, "{}: expected rows of one value or more, found {} of none",
                name_, rows_);
  }
  std::size_t bytes = sizeof(float);
  if (__builtin_mul_overflow(bytes, rows_, &bytes) ||
      __builtin_mul_overflow(bytes, columns_, &bytes) || bytes != values_.size()) {
    throw Error(ErrorKind::kCorrupt, "{}: expected {} rows of {} values, found {} bytes of them",
                name_, rows_, columns_, values_.size());
  }
}

void VectorSource::read(std::size_t first, std::size_t count, std::span<float> to) const {
  const std::size_t row_bytes = columns_ * sizeof(float);
  const auto from = values_.subspan(first * row_bytes, count * row_bytes);
  if (from.empty()) return;
  std::memcpy(to.data(), from.data(), from.size());
  for (std::size_t i = 0; i < count * columns_; ++i) {
    if (!std::isfinite(to[i])) {
      throw Error(ErrorKind::kCorrupt, "{}: row {}: expected finite values, found others", name_,
                  first + i / columns_);
    }
  }
}

void append_all(const VectorSource& source, FlatIndexWriter& writer) {
  std::vector<float> rows(std::min(kRowsAtOnce, source.rows()) * source.columns());
  for (std::size_t first = 0; first < source.rows(); first += kRowsAtOnce) {
    const std::size_t count = std::min(kRowsAtOnce, source.rows() - first);
    source.read(first, count, rows);
    writer.append({rows.data(), count, source.columns()});
  }
}

void write_faiss_flat(const std::filesystem::path& path, const FlatIndex& index) {
  FilePublication file(path);
  const FaissHeader header{std::int32_t(index.dimension()),
                           std::int64_t(index.size()),
                           {1 << 20, 1 << 20},  // what FAISS writes there
                           1,
                           0,
                           index.size() * index.dimension()};
  std::string bytes = "IxFI";
  for_each_field(header, [&](const auto& field) {
    bytes.append(reinterpret_cast<const char*>(&field), sizeof field);
  });
  write_all(file.descriptor(), std::as_bytes(std::span(bytes)), file.staging());
  const std::span values(index.vectors().data(), index.size() * index.dimension());
  write_all(file.descriptor(), std::as_bytes(values), file.staging());
  file.publish();
}

}  // namespace enlace
