#include "text/words.h"

#include <gtest/gtest.h>

namespace enlace {
namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<Span> spans;
  find_words(text, spans);
  std::vector<std::string> out;
  for (const Span& span : spans) out.emplace_back(span.of(text));
  return out;
}

using Words = std::vector<std::string>;

TEST(Words, AreRunsOfLettersMarksAndNumbers) {
  EXPECT_EQ(words("Dolor de 3.ª rodilla-B12 (izq.)"),
            (Words{"Dolor", "de", "3", "ª", "rodilla", "B12", "izq"}));
  EXPECT_EQ(words("an\u0303o niño"), (Words{"an\u0303o", "niño"}));
  EXPECT_EQ(words("\u0301 -- ,"), Words{});
  EXPECT_EQ(words(""), Words{});
}

TEST(Words, AreSingleCharactersInScriptsWithoutSpaces) {
  EXPECT_EQ(words("2型糖尿病です"), (Words{"2", "型", "糖", "尿", "病", "で", "す"}));
  EXPECT_EQ(words("か\u3099x"), (Words{"か\u3099", "x"}));
  EXPECT_EQ(words("당뇨병 이다"), (Words{"당뇨병", "이다"}));
}

TEST(Words, AreFoundSafelyInBytesThatAreNotUtf8) {
  words("a\xC3 \xF0\x9F");
}

}  // namespace
}  // namespace enlace
