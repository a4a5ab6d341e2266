// Compiles a character map, as SentencePiece would, for tests.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace enlace {

/// The bytes of a character map with these replacements. Every node has its children in a block of
/// 256 units of its own: wasteful, and easy to see through.
class CharacterMapBuilder {
 public:
  using Replacement = std::pair<std::string_view, std::string_view>;

  CharacterMapBuilder(std::initializer_list<Replacement> replacements) {
    units_.assign(256, 0xFF);  // 0xFF is no byte of UTF-8: a label that nothing matches
    const std::uint32_t root = new_block();
    units_[0] = root << 10;
    for (const auto& [from, to] : replacements) {
      std::uint32_t block = root;
      std::uint32_t unit = 0;
      for (const char byte : from) {
        const auto label = static_cast<unsigned char>(byte);
        unit = block ^ label;
        if (units_[unit] == 0xFF) {
          const std::uint32_t child = new_block();
          units_[unit] = label | (unit ^ child) << 10;
        }
        block = unit ^ units_[unit] >> 10;
      }
      units_[unit] |= 0x100U;
      units_[block] = 0x80000000U | std::uint32_t(texts_.size());
      texts_.append(to).push_back('\0');
    }
  }

  std::string bytes() const {
    std::string bytes;
    const auto put = [&](std::uint32_t value) {
      for (unsigned shift = 0; shift < 32; shift += 8) {
        bytes.push_back(static_cast<char>(value >> shift));
      }
    };
    put(std::uint32_t(units_.size() * 4));
    for (const std::uint32_t unit : units_) put(unit);
    return bytes + texts_;
  }

 private:
  std::uint32_t new_block() {
    units_.resize(units_.size() + 256, 0xFF);
    return std::uint32_t(units_.size() - 256);
  }

  std::vector<std::uint32_t> units_;
  std::string texts_;
};

}  // namespace enlace
