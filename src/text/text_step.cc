#include "text/text_step.h"

#include <algorithm>

#include <utf8proc.h>

#include "text/characters.h"

namespace enlace {
namespace {

/// Puts `content` in the place of in[begin, end), with the origin of its last byte, as the
/// reference library has it.
void replace(const NormalizedText& in, std::size_t end, std::string_view content,
             NormalizedText& out) {
  const bool traced = !in.origins.empty();
  out.append(content, traced ? in.origins[end - 1] : Span{}, traced);
}

}  // namespace

void apply_steps(const TextSteps& steps, NormalizedText& text, NormalizedText& scratch) {
  for (const auto& step : steps) {
    scratch.clear();
    if (step->apply(text, scratch)) std::swap(text, scratch);
  }
}

bool ReplaceLiteral::apply(const NormalizedText& in, NormalizedText& out) const {
  std::size_t done = 0;
  for (std::size_t at; (at = in.text.find(pattern_, done)) != in.text.npos;) {
    out.append(in, done, at);
    done = at + pattern_.size();
    replace(in, done, content_, out);
  }
  if (done == 0) return false;
  out.append(in, done, in.text.size());
  return true;
}

bool ReplaceSpaces::apply(const NormalizedText& in, NormalizedText& out) const {
  std::size_t done = 0;
  for (std::size_t at = 0; (at = in.text.find(' ', at)) != in.text.npos;) {
    const std::size_t end = std::min(in.text.find_first_not_of(' ', at), in.text.size());
    if (end - at >= least_) {
      out.append(in, done, at);
      replace(in, end, content_, out);
      done = end;
    }
    at = end;
  }
  if (done == 0) return false;
  out.append(in, done, in.text.size());
  return true;
}

bool Strip::apply(const NormalizedText& in, NormalizedText& out) const {
  std::size_t begin = in.text.size();
  std::size_t end = 0;  // of the last character that is not white space
  for (std::size_t at = 0; at < in.text.size();) {
    const CodePoint next = next_code_point(in.text, at);
    if (!is_white_space(next.value)) {
      begin = std::min(begin, at);
      end = at + next.size;
    }
    at += next.size;
  }
  if (!left_) begin = 0;
  if (!right_) end = in.text.size();
  if (end - std::min(begin, end) == in.text.size()) return false;
  if (begin < end) out.append(in, begin, end);
  return true;
}

bool Lowercase::apply(const NormalizedText& in, NormalizedText& out) const {
  const bool traced = !in.origins.empty();
  std::string lowered;
  for (std::size_t at = 0; at < in.text.size();) {
    const CodePoint next = next_code_point(in.text, at);
    lowered.clear();
    append_lower(lowered, next.value);
    out.append(lowered, traced ? in.origins[at] : Span{}, traced);
    at += next.size;
  }
  return true;
}

void append_lower(std::string& text, char32_t c) {
  if (c == 0x130) {
    text += "i\u0307";
  } else {
    append_utf8(text, char32_t(utf8proc_tolower(std::int32_t(c))));
  }
}

}  // namespace enlace
