// What the tables and shortcuts of characters.h promise, against utf8proc.
#include "text/characters.h"

#include <gtest/gtest.h>
#include <utf8proc.h>

namespace enlace {
namespace {

TEST(Characters, CommonHanAreLettersThatStayAsTheyAre) {
  std::size_t count = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (!is_common_han(c)) continue;
    ++count;
    const utf8proc_property_t* property = utf8proc_get_property(std::int32_t(c));
    ASSERT_TRUE(is_letter(c)) << std::hex << std::uint32_t(c);
    ASSERT_FALSE(is_separator(c)) << std::hex << std::uint32_t(c);
    ASSERT_EQ(lower_case_of(c), c);
    ASSERT_EQ(property->decomp_seqindex, UINT16_MAX);
    ASSERT_EQ(property->combining_class, 0);
  }
  EXPECT_EQ(count, 20'989U);
}

}  // namespace
}  // namespace enlace
