#include "sources/sctid.h"

#include <cstddef>

namespace enlace {
namespace {

/// The product of two elements of the dihedral group of order 10: 0 to 4 are rotations.
constexpr unsigned product(unsigned a, unsigned b) noexcept {
  const unsigned turned = a < 5 ? (a + b) % 5 : (a + 5 - b % 5) % 5;
  return turned + ((a < 5) == (b < 5) ? 0 : 5);
}

/// The permutation that Verhoeff applies once more for every place to the left.
constexpr unsigned kPermutation[10] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};

struct Tables {
  unsigned char products[10][10];
  unsigned char permuted[8][10];  // by place from the right, whose period is 8
};

constexpr Tables make_tables() noexcept {
  Tables tables{};
  for (unsigned a = 0; a < 10; ++a) {
    for (unsigned b = 0; b < 10; ++b) {
      tables.products[a][b] = static_cast<unsigned char>(product(a, b));
    }
    tables.permuted[0][a] = static_cast<unsigned char>(a);
  }
  for (unsigned place = 1; place < 8; ++place) {
    for (unsigned a = 0; a < 10; ++a) {
      tables.permuted[place][a] =
          static_cast<unsigned char>(kPermutation[tables.permuted[place - 1][a]]);
    }
  }
  return tables;
}
constexpr Tables kTables = make_tables();

}  // namespace

std::optional<std::uint64_t> parse_sctid(std::string_view text) noexcept {
  constexpr std::size_t kFewest = 6, kMost = 18;
  if (text.size() < kFewest || text.size() > kMost || text[0] == '0') return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + std::uint64_t(c - '0');
  }
  return number;
}

bool has_check_digit(std::string_view sctid) noexcept {
  unsigned check = 0;
  for (std::size_t place = 0; place < sctid.size(); ++place) {
    const unsigned digit = unsigned(sctid[sctid.size() - 1 - place] - '0');
    check = kTables.products[check][kTables.permuted[place % 8][digit]];
  }
  return check == 0;
}

}  // namespace enlace
