#include "text/normalizer.h"

#include "text/characters.h"

namespace enlace {
namespace {

constexpr char32_t kCapitalSigma = 0x3A3;
constexpr std::string_view kFinalSigma = "ς";

/// Collects the text alone. A space is written when something follows it.
class TextSink {
 public:
  explicit TextSink(std::string& out) : out_(out) { out_.clear(); }

  void put(char byte, Span) {
    if (byte == ' ') {
      pending_ = !out_.empty();
      return;
    }
    if (pending_) out_.push_back(' ');
    pending_ = false;
    out_.push_back(byte);
  }
  void dropped(Span) {}

 private:
  std::string& out_;
  bool pending_ = false;
};

/// Collects the text and its origins.
class OriginSink {
 public:
  explicit OriginSink(NormalizedText& out) : out_(out) {}

  void put(char byte, Span origin) {
    if (byte == ' ') {
      if (!pending_) space_ = origin;
      space_.end = origin.end;
      pending_ = !out_.text.empty();
      return;
    }
    if (pending_) append(' ', space_);
    pending_ = false;
    append(byte, origin);
  }

  /// A mark that is not written belongs to what it stands on.
  void dropped(Span origin) {
    if (pending_) {
      space_.end = origin.end;
    } else if (!out_.origins.empty()) {
      out_.origins.back().end = origin.end;
    }
  }

 private:
  void append(char byte, Span origin) {
    out_.text.push_back(byte);
    out_.origins.push_back(origin);
  }

  NormalizedText& out_;
  Span space_;
  bool pending_ = false;
};

bool is_ascii_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether text[at] starts "'s" at the end of a word, at an ASCII or a typographic apostrophe of
/// `size` bytes.
bool is_genitive(std::string_view text, std::size_t at, std::size_t size) {
  const std::size_t s = at + size;
  if (at == 0 || s >= text.size() || text[s] != 's') return false;
  if (s + 1 < text.size()) {
    const char32_t next = next_code_point(text, s + 1).value;
    if (is_letter(next) || is_mark(next) || is_number(next)) return false;
  }
  std::size_t last = at - 1;
  while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0U) == 0x80U) --last;
  return is_letter(next_code_point(text, last).value);
}

bool is_apostrophe(char32_t c) {
  return c == '\'' || c == 0x2019 || c == 0x2BC;
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_kept(char32_t c) {
  if (c < 0x80) {
    return c == '+' || c == '%' || c == '<' || c == '>' || c == '=' || (c >= 'A' && c <= 'Z');
  }
  return is_letter(c) || is_mark(c) || is_number(c) || is_math_symbol(c);
}

/// Whether text[at] is a point or a comma between two digits.
bool is_decimal_point(std::string_view text, std::size_t at) {
  return (text[at] == '.' || text[at] == ',') && at > 0 && at + 1 < text.size() &&
         is_ascii_digit(text[at - 1]) && is_ascii_digit(text[at + 1]);
}

/// The match key of a normalised text. Writes at most as many bytes as it reads.
void key_of(std::string_view text, std::string& out) {
  out.clear();
  bool pending = false;
  const auto keep = [&](std::string_view bytes) {
    if (pending && !out.empty()) out.push_back(' ');
    pending = false;
    out += bytes;
  };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_plain(text[end])) ++end;
    if (end > at) keep(text.substr(at, end - at));
    if (end == text.size()) break;
    const CodePoint next = next_code_point(text, end);
    at = end + next.size;
    if (is_decimal_point(text, end)) {
      keep(".");
    } else if (is_apostrophe(next.value)) {
      if (is_genitive(text, end, next.size)) ++at;
      pending = true;
    } else if (is_kept(next.value)) {
      keep(text.substr(end, next.size));
    } else {
      pending = true;
    }
  }
}

}  // namespace

Normalizer Normalizer::plain() {
  return {};
}

Normalizer::Normalizer(std::string_view language)
    : letters_(language_table(language)), endings_(language_table(language).endings) {}

template <class Sink>
void Normalizer::fold_into(std::string_view text, Sink& sink) const {
  std::string buffer;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) {
      sink.put(letters_.fold_ascii(lead), {std::uint32_t(at), std::uint32_t(at + 1)});
      ++at;
      continue;
    }
    const CodePoint next = next_code_point(text, at);
    const Span origin = {std::uint32_t(at), std::uint32_t(at + next.size)};
    std::string_view folded = letters_.fold(next.value, buffer);
    if (next.value == kCapitalSigma && is_final_sigma(text, origin.begin, origin.end)) {
      folded = letters_.fold(next_code_point(kFinalSigma, 0).value, buffer);
    }
    for (const char byte : folded) sink.put(byte, origin);
    if (folded.empty()) sink.dropped(origin);
    at += next.size;
  }
}

void Normalizer::normalize(std::string_view text, std::string& out) const {
  TextSink sink(out);
  out.reserve(text.size());
  fold_into(text, sink);
}

NormalizedText Normalizer::normalize_with_origins(std::string_view text) const {
  NormalizedText out;
  OriginSink sink(out);
  fold_into(text, sink);
  return out;
}

void Normalizer::match_key(std::string_view text, std::string& out) const {
  std::string normalized;
  normalize(text, normalized);
  key_of(normalized, out);
}

void Normalizer::stem_key(std::string_view text, std::string& out) const {
  std::string key;
  match_key(text, key);
  out.clear();
  std::string word;
  for (std::size_t begin = 0; begin < key.size();) {
    const std::size_t end = std::min(key.find(' ', begin), key.size());
    word.assign(key, begin, end - begin);
    stem(word);
    if (!out.empty()) out.push_back(' ');
    out += word;
    begin = end + 1;
  }
}

void Normalizer::stem(std::string& word) const {
  for (const SuffixRule& rule : endings_) {
    if (word.size() < rule.ending.size() + rule.min_stem) continue;
    if (!std::string_view(word).ends_with(rule.ending)) continue;
    word.replace(word.size() - rule.ending.size(), rule.ending.size(), rule.replacement);
    return;
  }
}

}  // namespace enlace
