// Identifiers of UMLS as numbers, and which concept an atom belongs to.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace enlace {

namespace rrf {

/// The number in `prefix` and `fewest` to `most` digits, nothing else. Requires most <= 9.
constexpr std::optional<std::uint32_t> parse_id(std::string_view text, char prefix,
                                                std::size_t fewest, std::size_t most) noexcept {
  if (text.size() < fewest + 1 || text.size() > most + 1 || text[0] != prefix) return std::nullopt;
  std::uint32_t number = 0;
  for (const char c : text.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + std::uint32_t(c - '0');
  }
  return number;
}

/// C and seven digits.
constexpr std::optional<std::uint32_t> parse_cui(std::string_view text) noexcept {
  return parse_id(text, 'C', 7, 7);
}
/// A and one to nine digits. Leading zeros do not tell atoms apart.
constexpr std::optional<std::uint32_t> parse_aui(std::string_view text) noexcept {
  return parse_id(text, 'A', 1, 9);
}

/// The text of a CUI: "C0000005".
class CuiText {
 public:
  explicit CuiText(std::uint32_t number) noexcept {
    for (std::size_t i = text_.size(); i-- > 1; number /= 10) text_[i] = char('0' + number % 10);
    text_[0] = 'C';
  }
  std::string_view view() const noexcept { return {text_.data(), text_.size()}; }

 private:
  std::array<char, 8> text_;
};

/// A set of CUIs: one bit for each there may be, 1.25 MB.
class CuiSet {
 public:
  void enter(std::uint32_t cui) { bits_[cui] = true; }
  bool has(std::uint32_t cui) const { return bits_[cui]; }

 private:
  std::vector<bool> bits_ = std::vector<bool>(10'000'000);  // of seven digits
};

/// Number by number, what an atom belongs to. Memory: 4 bytes a number, in pages of 65,536 that are
/// there only where a number is used.
class AtomTable {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  /// Enters `owner` if the atom has none; its owner. Requires atom < 10^9 and owner != kNone.
  std::uint32_t enter(std::uint32_t atom, std::uint32_t owner) {
    const std::size_t page = atom / kPage;
    if (page >= pages_.size()) pages_.resize(page + 1);
    if (!pages_[page]) {
      pages_[page] = std::make_unique<std::array<std::uint32_t, kPage>>();
      pages_[page]->fill(kNone);
    }
    std::uint32_t& entry = (*pages_[page])[atom % kPage];
    if (entry == kNone) entry = owner;
    return entry;
  }

  /// Fetches what enter() will need.
  void prefetch(std::uint32_t atom) const noexcept {
    const std::size_t page = atom / kPage;
    if (page < pages_.size() && pages_[page]) {
      __builtin_prefetch(pages_[page]->data() + atom % kPage, 1);
    }
  }

  /// The owner of an atom, or kNone.
  std::uint32_t operator[](std::uint32_t atom) const noexcept {
    const std::size_t page = atom / kPage;
    return page < pages_.size() && pages_[page] ? (*pages_[page])[atom % kPage] : kNone;
  }

 private:
  static constexpr std::uint32_t kPage = 1U << 16;
  std::vector<std::unique_ptr<std::array<std::uint32_t, kPage>>> pages_;
};

}  // namespace rrf
}  // namespace enlace
