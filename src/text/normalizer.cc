#include "text/normalizer.h"

#include <array>
#include <bitset>

#include "text/characters.h"

namespace enlace {
namespace {

constexpr char32_t kCapitalSigma = 0x3A3;
constexpr char32_t kFinalSigma = U'ς';

/// Bytes at the beginning of a string, without a space at their own beginning or after another.
struct Squeezed {
  char* to;
  std::size_t size = 0;
  bool after_space = true;

  /// Writes to[size] in any case, and keeps it or not: nothing to be foretold.
  void put(char byte) noexcept {
    to[size] = byte;
    const bool space = byte == ' ';
    size += space && after_space ? 0 : 1;
    after_space = space;
  }
  /// How many bytes there are without a space at the end.
  std::size_t trimmed() const noexcept { return size > 0 && after_space ? size - 1 : size; }
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

bool is_ascii_digit(char32_t c) noexcept {
  return c >= U'0' && c <= U'9';
}

/// Whether what stands at text[after], behind an apostrophe that `before` precedes, is the s of a
/// genitive: the last letter of a word.
bool is_genitive(char32_t before, std::string_view text, std::size_t after) {
  if (after >= text.size() || text[after] != 's') return false;
  if (after + 1 < text.size()) {
    const char32_t next = next_code_point(text, after + 1).value;
    if (is_letter(next) || is_mark(next) || is_number(next)) return false;
  }
  return is_letter(before);
}

bool is_apostrophe(char32_t c) {
  return c == '\'' || c == 0x2019 || c == 0x2BC;
}

bool is_kept_untabled(char32_t c) {
  return is_letter(c) || is_mark(c) || is_number(c) || is_math_symbol(c);
}

/// Whether a match key has the character.
bool is_kept(char32_t c) {
  constexpr char32_t kTabled = 0x3000;
  static const auto table = [] {
    std::bitset<kTabled> kept;
    for (char32_t each = 0; each < kTabled; ++each) kept[each] = is_kept_untabled(each);
    return kept;
  }();
  return c < kTabled ? table[c] : is_common_han(c) || is_kept_untabled(c);
}

constexpr char kByItsNeighbours = 0;

/// What an ASCII character of a normalised text is in its match key: itself, a space, or one or the
/// other by its neighbours.
constexpr std::array<char, 0x80> kInKey = [] {
  std::array<char, 0x80> in_key{};
  in_key.fill(' ');
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789+%<>=")) {
    in_key[static_cast<unsigned char>(c)] = c;
  }
  for (const char c : std::string_view(".,'")) {
    in_key[static_cast<unsigned char>(c)] = kByItsNeighbours;
  }
  return in_key;
}();

/// Whether text[at], which `before` precedes, is a point or a comma between two digits.
bool is_decimal_point(char32_t before, std::string_view text, std::size_t at) {
  return (text[at] == '.' || text[at] == ',') && is_ascii_digit(before) && at + 1 < text.size() &&
         is_ascii_digit(static_cast<unsigned char>(text[at + 1]));
}

/// Makes the match key of the normalised text that `text` holds, over what has been read of it.
void make_key(std::string& text) {
  Squeezed key{text.data()};
  char32_t before = U' ';  // the code point
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const char in_key = lead < 0x80 ? kInKey[lead] : kByItsNeighbours;
    if (in_key != kByItsNeighbours) {
      key.put(in_key);
      before = lead;
      ++at;
      continue;
    }
    const CodePoint next = next_code_point(text, at);
    const std::size_t after = at + next.size;
    bool has_genitive = false;
    if (is_apostrophe(next.value)) {
      has_genitive = is_genitive(before, text, after);
      key.put(' ');
    } else if (next.size == 1) {
      key.put(is_decimal_point(before, text, at) ? '.' : ' ');
    } else if (is_kept(next.value)) {
      for (; at < after; ++at) key.put(text[at]);
    } else {
      key.put(' ');
    }
    before = has_genitive ? U's' : next.value;
    at = after + (has_genitive ? 1 : 0);
  }
  text.resize(key.trimmed());
}

bool is_ascii_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

Normalizer::Normalizer(const FoldTable& letters, std::span<const SuffixRule> endings)
    : letters_(letters), endings_(endings) {
  for (unsigned char c = 0; c < 0x80; ++c) {
    ascii_in_key_[c] = kInKey[static_cast<unsigned char>(letters_.fold_ascii(c))];
  }
}

Normalizer Normalizer::plain() {
  return Normalizer(FoldTable(), {});
}

Normalizer::Normalizer(std::string_view language)
    : Normalizer(FoldTable(language_table(language)), language_table(language).endings) {}

/// What `next`, at text[at], becomes. Borrows as FoldTable::fold does.
std::string_view Normalizer::fold_at(std::string_view text, std::size_t at, CodePoint next,
                                     std::string& buffer) const {
  if (next.value == kCapitalSigma && is_final_sigma(text, at, at + next.size)) {
    return letters_.fold(kFinalSigma, buffer);
  }
  return letters_.fold(next.value, buffer);
}

NormalizedText Normalizer::normalize_with_origins(std::string_view text) const {
  NormalizedText out;
  OriginSink sink(out);
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
    const std::string_view folded = fold_at(text, at, next, buffer);
    for (const char byte : folded) sink.put(byte, origin);
    if (folded.empty()) sink.dropped(origin);
    at += next.size;
  }
  return out;
}

void Normalizer::normalize(std::string_view text, std::string& out) const {
  out.resize(text.size());
  Squeezed form{out.data()};
  std::string buffer;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) {
      form.put(letters_.fold_ascii(lead));
      ++at;
      continue;
    }
    const CodePoint next = next_code_point(text, at);
    const std::string_view folded = fold_at(text, at, next, buffer);
    at += next.size;
    const std::size_t needed = form.size + folded.size() + (text.size() - at);
    if (needed > out.size()) {
      out.resize(2 * needed);
      form.to = out.data();
    }
    for (const char byte : folded) form.put(byte);
  }
  out.resize(form.trimmed());
}

/// The match key in one pass; false, with `out` as it may be, if `text` is not all ASCII.
bool Normalizer::match_ascii(std::string_view text, std::string& out) const {
  const auto folded = [&](std::size_t at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    return byte < 0x80 ? letters_.fold_ascii(byte) : ' ';
  };
  out.resize(text.size());
  Squeezed key{out.data()};
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x80) return false;
    const char in_key = ascii_in_key_[byte];
    if (in_key != kByItsNeighbours) {
      key.put(in_key);
      continue;
    }
    const char before = at > 0 ? folded(at - 1) : ' ';
    const char after = at + 1 < text.size() ? folded(at + 1) : ' ';
    if (byte == '\'') {
      key.put(' ');
      const bool is_last = at + 2 >= text.size() || !is_ascii_word(folded(at + 2));
      if (after == 's' && is_last && before >= 'a' && before <= 'z') ++at;
    } else {
      key.put(is_ascii_digit(before) && is_ascii_digit(after) ? '.' : ' ');
    }
  }
  out.resize(key.trimmed());
  return true;
}

void Normalizer::match_key(std::string_view text, std::string& out) const {
  if (match_ascii(text, out)) return;
  normalize(text, out);
  make_key(out);
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
