#include "text/text_step.h"

#include <algorithm>

#include "base/error.h"
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

constexpr RunPattern kRunPatterns[] = {
    {.regex = " {2,}", .spaces_only = true, .least = 2},
    {.regex = " +", .spaces_only = true, .least = 1},
    {.regex = R"(\s+)", .spaces_only = false, .least = 1},
    {.regex = R"(\s{2,})", .spaces_only = false, .least = 2},
    {.regex = R"(\s{2,}|[\n\r\t])", .spaces_only = false, .least = 2, .controls = true},
    {.regex = R"(\A +| +\z)", .spaces_only = true, .least = 1, .ends_only = true},
};

bool is_nmt_control(char32_t c) {
  return (c >= 1 && c <= 8) || c == 0xB || (c >= 0xE && c <= 0x1F) || c == 0x7F || c == 0x8F ||
         c == 0x9F;
}

bool is_nmt_space(char32_t c) {
  return c == 9 || c == 0xA || c == 0xC || c == 0xD || c == 0x1680 ||
         (c >= 0x200B && c <= 0x200F) || c == 0x2028 || c == 0x2029 || c == 0x2581 || c == 0xFEFF ||
         c == 0xFFFD;
}

}  // namespace

const RunPattern* known_run_pattern(std::string_view regex) noexcept {
  for (const RunPattern& known : kRunPatterns) {
    if (regex == known.regex) return &known;
  }
  return nullptr;
}

void apply_steps(const TextSteps& steps, NormalizedText& text, NormalizedText& scratch) {
  const std::size_t most = most_rewritten(text.text.size());
  for (const auto& step : steps) {
    scratch.clear();
    if (!step->apply(text, scratch)) continue;
    std::swap(text, scratch);
    if (text.text.size() > most) {
      throw Error(ErrorKind::kUnsupported,
                  "normalizer: expected a text to become at most {} bytes, found {}", most,
                  text.text.size());
    }
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

bool ReplaceRuns::apply(const NormalizedText& in, NormalizedText& out) const {
  const std::string_view text = in.text;
  const auto is_in_run = [&](char32_t c) {
    return pattern_.spaces_only ? c == ' ' : is_white_space(c);
  };
  std::size_t done = 0;
  bool changed = false;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    std::size_t count = 0;
    while (end < text.size()) {
      const CodePoint next = next_code_point(text, end);
      if (!is_in_run(next.value)) break;
      end += next.size;
      ++count;
    }
    if (count == 0) {
      at += next_code_point(text, at).size;
      continue;
    }
    const bool single =
        pattern_.controls && (text[at] == '\n' || text[at] == '\r' || text[at] == '\t');
    const bool placed = !pattern_.ends_only || at == 0 || end == text.size();
    if ((count >= pattern_.least || single) && placed) {
      out.append(in, done, at);
      replace(in, end, content_, out);
      done = end;
      changed = true;
    }
    at = end;
  }
  if (changed) out.append(in, done, text.size());
  return changed;
}

bool Prepend::apply(const NormalizedText& in, NormalizedText& out) const {
  if (in.text.empty() || content_.empty()) return false;
  const bool traced = !in.origins.empty();
  out.append(content_, traced ? in.origins[0] : Span{}, traced);
  out.append(in, 0, in.text.size());
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

bool Nmt::apply(const NormalizedText& in, NormalizedText& out) const {
  const bool traced = !in.origins.empty();
  for (std::size_t at = 0; at < in.text.size();) {
    const CodePoint next = next_code_point(in.text, at);
    if (is_nmt_space(next.value)) {
      out.append(" ", traced ? in.origins[at] : Span{}, traced);
    } else if (!is_nmt_control(next.value)) {
      out.append(in, at, at + next.size);
    }
    at += next.size;
  }
  return true;
}

void append_lower(std::string& text, char32_t c) {
  if (c == 0x130) {
    text += "i\u0307";
  } else {
    append_utf8(text, lower_case_of(c));
  }
}

}  // namespace enlace
