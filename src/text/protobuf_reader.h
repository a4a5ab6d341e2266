// Reading the wire format of Protocol Buffers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace enlace {

/// A field of a message.
struct ProtobufField {
  enum class Wire { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

  std::uint32_t number = 0;
  Wire wire = Wire::kVarint;
  std::uint64_t value = 0;      // unless kBytes
  std::string_view bytes = {};  // if kBytes: a string, or a message within
  std::size_t offset = 0;       // in the message

  /// The value of a field of type bool, float, int32 (or an enum), or string. Each throws
  /// Error(kCorrupt), naming `where` and the field, if it is of another wire type.
  bool as_bool(std::string_view where) const;
  float as_float(std::string_view where) const;
  std::int32_t as_int(std::string_view where) const;
  std::string_view as_bytes(std::string_view where) const;
};

/// The fields of a message one by one, unknown ones among them (protobuf.dev, "Encoding"). Borrows
/// the bytes. No recursion: a message within is the caller's to read, with a reader of its own.
class ProtobufReader {
 public:
  /// `where` opens messages and must outlive the reader.
  ProtobufReader(std::string_view bytes, std::string_view where) noexcept
      : bytes_(bytes), where_(where) {}

  /// Whether there was a further field, now in `field`. Throws Error: kCorrupt if the bytes end
  /// within it or are not a field, kUnsupported for a group.
  bool next(ProtobufField& field);

 private:
  std::uint64_t read_varint();
  std::uint64_t read_fixed(std::size_t size);
  std::string_view take(std::uint64_t size);

  std::string_view bytes_;
  std::string_view where_;
  std::size_t at_ = 0;
};

}  // namespace enlace
