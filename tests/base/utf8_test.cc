#include "base/utf8.h"

#include <gtest/gtest.h>

#include "base/code_points.h"

namespace enlace {
namespace {

TEST(Utf8, AcceptsWhatUnicodeCallsWellFormed) {
  for (const std::string_view text :
       {"", "disnea", "ñ", "\u0800", "\uD7FF", "\uE000", "\U00010000", "\U0010FFFF"}) {
    EXPECT_TRUE(is_utf8(text));
  }
}

TEST(Utf8, NamesTheFirstBadByte) {
  EXPECT_EQ(first_invalid_utf8("ab\x80"), 2U);            // a continuation alone
  EXPECT_EQ(first_invalid_utf8("a\xC0\xAF"), 1U);         // overlong
  EXPECT_EQ(first_invalid_utf8("\xE0\x9F\xBF"), 0U);      // overlong
  EXPECT_EQ(first_invalid_utf8("\xED\xA0\x80"), 0U);      // a surrogate
  EXPECT_EQ(first_invalid_utf8("\xF4\x90\x80\x80"), 0U);  // above U+10FFFF
  EXPECT_EQ(first_invalid_utf8("x\xE2\x82"), 1U);         // cut short
  EXPECT_EQ(first_invalid_utf8("\xFF"), 0U);
}

TEST(Utf8, DecodesWhatItAppends) {
  for (const char32_t value : {U'a', U'ñ', U'\u20AC', U'\U0001F9EC', U'\U0010FFFF'}) {
    std::string text;
    append_utf8(text, value);
    const CodePoint decoded = decode_utf8(text, 0);
    EXPECT_EQ(decoded.value, value);
    EXPECT_EQ(decoded.size, text.size());
  }
}

TEST(Utf8, CountsOffsetsInCodePoints) {
  const std::string_view text = "año 日本";
  EXPECT_EQ(count_code_points(text), 6U);
  EXPECT_EQ(byte_offset_of(text, 2), 3U);
  EXPECT_EQ(byte_offset_of(text, 6), text.size());
  EXPECT_EQ(byte_offset_of(text, 7), std::string_view::npos);
}

TEST(Utf8, AFaultIsToldByLineAndCharacter) {
  EXPECT_EQ(utf8_fault("todo bien\nñ", "f"), std::nullopt);
  EXPECT_EQ(utf8_fault("uno\nññ\xFFx", "f"), "f:2:3: expected UTF-8, found another byte");
  EXPECT_EQ(utf8_fault("\x80", "f", 7), "f:7:1: expected UTF-8, found another byte");
}

TEST(CodePointOffsets, AgreeWithCountingFromTheStart) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += i % 3 == 0 ? "a" : i % 3 == 1 ? "ñ" : "🧬";
  const CodePointOffsets offsets(text);
  ASSERT_EQ(offsets.size(), 500U);
  for (std::size_t i = 0; i <= 500; ++i) {
    const std::size_t byte = byte_offset_of(text, i);
    EXPECT_EQ(offsets.byte_at(i), byte);
    EXPECT_EQ(offsets.code_point_at(byte), i);
  }
  EXPECT_EQ(offsets.byte_at(501), std::string_view::npos);
  EXPECT_EQ(CodePointOffsets("").byte_at(0), 0U);
}

}  // namespace
}  // namespace enlace
