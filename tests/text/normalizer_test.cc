#include "text/normalizer.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "base/utf8.h"
#include "text/characters.h"

namespace enlace {
namespace {

std::string plain(std::string_view text) {
  std::string out;
  Normalizer::plain().normalize(text, out);
  return out;
}

std::string normalized(std::string_view text, std::string_view language = "") {
  std::string out;
  Normalizer(language).normalize(text, out);
  return out;
}

std::string key(std::string_view text, std::string_view language = "") {
  std::string out;
  Normalizer(language).match_key(text, out);
  return out;
}

std::string stems(std::string_view text, std::string_view language) {
  std::string out;
  Normalizer(language).stem_key(text, out);
  return out;
}

TEST(Normalizer, LowersDecomposesDropsMarksAndSqueezesSpace) {
  EXPECT_EQ(plain("  Infección\t\n AGUDA\u00A0\u3000del  Riñón "), "infeccion aguda del rinon");
  EXPECT_EQ(plain("ﬁbrosis Ⅳ ½ ℃"), "fibrosis iv 1\u20442 °C");
  EXPECT_EQ(plain("e\u0301\u0301 \u0301x"), "e x");
  EXPECT_EQ(plain(""), "");
  EXPECT_EQ(plain(" \u2003 "), "");
}

TEST(Normalizer, AgreesWithPythonOnLettersThatAreHardToLower) {
  EXPECT_EQ(plain("İSTANBUL"), "istanbul");
  EXPECT_EQ(plain("ΝΌΣΟΣ ΣΑΚΧΑΡΏΔΗΣ"), "νοσος σακχαρωδης");
  EXPECT_EQ(plain("Σ ΑΣ. ΑΣ.Β Α\u0301Σ"), "σ ας. ασ.β ας");
  EXPECT_EQ(plain("a\u001Cb\u0085c"), "a b c");
  EXPECT_EQ(plain("한국 が"), "\u1112\u1161\u11AB\u1100\u116E\u11A8 か");
  EXPECT_EQ(plain("ß ø æ ł ı"), "ß ø æ ł ı");
}

TEST(Normalizer, RespellsLettersByLanguage) {
  EXPECT_EQ(normalized("Größe Œdème Łódź SØR ÆGTE ılık ℃"), "grosse oedeme lodz sor aegte ilik °c");
  EXPECT_EQ(normalized("ΝΌΣΟΣ"), normalized("νόσοσ"));
  EXPECT_EQ(normalized("Ağrı Əl"), "agri əl");
  EXPECT_EQ(normalized("Ağrı Əl", "az"), "agri el");
  EXPECT_EQ(normalized("Əl", "AZ-Latn"), "el");
  EXPECT_EQ(normalized("Größe", "no such tag"), "grosse");
}

TEST(Normalizer, LeadsBackToTheOriginal) {
  const std::string text = " Á  Größe e\u0301\u0301 ½";
  const NormalizedText form = Normalizer("de").normalize_with_origins(text);
  ASSERT_EQ(form.text, "a grosse e 1\u20442");
  ASSERT_EQ(form.origins.size(), form.text.size());
  const auto source = [&](std::string_view part) {
    const std::size_t at = form.text.find(part);
    return std::string(form.original(at, at + part.size()).of(text));
  };
  EXPECT_EQ(source("a"), "Á");
  EXPECT_EQ(source(" gr"), "  Gr");
  EXPECT_EQ(source("gross"), "Größ");
  EXPECT_EQ(source("s"), "ß");
  EXPECT_EQ(source("e 1"), "e\u0301\u0301 ½");
  EXPECT_EQ(source("e e"), "e e\u0301\u0301");
  EXPECT_EQ(source("1\u20442"), "½");
  EXPECT_EQ(form.origins.front(), (Span{1, 3}));
}

TEST(Normalizer, GivesTheSameTextWithAndWithoutOrigins) {
  const Normalizer normalizer("es");
  for (const char* text : {"", " ", "Fiebre  ALTA", "ÁÉ\u0301 ñ", "糖尿病 가", "x\u0301 ", "a ½"}) {
    std::string out;
    normalizer.normalize(text, out);
    EXPECT_EQ(normalizer.normalize_with_origins(text).text, out);
  }
}

/// Code points of every kind, mostly such as names have.
std::string random_text(Random& random) {
  static constexpr std::string_view kAscii = "abcstzAZS019  \t.,'%+-/()";
  std::string text;
  for (std::size_t size = random.below(24); size > 0; --size) {
    const std::uint64_t kind = random.below(16);
    char32_t c = char32_t(kAscii[random.below(kAscii.size())]);
    if (kind == 12) c = char32_t(0x80 + random.below(0x580));
    if (kind == 13) c = char32_t(random.below(0x3100));
    if (kind == 14) c = char32_t(random.below(0x110000));
    if (kind == 15)
      c = std::array<char32_t, 6>{0x3A3, 0x2019, 0x2BC, 0x301, 0xFDFA, 0x130}[random.below(6)];
    if (c >= 0xD800 && c <= 0xDFFF) c = U'\u1E9E';
    append_utf8(text, c);
  }
  return text;
}

TEST(Normalizer, GivesTheSameTextAsWithOriginsForEveryCodePointAndForMixtures) {
  std::string out = "left over";
  for (const Normalizer& normalizer : {Normalizer::plain(), Normalizer(""), Normalizer("fa")}) {
    const auto require_same = [&](const std::string& text) {
      normalizer.normalize(text, out);
      ASSERT_EQ(out, normalizer.normalize_with_origins(text).text) << text;
    };
    for (char32_t c = 0; c < 0x110000; ++c) {
      if (c >= 0xD800 && c <= 0xDFFF) continue;
      if (c >= 0x20000 && c % 31 != 0) continue;  // ideographs and what has no meaning yet
      std::string alone;
      append_utf8(alone, c);
      require_same(alone);
      require_same("Ab " + alone + alone + " 1" + alone + "'s ");
    }
    Random random(3);
    for (int i = 0; i < 30'000; ++i) require_same(random_text(random));
  }
}

/// Mostly what the rules of keys speak of.
std::string random_ascii(Random& random) {
  constexpr std::string_view kLikely = "aS1s9'.,-+| ";
  std::string text;
  for (std::size_t size = random.below(12); text.size() < size;) {
    text += random.below(6) == 0 ? char(random.below(0x80)) : kLikely[random.below(kLikely.size())];
  }
  return text;
}

/// The match key of a normalised text, written down as normalizer.h tells it.
std::string key_by_its_rules(const std::string& text) {
  std::vector<std::string> parts;  // code points
  for (std::size_t at = 0; at < text.size();) {
    parts.push_back(text.substr(at, next_code_point(text, at).size));
    at += parts.back().size();
  }
  const auto value = [&](std::size_t i) {
    return i < parts.size() ? next_code_point(parts[i], 0).value : U' ';
  };
  const auto is_digit = [&](std::size_t i) { return value(i) >= U'0' && value(i) <= U'9'; };
  const auto is_word = [&](std::size_t i) {
    return is_letter(value(i)) || is_mark(value(i)) || is_number(value(i));
  };
  std::string key;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const char32_t c = value(i);
    std::string kept = " ";
    if (c == U'\'' || c == 0x2019 || c == 0x2BC) {
      const bool genitive = i > 0 && is_letter(value(i - 1)) && value(i + 1) == U's';
      if (genitive && !is_word(i + 2)) ++i;
    } else if ((c == U'.' || c == U',') && i > 0 && is_digit(i - 1) && is_digit(i + 1)) {
      kept = ".";
    } else if (is_word(i) || c == U'%' || (is_math_symbol(c) && c != U'|' && c != U'~')) {
      kept = parts[i];
    }
    if (kept != " " || (!key.empty() && key.back() != ' ')) key += kept;
  }
  if (!key.empty() && key.back() == ' ') key.pop_back();
  return key;
}

TEST(MatchKey, IsWhatItsRulesMakeOfEveryMixture) {
  Random random(4);
  for (const Normalizer& normalizer : {Normalizer::plain(), Normalizer("")}) {
    for (int i = 0; i < 60'000; ++i) {
      const std::string text = i % 2 == 0 ? random_text(random) : random_ascii(random);
      std::string form, key;
      normalizer.normalize(text, form);
      normalizer.match_key(text, key);
      ASSERT_EQ(key, key_by_its_rules(form)) << text;
    }
  }
}

TEST(Normalizer, IsSafeOnBytesThatAreNotUtf8) {
  for (const char* text : {"\xFF", "a\xC3", "\xE2\x82", "\xF4\x90\x80\x80", "\xF0\x9F", "\x80z"}) {
    std::string out;
    const Normalizer normalizer("es");
    normalizer.normalize(text, out);
    normalizer.stem_key(text, out);
    normalizer.normalize_with_origins(text);
  }
}

TEST(MatchKey, KeepsLettersNumbersAndMathematicsOnly) {
  EXPECT_EQ(key("Dolor (agudo), tipo-2 / lado izq."), "dolor agudo tipo 2 lado izq");
  EXPECT_EQ(key("pH < 7,35; 2.5 mg; +20 %"), "ph < 7.35 2.5 mg +20 %");
  EXPECT_EQ(key("1,"), "1");
  EXPECT_EQ(key("?!"), "");
}

TEST(MatchKey, DropsTheGenitiveAndSplitsAtOtherApostrophes) {
  EXPECT_EQ(key("Crohn's disease"), "crohn disease");
  EXPECT_EQ(key("Crohn’s disease"), "crohn disease");
  EXPECT_EQ(key("L'artère d'Adamkiewicz"), "l artere d adamkiewicz");
  EXPECT_EQ(key("5's 's x'sy"), "5 s s x sy");
}

TEST(StemKey, JoinsTheInflectionsOfAWord) {
  const auto agree = [](std::string_view language, std::initializer_list<const char*> words) {
    for (const char* word : words) {
      EXPECT_EQ(stems(word, language), stems(*words.begin(), language)) << word;
    }
  };
  agree("es", {"lesión aguda", "lesiones agudas", "lesión agudo", "Lesiones Agudos"});
  agree("es", {"clase", "clases"});
  agree("es", {"voz", "voces"});
  agree("pt", {"lesão renal", "lesões renais"});
  agree("it", {"arteria", "arterie"});
  agree("it", {"psichico", "psichica", "psichiche"});
  agree("fr", {"nerveux", "nerveuse", "nerveuses"});
  agree("fr", {"canal", "canaux"});
  agree("fr", {"aigu", "aigue", "aigües"});
  agree("en", {"abnormality", "abnormalities"});
  agree("en", {"disease", "diseases"});
  agree("en", {"diagnosis", "diagnoses"});
  agree("de", {"Erkrankung", "Erkrankungen"});
  agree("nl", {"ziekte", "ziekten"});
  agree("", {"disease", "diseases"});
  agree("", {"tumor", "tumores"});
}

TEST(StemKey, LeavesShortWordsNumbersAndOtherLanguagesAlone) {
  EXPECT_EQ(stems("mes de 2", "es"), "mes de 2");
  EXPECT_EQ(stems("pus crisis", "en"), "pus crisis");
  EXPECT_EQ(stems("糖尿病", "zh"), "糖尿病");
  EXPECT_NE(stems("caso", ""), stems("casa", ""));
}

TEST(LanguageTables, HaveRulesThatSeeNormalisedWords) {
  const Normalizer plain = Normalizer::plain();
  std::string out;
  for (const LanguageTable& table : language_tables()) {
    EXPECT_EQ(&language_table(table.tag), &table);
    for (const SuffixRule& rule : table.endings) {
      plain.normalize(rule.ending, out);
      EXPECT_EQ(out, rule.ending);
      EXPECT_GT(rule.min_stem, 0);
    }
  }
  EXPECT_EQ(&language_table("xx"), &base_language_table());
  EXPECT_EQ(language_table("PT_br").tag, "pt");
}

TEST(Normalizer, KeysOfPartsBetweenBlanksJoinToTheKeyOfTheWhole) {
  constexpr std::array<std::string_view, 22> kPieces = {
      "a",      "es", "s", "'",  "\u2019", "'s", ".", ",",      "3", "½",    "+",
      "\u0301", "Σ",  "σ", "肺", "ª",      "-",  "%", "\u200b", "Ñ", "ones", "\u00a0"};
  const Normalizer normalizer("");
  Random random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string whole, part, key, joined;
    const auto end_part = [&] {
      normalizer.stem_key(part, key);
      if (!joined.empty() && !key.empty()) joined += ' ';
      joined += key;
      part.clear();
    };
    for (int i = 0; i < 10; ++i) {
      const std::string_view piece = random.below(4) == 0 ? " " : kPieces[random.below(22)];
      whole += piece;
      part += piece;
      if (piece == " ") end_part();
    }
    end_part();
    normalizer.stem_key(whole, key);
    ASSERT_EQ(joined, key) << whole;
  }
}

}  // namespace
}  // namespace enlace
