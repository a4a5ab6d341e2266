// The character map of a SentencePiece model: the tokenizer.json normalizer "Precompiled".
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/text_step.h"

namespace enlace {

/// Replaces characters by a table that is compiled into the model (usually NFKC with some
/// replacements of its own).
///
/// The bytes of the map: a little-endian u32, the size of a trie in bytes; the trie, an array of
/// u32 units of Darts-clone (Yata, github.com/s-yata/darts-clone), whose values are places in what
/// follows: the replacements, UTF-8, each ended by a zero byte.
///
/// As the reference library applies it: a grapheme cluster (text/grapheme_break.h) of fewer than 6
/// bytes of which some beginning is in the map is replaced, whole, by what the map has for the
/// shortest such beginning; otherwise each of its code points is, by itself. Origins, unlike those
/// of the reference library, do not drift after a character that grows or vanishes.
class CharacterMap final : public TextStep {
 public:
  /// Throws Error, naming `where`: kCorrupt if `bytes` are not such a map, kUnsupported if a
  /// replacement is longer than any of a published map.
  CharacterMap(std::string_view bytes, std::string_view where);

  bool apply(const NormalizedText& in, NormalizedText& out) const override;

 private:
  /// The replacement for the shortest beginning of `text` that is in the map.
  std::optional<std::string_view> look_up(std::string_view text) const;
  void apply_cluster(const NormalizedText& in, std::size_t begin, std::size_t end, bool single,
                     NormalizedText& out) const;

  std::vector<std::uint32_t> units_;
  std::string replacements_;
  std::array<bool, 0x80> ascii_stays_{};
};

/// The bytes that `text` encodes (RFC 4648, section 4); nothing if it is not base64.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace enlace
