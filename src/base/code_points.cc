#include "base/code_points.h"

#include <algorithm>

#include "base/utf8.h"

namespace enlace {

CodePointOffsets::CodePointOffsets(std::string_view text) : text_(text), size_(0) {
  for (std::size_t begin = 0; begin < text.size(); begin += kStride) {
    before_.push_back(size_);
    size_ += count_code_points(text.substr(begin, kStride));
  }
  if (before_.empty()) before_.push_back(0);
}

std::size_t CodePointOffsets::code_point_at(std::size_t byte) const noexcept {
  const std::size_t stride = std::min(byte / kStride, before_.size() - 1);
  const std::size_t begin = stride * kStride;
  return before_[stride] + count_code_points(text_.substr(begin, byte - begin));
}

std::size_t CodePointOffsets::byte_at(std::size_t index) const noexcept {
  if (index > size_) return std::string_view::npos;
  if (index == size_) return text_.size();
  const auto after = std::upper_bound(before_.begin(), before_.end(), index);
  const auto stride = std::size_t(after - before_.begin()) - 1;
  std::size_t begin = stride * kStride;
  // A stride may begin inside a code point that the stride before has counted.
  while (begin < text_.size() && is_utf8_continuation(text_[begin])) ++begin;
  return begin + byte_offset_of(text_.substr(begin), index - before_[stride]);
}

}  // namespace enlace
