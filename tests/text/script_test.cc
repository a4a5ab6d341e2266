#include "text/script.h"

#include <gtest/gtest.h>

namespace enlace {
namespace {

TEST(Script, IsThatOfTheLetters) {
  for (const char32_t c : {U'a', U'Z', U'ñ', U'ß', U'ª', U'ạ', U'ə'}) {
    EXPECT_EQ(script_of(c), Script::kLatin);
  }
  EXPECT_EQ(script_of(U'ж'), Script::kCyrillic);
  EXPECT_EQ(script_of(U'ά'), Script::kGreek);
  EXPECT_EQ(script_of(U'ه'), Script::kArabic);
  EXPECT_EQ(script_of(U'ก'), Script::kThai);
  EXPECT_EQ(script_of(U'糖'), Script::kHan);
  EXPECT_EQ(script_of(char32_t{0x2A6DF}), Script::kHan);
  EXPECT_EQ(script_of(U'カ'), Script::kKana);
  EXPECT_EQ(script_of(U'ー'), Script::kKana);
  EXPECT_EQ(script_of(U'한'), Script::kHangul);
  EXPECT_EQ(script_of(char32_t{0xFFDC}), Script::kHangul);
}

TEST(Script, IsCommonForWhatAllScriptsUse) {
  for (const char32_t c :
       {U'\0', U'7', U' ', U'×', U'¿', U'\u0301', U'。', U'①', U'😀', char32_t{0x10FFFF}}) {
    EXPECT_EQ(script_of(c), Script::kCommon);
  }
}

TEST(Script, HasANameThatLeadsBack) {
  for (std::size_t i = 0; i < kScriptCount; ++i) {
    EXPECT_EQ(script_named(name_of(Script(i))), Script(i));
  }
  EXPECT_EQ(name_of(Script::kHan), "han");
  EXPECT_EQ(name_of(Script::kThai), "thai");
  EXPECT_EQ(script_named("Latin"), std::nullopt);
}

}  // namespace
}  // namespace enlace
