#include "text/letter_case.h"

#include <gtest/gtest.h>

namespace enlace {
namespace {

std::string lowered(std::string_view text) {
  std::string out = "what was there before";
  lower_case(text, out);
  return out;
}

std::string raised(std::string_view text) {
  std::string out = "what was there before";
  upper_case(text, out);
  return out;
}

TEST(LowerCase, LowersLettersAndNothingElse) {
  EXPECT_EQ(lowered(""), "");
  EXPECT_EQ(lowered("Fiebre AFTOSA (2.ª)  x"), "fiebre aftosa (2.ª)  x");
  EXPECT_EQ(lowered("ÁÉÑ Straße ẞ"), "áéñ straße ß");
  EXPECT_EQ(lowered("ГРИПП ՀԱՅ"), "грипп հայ");
  EXPECT_EQ(lowered("日本 @[`{"), "日本 @[`{");
}

TEST(LowerCase, KnowsTheFinalSigmaAndTheDottedI) {
  EXPECT_EQ(lowered("ΝΟΣΟΣ"), "νοσος");
  EXPECT_EQ(lowered("ΝΟΣΟΣ. Σ ΑΣΒ"), "νοσος. σ ασβ");
  EXPECT_EQ(lowered("İ"), "i\u0307");
}

TEST(LowerCase, KnowsTheCapitalsOfUnicode16And17) {
  EXPECT_EQ(lowered("\u1C89\uA7CB\uA7CC\uA7CE\uA7DC"), "\u1C8A\u0264\uA7CD\uA7CF\u019B");
  EXPECT_EQ(lowered("\U00010D50\U00010D65\U00010D66"), "\U00010D70\U00010D85\U00010D66");
  EXPECT_EQ(lowered("\U00016EA0\U00016EB8\U00016EB9"), "\U00016EBB\U00016ED3\U00016EB9");
}

TEST(UpperCase, RaisesCharactersThatHaveOneUpperCase) {
  EXPECT_EQ(raised(""), "");
  EXPECT_EQ(raised("dolor torácico (2.ª)"), "DOLOR TORÁCICO (2.ª)");
  EXPECT_EQ(raised("Straße νόσος грипп 日本"), "STRAẞE ΝΌΣΟΣ ГРИПП 日本");
}

TEST(LetterCase, IsSafeOnBytesThatAreNotUtf8) {
  for (const std::string_view text : {"\xC3", "A\xFF\xFE", "\xF0\x9F", "\x80Z"}) {
    lowered(text);
    raised(text);
  }
}

}  // namespace
}  // namespace enlace
