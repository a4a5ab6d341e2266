#include "text/unicode_form.h"

#include <gtest/gtest.h>

namespace enlace {
namespace {

using Form = UnicodeForm::Form;

std::string in_form(Form form, std::string_view text) {
  NormalizedText in{.text = std::string(text), .origins = {}};
  NormalizedText out;
  return UnicodeForm(form).apply(in, out) ? out.text : in.text;
}

TEST(UnicodeForm, ComposesAndDecomposes) {
  EXPECT_EQ(in_form(Form::kNfc, "nin\u0303o"), "ni\u00F1o");
  EXPECT_EQ(in_form(Form::kNfd, "ni\u00F1o"), "nin\u0303o");
  EXPECT_EQ(in_form(Form::kNfkc, "\uFB01\u00BD \uFF76\uFF9E"), "fi1\u20442 \u30AC");
  EXPECT_EQ(in_form(Form::kNfkd, "\u1E9B\u0323"), "s\u0323\u0307");
  EXPECT_EQ(in_form(Form::kNfc, "\u1100\u1161\u11A8"), "\uAC01");
  EXPECT_EQ(in_form(Form::kNfc, "plain"), "plain");
}

TEST(UnicodeForm, PutsMarksInOrderButThoseYoungerThanUnicode9) {
  EXPECT_EQ(in_form(Form::kNfd, "a\u0301\u0323"), "a\u0323\u0301");
  EXPECT_EQ(in_form(Form::kNfd, "a\u035C\u0C3C"), "a\u035C\u0C3C");
  EXPECT_EQ(in_form(Form::kNfc, "a\u0898\u0301"), "a\u0898\u0301");
}

TEST(UnicodeForm, GivesAComposedCharacterTheOriginOfItsFirstPart) {
  NormalizedText in{.text = "n\u0303o", .origins = {{0, 1}, {1, 3}, {1, 3}, {3, 4}}};
  NormalizedText out;
  EXPECT_TRUE(UnicodeForm(Form::kNfc).apply(in, out));
  EXPECT_EQ(out.origins, (std::vector<Span>{{0, 1}, {0, 1}, {3, 4}}));
}

TEST(UnicodeForm, TakesManyMarksInItsStride) {
  std::string text = "a";
  for (int i = 0; i < 200'000; ++i) text += i % 2 == 0 ? "\u0301" : "\u0323";
  EXPECT_EQ(in_form(Form::kNfc, text).size(), text.size() - 0U);
}

TEST(StripAccents, DropsCombiningMarks) {
  NormalizedText in{.text = "n\u0303\u0A3Fo", .origins = {}};
  NormalizedText out;
  EXPECT_TRUE(StripAccents().apply(in, out));
  EXPECT_EQ(out.text, "no");
}

}  // namespace
}  // namespace enlace
