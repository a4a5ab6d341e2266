// The bytes of section_file.h as structs: shared by its reader and its writer only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace enlace::section_format {

inline constexpr std::string_view kMagic = "ENLSEC\r\n";
inline constexpr std::uint16_t kMajor = 1;
inline constexpr std::uint16_t kMinor = 1;
inline constexpr std::size_t kAlignment = 64;
inline constexpr std::size_t kPayload = 4096;  // where the first section begins

struct Header {
  std::array<char, 8> magic;
  std::uint16_t major, minor;
  std::uint32_t sections;
  std::array<char, 8> kind;
  std::uint64_t size, made_from;
  std::array<std::uint64_t, 2> reserved;
  std::uint32_t table_crc, header_crc;
};
static_assert(sizeof(Header) == 64 && offsetof(Header, kind) == 16 && offsetof(Header, size) == 24);
static_assert(offsetof(Header, table_crc) == 56 && offsetof(Header, header_crc) == 60);

struct Entry {
  std::array<char, 24> name;
  std::uint64_t offset, size;
  std::uint32_t item, role, crc;
  std::array<std::uint32_t, 3> reserved;
};
static_assert(sizeof(Entry) == 64 && offsetof(Entry, offset) == 24 && offsetof(Entry, crc) == 48);

inline constexpr std::size_t kMaxSections = (kPayload - sizeof(Header)) / sizeof(Entry) - 1;

inline constexpr std::string_view kPages = "pages";  // the checksums of the pages

constexpr std::uint64_t round_up(std::uint64_t n) {
  return (n + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace enlace::section_format
