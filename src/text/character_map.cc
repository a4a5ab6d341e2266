#include "text/character_map.h"

#include <algorithm>

#include "base/error.h"
#include "text/characters.h"
#include "text/grapheme_break.h"

namespace enlace {
namespace {

constexpr std::size_t kMostReplacement = 256;  // bytes; the longest of NFKC has 33
constexpr std::size_t kClusterLimit = 6;       // bytes; clusters below are looked up whole

std::uint32_t read_u32(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

// A unit of Darts-clone: the label in bits 0-7 (bit 31 marks a value), whether a value hangs on the
// node in bit 8, and the distance to its children in bits 10-30, in units of 256 if bit 9 is set.
bool has_value(std::uint32_t unit) {
  return (unit >> 8 & 1U) != 0;
}
std::uint32_t value_of(std::uint32_t unit) {
  return unit & 0x7FFFFFFFU;
}
std::uint32_t label_of(std::uint32_t unit) {
  return unit & 0x800000FFU;
}
std::uint32_t offset_of(std::uint32_t unit) {
  return unit >> 10 << ((unit & 0x200U) >> 6);
}

bool is_plain_ascii(char byte) {
  return static_cast<unsigned char>(byte) < 0x80;
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

}  // namespace

CharacterMap::CharacterMap(std::string_view bytes, std::string_view where) {
  if (bytes.size() < 4) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a character map of at least 4 bytes, found {}",
                where, bytes.size());
  }
  const std::size_t size = read_u32(bytes, 0);
  bytes.remove_prefix(4);
  if (size % 4 != 0 || size == 0 || size > bytes.size()) {
    throw Error(ErrorKind::kCorrupt,
                "{}: expected a character map with a trie of whole units within {} bytes, found "
                "one of {}",
                where, bytes.size(), size);
  }
  units_.reserve(size / 4);
  for (std::size_t at = 0; at < size; at += 4) units_.push_back(read_u32(bytes, at));
  replacements_ = bytes.substr(size);
  if (!is_utf8(replacements_)) {
    throw Error(ErrorKind::kCorrupt,
                "{}: expected the replacements of a character map in UTF-8, found another byte",
                where);
  }
  for (std::size_t at = 0; at < replacements_.size();) {
    const std::size_t end = std::min(replacements_.find('\0', at), replacements_.size());
    if (end - at > kMostReplacement) {
      throw Error(ErrorKind::kUnsupported,
                  "{}: expected replacements of a character map of at most {} bytes, found {}",
                  where, kMostReplacement, end - at);
    }
    at = end + 1;
  }
  for (std::size_t c = 0; c < ascii_stays_.size(); ++c) {
    const char byte = static_cast<char>(c);
    ascii_stays_[c] = c != '\r' && !look_up({&byte, 1});
  }
}

std::optional<std::string_view> CharacterMap::look_up(std::string_view text) const {
  std::size_t node = offset_of(units_[0]);
  for (const char byte : text) {
    const auto label = static_cast<unsigned char>(byte);
    node ^= label;
    if (label == 0 || node >= units_.size() || label_of(units_[node]) != label) return {};
    const std::uint32_t unit = units_[node];
    node ^= offset_of(unit);
    if (!has_value(unit)) continue;
    if (node >= units_.size() || value_of(units_[node]) > replacements_.size()) return {};
    const std::string_view rest = std::string_view(replacements_).substr(value_of(units_[node]));
    return rest.substr(0, rest.find('\0'));
  }
  return {};
}

bool CharacterMap::apply(const NormalizedText& in, NormalizedText& out) const {
  const std::string_view text = in.text;
  // An ASCII character before another is a cluster by itself, CR LF apart.
  const auto stays = [&](std::size_t at) {
    return is_plain_ascii(text[at]) && ascii_stays_[static_cast<unsigned char>(text[at])] &&
           (at + 1 == text.size() || is_plain_ascii(text[at + 1]));
  };
  std::size_t at = 0;
  while (at < text.size() && stays(at)) ++at;
  if (at == text.size()) return false;
  out.append(in, 0, at);
  while (at < text.size()) {
    std::size_t end = at;
    while (end < text.size() && stays(end)) ++end;
    out.append(in, at, end);
    at = end;
    if (at == text.size()) break;
    CodePoint last = next_code_point(text, at);
    end = at + last.size;
    const std::size_t first_end = end;
    for (std::int32_t state = 0; end < text.size();) {
      const CodePoint next = next_code_point(text, end);
      if (is_grapheme_break(last.value, next.value, state)) break;
      end += next.size;
      last = next;
    }
    apply_cluster(in, at, end, end == first_end, out);
    at = end;
  }
  // What vanishes at the beginning belongs to what then is the first: Metaspace may ask whether a
  // piece begins with the text.
  if (!out.origins.empty()) out.origins.front().begin = in.origins.front().begin;
  return true;
}

void CharacterMap::apply_cluster(const NormalizedText& in, std::size_t begin, std::size_t end,
                                 bool single, NormalizedText& out) const {
  const std::string_view text = in.text;
  const bool traced = !in.origins.empty();
  const auto replace = [&](std::size_t from, std::size_t to) {
    const auto replacement = look_up(text.substr(from, to - from));
    if (replacement) {
      out.append(*replacement, traced ? in.original(from, to) : Span{}, traced);
    }
    return replacement.has_value();
  };
  if (!single && end - begin < kClusterLimit && replace(begin, end)) return;
  for (std::size_t at = begin; at < end;) {
    const std::size_t next = at + next_code_point(text, at).size;
    if (!replace(at, next)) out.append(in, at, next);
    at = next;
  }
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return {};
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int digit = i + padding >= text.size() ? 0 : base64_digit(text[i]);
    if (digit < 0) return {};
    bits = bits << 6 | std::uint32_t(digit);
    if (i % 4 != 3) continue;
    for (const unsigned shift : {16U, 8U, 0U}) bytes.push_back(static_cast<char>(bits >> shift));
    bits = 0;
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace enlace
