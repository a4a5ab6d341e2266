#include "text/language_tables.h"

#include <array>
#include <string>

namespace enlace {
namespace {

constexpr LetterRule kBaseLetters[] = {
    {U'ß', "ss"}, {U'æ', "ae"}, {U'œ', "oe"}, {U'ø', "o"}, {U'ł', "l"}, {U'đ', "d"},
    {U'ð', "d"},  {U'þ', "th"}, {U'ħ', "h"},  {U'ŧ', "t"}, {U'ı', "i"}, {U'ς', "σ"},
};
constexpr SuffixRule kBaseEndings[] = {
    {"ss", "ss", 1}, {"us", "us", 1}, {"is", "is", 1}, {"es", "", 4}, {"s", "", 4}, {"e", "", 4},
};

constexpr LetterRule kArabicLetters[] = {{U'ى', "ي"}, {U'ة', "ه"}, {U'ـ', ""}};
constexpr LetterRule kPersianLetters[] = {{U'ي', "ی"}, {U'ك', "ک"}, {U'ـ', ""}};
constexpr LetterRule kUkrainianLetters[] = {{U'ґ', "г"}};
constexpr LetterRule kAzerbaijaniLetters[] = {{U'ə', "e"}};

constexpr SuffixRule kSpanish[] = {
    {"ces", "z", 2}, {"ce", "z", 2}, {"os", "", 3}, {"as", "", 3}, {"es", "", 3},
    {"s", "", 3},    {"o", "", 3},   {"a", "", 3},  {"e", "", 3},
};
constexpr SuffixRule kPortuguese[] = {
    {"oes", "ao", 2}, {"aes", "ao", 2}, {"aos", "ao", 2}, {"ais", "al", 2},
    {"eis", "el", 2}, {"ens", "em", 2}, {"ins", "im", 2}, {"uns", "um", 2},
    {"ao", "ao", 2},  {"os", "", 3},    {"as", "", 3},    {"es", "", 3},
    {"s", "", 3},     {"o", "", 3},     {"a", "", 3},     {"e", "", 3},
};
constexpr SuffixRule kItalian[] = {
    {"chi", "c", 2}, {"che", "c", 2}, {"ghi", "g", 2}, {"ghe", "g", 2},
    {"ii", "", 3},   {"ia", "", 3},   {"ie", "", 3},   {"io", "", 3},
    {"i", "", 3},    {"o", "", 3},    {"a", "", 3},    {"e", "", 3},
};
constexpr SuffixRule kFrench[] = {
    {"eaux", "eau", 1}, {"aux", "al", 2},  {"euses", "eux", 2}, {"euse", "eux", 2},
    {"eux", "eux", 2},  {"ives", "if", 2}, {"ive", "if", 2},    {"ifs", "if", 2},
    {"elles", "el", 2}, {"elle", "el", 2}, {"ennes", "en", 2},  {"enne", "en", 2},
    {"ees", "", 3},     {"ee", "", 3},     {"es", "", 3},       {"e", "", 3},
    {"s", "", 3},       {"x", "", 3},
};
constexpr SuffixRule kEnglish[] = {
    {"ss", "ss", 1},     {"us", "us", 1},       {"is", "is", 1},   {"ies", "y", 2},
    {"sses", "ss", 2},   {"shes", "sh", 2},     {"ches", "ch", 2}, {"xes", "x", 2},
    {"oses", "osis", 2}, {"tases", "tasis", 2}, {"ae", "a", 3},    {"s", "", 3},
};
constexpr SuffixRule kGerman[] = {
    {"en", "", 4}, {"er", "", 4}, {"es", "", 4}, {"em", "", 4},
    {"e", "", 4},  {"n", "", 4},  {"s", "", 4},
};
constexpr SuffixRule kDutch[] = {
    {"heden", "heid", 2}, {"en", "", 3}, {"es", "", 4}, {"e", "", 3}, {"s", "", 3},
};

constexpr LanguageTable kBase = {"", kBaseLetters, kBaseEndings};
constexpr LanguageTable kTables[] = {
    {"ar", kArabicLetters, {}},
    {"az", kAzerbaijaniLetters, {}},
    {"de", {}, kGerman},
    {"en", {}, kEnglish},
    {"es", {}, kSpanish},
    {"fa", kPersianLetters, {}},
    {"fr", {}, kFrench},
    {"it", {}, kItalian},
    {"nl", {}, kDutch},
    {"pt", {}, kPortuguese},
    {"uk", kUkrainianLetters, {}},
};

}  // namespace

const LanguageTable& base_language_table() noexcept {
  return kBase;
}

std::span<const LanguageTable> language_tables() noexcept {
  return kTables;
}

const LanguageTable& language_table(std::string_view language) noexcept {
  const std::string_view primary = language.substr(0, language.find_first_of("-_"));
  const auto same = [&](std::string_view tag) {
    if (tag.size() != primary.size()) return false;
    for (std::size_t i = 0; i < tag.size(); ++i) {
      const char c = primary[i];
      if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != tag[i]) return false;
    }
    return true;
  };
  for (const LanguageTable& table : kTables) {
    if (same(table.tag)) return table;
  }
  return kBase;
}

}  // namespace enlace
