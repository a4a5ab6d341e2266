#include "text/protobuf_reader.h"

#include <bit>

#include "base/error.h"

namespace enlace {
namespace {

using Wire = ProtobufField::Wire;

void expect(const ProtobufField& field, Wire wire, std::string_view where) {
  if (field.wire != wire) {
    throw Error(ErrorKind::kCorrupt, "{}: field {}: expected wire type {}, found {}", where,
                field.number, int(wire), int(field.wire));
  }
}

}  // namespace

bool ProtobufField::as_bool(std::string_view where) const {
  expect(*this, Wire::kVarint, where);
  return value != 0;
}

float ProtobufField::as_float(std::string_view where) const {
  expect(*this, Wire::kFixed32, where);
  return std::bit_cast<float>(std::uint32_t(value));
}

std::int32_t ProtobufField::as_int(std::string_view where) const {
  expect(*this, Wire::kVarint, where);
  return static_cast<std::int32_t>(value);
}

std::string_view ProtobufField::as_bytes(std::string_view where) const {
  expect(*this, Wire::kBytes, where);
  return bytes;
}

bool ProtobufReader::next(ProtobufField& field) {
  if (at_ == bytes_.size()) return false;
  field = {};
  field.offset = at_;
  const std::uint64_t key = read_varint();
  if (key >> 3 == 0 || key >> 3 > 0x1FFFFFFF) {
    throw Error(ErrorKind::kCorrupt, "{}@{}: expected a field, found number {}", where_,
                field.offset, key >> 3);
  }
  field.number = std::uint32_t(key >> 3);
  switch (key & 7U) {
    case 0: field.value = read_varint(); break;
    case 1: field.value = read_fixed(8); break;
    case 2: field.bytes = take(read_varint()); break;
    case 5: field.value = read_fixed(4); break;
    default:
      throw Error(ErrorKind::kUnsupported, "{}@{}: expected wire type 0, 1, 2 or 5, found {}",
                  where_, field.offset, key & 7U);
  }
  field.wire = static_cast<Wire>(key & 7U);
  return true;
}

std::uint64_t ProtobufReader::read_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(take(1)[0]);
    value |= std::uint64_t(byte & 0x7FU) << shift;
    if (byte < 0x80) return value;
  }
  throw Error(ErrorKind::kCorrupt, "{}@{}: expected a number of at most 10 bytes, found more",
              where_, at_);
}

std::uint64_t ProtobufReader::read_fixed(std::size_t size) {
  const std::string_view taken = take(size);
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(taken[i]);
  return value;
}

std::string_view ProtobufReader::take(std::uint64_t size) {
  if (size > bytes_.size() - at_) {
    throw Error(ErrorKind::kCorrupt, "{}@{}: expected {} more bytes, found {}", where_, at_, size,
                bytes_.size() - at_);
  }
  const std::string_view taken = bytes_.substr(at_, size);
  at_ += size;
  return taken;
}

}  // namespace enlace
