#include "spelling.h"

#include <algorithm>
#include <array>

#include "base/hash.h"

namespace enlace::synthetic {
namespace {

constexpr Language kLanguages[] = {
    {"ARA", kStem, Script::kArabic, " في ", "ي", false, 0.0004},
    {"BAQ", kStem, Script::kLatin, " ", "a", false, 0.0001},
    {"CHI", kStem, Script::kIdeographs, "的", "性", true, 0.0060},
    {"CZE", kStem, Script::kLatin, " ", "ní", true, 0.0160},
    {"DAN", kStem, Script::kLatin, " i ", "t", true, 0.0010},
    {"DUT", kDutch, Script::kLatin, " van ", "", true, 0.0240},
    {"ENG", kEnglish, Script::kLatin, " of ", "", true, 0},
    {"EST", kStem, Script::kLatin, " ", "ne", true, 0.0020},
    {"FIN", kStem, Script::kLatin, " ", "inen", true, 0.0020},
    {"FRE", kFrench, Script::kLatin, " de ", "", false, 0.0330},
    {"GER", kGerman, Script::kLatin, " - ", "", true, 0.0230},
    {"GRE", kStem, Script::kGreek, " του ", "ικός", true, 0.0020},
    {"HEB", kStem, Script::kHebrew, " של ", "י", false, 0.0005},
    {"HUN", kStem, Script::kLatin, " ", "os", true, 0.0090},
    {"ITA", kItalian, Script::kLatin, " di ", "", false, 0.0220},
    {"JPN", kStem, Script::kIdeographs, "の", "性", true, 0.0240},
    {"KOR", kStem, Script::kHangul, " ", "성", true, 0.0130},
    {"LAV", kStem, Script::kLatin, " ", "s", true, 0.0010},
    {"NOR", kStem, Script::kLatin, " i ", "t", true, 0.0050},
    {"POL", kStem, Script::kLatin, " ", "ny", false, 0.0060},
    {"POR", kPortuguese, Script::kLatin, " de ", "", false, 0.0330},
    {"RUS", kStem, Script::kCyrillic, " ", "ный", true, 0.0240},
    {"SCR", kStem, Script::kLatin, " ", "ni", true, 0.0010},
    {"SPA", kSpanish, Script::kLatin, " de ", "", false, 0},
    {"SWE", kStem, Script::kLatin, " i ", "", true, 0.0030},
    {"TUR", kStem, Script::kLatin, " ", "ik", true, 0.0050},
    {"UKR", kStem, Script::kCyrillic, " ", "ний", true, 0.0005},
};

using Letters = std::array<std::string_view, 26>;  // by a, b, …
constexpr Letters kCyrillic = {"а", "б", "к", "д", "е", "ф", "г", "г", "и", "й", "к",  "л", "м",
                               "н", "о", "п", "к", "р", "с", "т", "у", "в", "в", "кс", "и", "з"};
constexpr Letters kGreek = {"α", "β", "κ", "δ", "ε", "φ", "γ", "χ",  "ι", "ι",  "κ", "λ", "μ",
                            "ν", "ο", "π", "κ", "ρ", "σ", "τ", "ου", "β", "ου", "ξ", "υ", "ζ"};
constexpr Letters kHebrew = {"א", "ב", "ק", "ד", "",  "פ", "ג", "ה", "י", "ג", "ק",  "ל", "מ",
                             "נ", "ו", "פ", "ק", "ר", "ס", "ט", "ו", "ו", "ו", "קס", "י", "ז"};
constexpr Letters kArabic = {"ا", "ب", "ك", "د", "",  "ف", "غ", "ه", "ي", "ج", "ك",  "ل", "م",
                             "ن", "و", "ب", "ق", "ر", "س", "ت", "و", "ف", "و", "كس", "ي", "ز"};

/// Whether a language writes ph, th, rh and y as the Greeks did.
bool keeps_greek_letters(const Language& language) {
  return language.column == kEnglish || language.column == kFrench || language.column == kGerman;
}

/// `stem` with f for ph and so on, c as k where a language has it so.
std::string simplified(const Language& language, std::string_view stem) {
  std::string out;
  const bool greek = keeps_greek_letters(language);
  const bool hard = language.column == kGerman || language.column == kStem;
  for (std::size_t i = 0; i < stem.size(); ++i) {
    const char c = stem[i], next = i + 1 < stem.size() ? stem[i + 1] : ' ';
    const bool soft = next == 'e' || next == 'i' || next == 'y';
    if (!greek && c == 'p' && next == 'h') {
      out += 'f', ++i;
    } else if (!greek && next == 'h' && (c == 't' || c == 'r')) {
      out += c, ++i;
    } else if (!greek && c == 'y' && language.column != kDutch) {
      out += 'i';
    } else if (hard && c == 'c' && next != 'h') {
      out += soft ? 'c' : 'k';
    } else if (!greek && next == 'e' && (c == 'a' || c == 'o')) {
      out += 'e', ++i;
    } else if (language.column == kEnglish && next == 'e' && (c == 'a' || c == 'o')) {
      out += 'e', ++i;
    } else {
      out += c;
    }
  }
  return out;
}

void append_code_point(std::string& out, std::uint32_t point) {  // of three bytes
  out += char(0xE0 | point >> 12);
  out += char(0x80 | (point >> 6 & 0x3F));
  out += char(0x80 | (point & 0x3F));
}

/// Syllables of a consonant and a vowel, as Unicode composes them.
void append_hangul(std::string& out, std::string_view stem) {
  constexpr std::string_view kInitials = "gzntdlmbpsxjhck", kVowels = "aeiouy";
  constexpr std::uint8_t kVowelIndex[] = {0, 5, 20, 8, 13, 17};
  std::uint32_t initial = 11;
  bool open = false;
  for (const char c : stem) {
    if (const auto vowel = kVowels.find(c); vowel != std::string_view::npos) {
      append_code_point(out, 0xAC00 + (initial * 21 + kVowelIndex[vowel]) * 28);
      initial = 11, open = false;
    } else {
      if (open) append_code_point(out, 0xAC00 + (initial * 21 + 18) * 28);
      initial = std::uint32_t(std::min(kInitials.find(c), std::size_t{14}));
      open = true;
    }
  }
  if (open) append_code_point(out, 0xAC00 + (initial * 21 + 18) * 28);
}

/// A stem always becomes the same two characters.
void append_ideographs(std::string& out, std::string_view stem) {
  const std::uint64_t hash = hash_bytes(stem);
  const auto all = ideographs();
  out += all[hash % all.size()];
  if (stem.size() > 3) out += all[(hash >> 32) % all.size()];
}

}  // namespace

std::span<const Language> languages() {
  return kLanguages;
}
const Language& english() {
  return kLanguages[6];
}
const Language& spanish() {
  return kLanguages[23];
}

void append_stem(std::string& out, const Language& language, std::string_view stem) {
  const auto spell = [&](const Letters& letters) {
    for (const char c : simplified(language, stem)) {
      if (c >= 'a' && c <= 'z') out += letters[std::size_t(c - 'a')];
    }
  };
  switch (language.script) {
    case Script::kLatin: out += simplified(language, stem); return;
    case Script::kCyrillic: spell(kCyrillic); return;
    case Script::kGreek: spell(kGreek); return;
    case Script::kHebrew: spell(kHebrew); return;
    case Script::kArabic: spell(kArabic); return;
    case Script::kHangul: append_hangul(out, stem); return;
    case Script::kIdeographs: append_ideographs(out, stem); return;
  }
}

void append_word(std::string& out, const Language& language, const Morpheme& morpheme,
                 bool is_adjective) {
  if (language.column != kStem) {
    out += morpheme[language.column];
    return;
  }
  append_stem(out, language, morpheme[kStem]);
  if (is_adjective) out += language.ending;
}

}  // namespace enlace::synthetic
