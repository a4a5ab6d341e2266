// The way between byte and code-point offsets of one long text, in constant time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace enlace {

/// Offsets of a well-formed UTF-8 text, which it borrows. One pass to make, then O(1) or, from code
/// points to bytes, O(log size) a question.
class CodePointOffsets {
 public:
  explicit CodePointOffsets(std::string_view text);

  /// How many code points the text has.
  std::size_t size() const noexcept { return size_; }

  /// How many code points begin before byte `byte`. Requires byte <= text size.
  std::size_t code_point_at(std::size_t byte) const noexcept;

  /// Where code point number `index` begins; the text's size if index == size(), npos above.
  std::size_t byte_at(std::size_t index) const noexcept;

 private:
  static constexpr std::size_t kStride = 256;

  std::string_view text_;
  std::vector<std::size_t> before_;  // code points that begin before byte i * kStride
  std::size_t size_;
};

}  // namespace enlace
