// Seeded damage to good files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/random.h"

namespace enlace::testing_fuzz {

/// Where the next damage happens: mostly near one of the ends, where formats keep their structure.
inline std::size_t place_in(const std::string& bytes, Random& random) {
  constexpr std::size_t kEnds = 2048;
  const std::size_t near = bytes.size() < kEnds ? bytes.size() : kEnds;
  switch (random.below(4)) {
    case 0: return random.below(bytes.size());
    case 1: return bytes.size() - 1 - random.below(near);
    default: return random.below(near);
  }
}

/// Puts a number that is at the edge of something in the place of one that is written out near
/// `at`.
inline void damage_number(std::string& bytes, std::size_t at, Random& random) {
  constexpr std::string_view kNumbers[] = {"0",
                                           "1",
                                           "-1",
                                           "3.5",
                                           "1e400",
                                           "255",
                                           "65536",
                                           "4294967295",
                                           "4294967296",
                                           "9223372036854775807",
                                           "9223372036854775808",
                                           "18446744073709551615",
                                           "99999999999999999999"};
  const std::size_t begin = bytes.find_first_of("0123456789", at);
  if (begin == std::string::npos) return;
  const std::size_t end = bytes.find_first_not_of("0123456789", begin);
  bytes.replace(begin, (end == std::string::npos ? bytes.size() : end) - begin,
                kNumbers[random.below(std::size(kNumbers))]);
}

/// Writes a binary number at the edge of something over the bytes at `at`.
inline void damage_binary(std::string& bytes, std::size_t at, Random& random) {
  constexpr std::uint64_t kNumbers[] = {0,
                                        1,
                                        0x7F,
                                        0xFF,
                                        0xFFFF,
                                        0x7FFFFFFF,
                                        0xFFFFFFFF,
                                        0x7FF0000000000000,
                                        0x7FFFFFFFFFFFFFF7,
                                        0x7FFFFFFFFFFFFFFF,
                                        0x8000000000000000,
                                        0xFFFFFFFFFFFFFFFF};
  const std::uint64_t number = kNumbers[random.below(std::size(kNumbers))];
  const std::size_t width = std::size_t{1} << random.below(4);
  std::memcpy(&bytes[at], &number, width < bytes.size() - at ? width : bytes.size() - at);
}

/// `good` with one to four faults: bytes changed, put in, taken out or doubled, numbers replaced,
/// the end cut off.
inline std::string damaged(std::string_view good, Random& random) {
  constexpr std::string_view kTelling("\0\n\"\\[]{}:,0129-e \x01\x7F\x80\xC3\xFF", 23);
  std::string bytes(good);
  for (std::uint64_t n = 1 + random.below(1 + random.below(4)); n > 0 && !bytes.empty(); --n) {
    const std::size_t at = place_in(bytes, random);
    const char c = kTelling[random.below(kTelling.size())];
    switch (random.below(10)) {
      case 0: bytes[at] = c; break;
      case 1: bytes.insert(at, 1, c); break;
      case 2: bytes.insert(at, bytes.substr(random.below(bytes.size()), random.below(80))); break;
      case 3: bytes.erase(at, 1 + random.below(8)); break;
      case 4:
      case 5: damage_number(bytes, at, random); break;
      case 6:
      case 7: damage_binary(bytes, at, random); break;
      case 8: bytes[at] = static_cast<char>(bytes[at] ^ 1 << random.below(8)); break;
      default:
        if (random.below(4) == 0) bytes.resize(at);
    }
  }
  return bytes;
}

}  // namespace enlace::testing_fuzz
