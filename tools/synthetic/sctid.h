// SNOMED CT identifiers with their check digits.
#pragma once

#include <cstdint>

namespace enlace::synthetic {

enum class Partition : std::uint8_t {
  kConcept = 0,
  kDescription = 1,
  kRelationship = 2,  // of the International edition
  kExtensionConcept = 10,
  kExtensionDescription = 11,
  kExtensionRelationship = 12,
};

/// `digits` followed by the digit that makes it pass Verhoeff's check (1969).
constexpr std::uint64_t with_check_digit(std::uint64_t digits) {
  // The dihedral group of order ten: d(a, b), and the permutation (1 5 8 9 4 2 7 0)(3 6).
  const auto multiply = [](unsigned a, unsigned b) -> unsigned {
    const unsigned turn = a < 5 ? (a + b) % 5 : (a % 5 + 5 - b % 5) % 5;
    return (a < 5) == (b < 5) ? turn : turn + 5;
  };
  constexpr unsigned kPermutation[10] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
  constexpr unsigned kInverse[10] = {0, 4, 3, 2, 1, 5, 6, 7, 8, 9};
  unsigned check = 0, position = 1;
  for (std::uint64_t rest = digits; rest != 0; rest /= 10, ++position) {
    unsigned digit = unsigned(rest % 10);
    for (unsigned i = 0; i < position % 8; ++i) digit = kPermutation[digit];
    check = multiply(check, digit);
  }
  return digits * 10 + kInverse[check];
}

/// The identifier of item `number`; in an extension, of the namespace 1000999.
constexpr std::uint64_t sctid(std::uint64_t number, Partition partition) {
  const auto digits = std::uint64_t(partition);
  const std::uint64_t item = digits < 10 ? 10000000 + number : (1000 + number) * 10000000 + 1000999;
  return with_check_digit(item * 100 + digits);
}

static_assert(with_check_digit(13887500) == 138875005);  // the root of SNOMED CT

}  // namespace enlace::synthetic
