#include "text/byte_level.h"

#include <array>
#include <utility>

namespace enlace {
namespace {

struct ByteCharacter {
  std::array<char, 2> bytes{};
  std::uint8_t size = 0;
};

constexpr bool stands_for_itself(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte != 0xAD);
}

constexpr std::array<ByteCharacter, 256> make_characters() {
  std::array<ByteCharacter, 256> table{};
  unsigned next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const unsigned c = stands_for_itself(byte) ? byte : next++;
    if (c < 0x80) {
      table[byte] = {{static_cast<char>(c), 0}, 1};
    } else {
      table[byte] = {{static_cast<char>(0xC0U | c >> 6), static_cast<char>(0x80U | (c & 0x3FU))},
                     2};
    }
  }
  return table;
}

constexpr std::array<ByteCharacter, 256> kCharacters = make_characters();

/// Appends the characters of bytes [begin, end) of `in`, each with the origin of its byte.
void append_characters(const NormalizedText& in, std::size_t begin, std::size_t end,
                       NormalizedText& out) {
  const bool traced = !in.origins.empty();
  for (std::size_t at = begin; at < end; ++at) {
    const ByteCharacter& c = kCharacters[static_cast<unsigned char>(in.text[at])];
    out.text.push_back(c.bytes[0]);
    if (c.size == 2) out.text.push_back(c.bytes[1]);
    if (traced) out.origins.insert(out.origins.end(), c.size, in.origins[at]);
  }
}

}  // namespace

std::string_view byte_character(unsigned char byte) noexcept {
  return {kCharacters[byte].bytes.data(), kCharacters[byte].size};
}

bool ByteLevelText::apply(const NormalizedText& in, NormalizedText& out) const {
  append_characters(in, 0, in.text.size(), out);
  return true;
}

void ByteLevelPieces::apply(PieceText& text, PieceText& scratch) const {
  if (add_space_) {
    scratch.text.clear();
    scratch.pieces.clear();
    const bool traced = !text.text.origins.empty();
    for (const Span piece : text.pieces) {
      const auto begin = std::uint32_t(scratch.text.text.size());
      if (text.text.text[piece.begin] != ' ') {
        scratch.text.append(" ", traced ? text.text.origins[piece.begin] : Span{}, traced);
      }
      scratch.text.append(text.text, piece.begin, piece.end);
      scratch.pieces.push_back({begin, std::uint32_t(scratch.text.text.size())});
    }
    std::swap(text, scratch);
  }
  if (split_) split_->apply(text, scratch);
  scratch.text.clear();
  scratch.pieces.clear();
  for (const Span piece : text.pieces) {
    const auto begin = std::uint32_t(scratch.text.text.size());
    append_characters(text.text, piece.begin, piece.end, scratch.text);
    scratch.pieces.push_back({begin, std::uint32_t(scratch.text.text.size())});
  }
  std::swap(text, scratch);
}

}  // namespace enlace
