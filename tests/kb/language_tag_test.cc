#include "kb/language_tag.h"

#include <string>

#include <gtest/gtest.h>

namespace enlace {
namespace {

TEST(LanguageTag, HasOneSpelling) {
  const auto canonical = [](std::string_view tag) {
    return canonical_language(tag).value_or("none");
  };
  EXPECT_EQ(canonical("es"), "es");
  EXPECT_EQ(canonical("ES"), "es");
  EXPECT_EQ(canonical("PT-br"), "pt-BR");
  EXPECT_EQ(canonical("ZH-HANS-cn"), "zh-Hans-CN");
  EXPECT_EQ(canonical("es-419"), "es-419");
  EXPECT_EQ(canonical("de-1996"), "de-1996");
  EXPECT_EQ(canonical("zh-yue"), "zh-yue");
  EXPECT_EQ(canonical("en-U-co-phonebk"), "en-u-co-phonebk");
  EXPECT_EQ(canonical("en-x-LAY"), "en-x-lay");
}

TEST(LanguageTag, TakesThreeLettersButPrefersTwo) {
  EXPECT_EQ(canonical_language("nna"), "nna");
  EXPECT_EQ(canonical_language("mul"), "mul");
  EXPECT_EQ(canonical_language("und"), "und");
  EXPECT_EQ(canonical_language("SPA"), "es");
  EXPECT_EQ(canonical_language("ger"), "de");
  EXPECT_EQ(canonical_language("deu-AT"), "de-AT");
}

TEST(LanguageTag, RefusesWhatIsNotATag) {
  for (const std::string_view bad :
       {"", "e", "xx", "english", "12", "e1", "es-", "-es", "es--MX", "es_MX", "es-M", "es MX",
        "es-u", "es-x", "pt-BR-US", "es-toolongsubtag", "español", "C0000163"}) {
    EXPECT_EQ(canonical_language(bad), std::nullopt) << bad;
  }
}

TEST(LanguageTag, ReadsLocales) {
  EXPECT_EQ(language_of_locale("pt_BR"), "pt-BR");
  EXPECT_EQ(language_of_locale("zh_CN"), "zh-CN");
  EXPECT_EQ(language_of_locale("es"), "es");
  EXPECT_EQ(language_of_locale("de_DE.UTF-8@euro"), "de-DE");
  EXPECT_EQ(language_of_locale("C"), std::nullopt);
  EXPECT_EQ(language_of_locale("POSIX"), std::nullopt);
}

TEST(LanguageTag, LiesInTheRangesItExtends) {
  EXPECT_TRUE(language_matches("pt-BR", "pt"));
  EXPECT_TRUE(language_matches("pt-BR", "pt-BR"));
  EXPECT_FALSE(language_matches("pt", "pt-BR"));
  EXPECT_FALSE(language_matches("pta", "pt"));
}

}  // namespace
}  // namespace enlace
