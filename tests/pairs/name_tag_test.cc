#include "pairs/name_tag.h"

#include <gtest/gtest.h>

namespace enlace {
namespace {

TEST(NameTag, IsTheLastGroupAtTheEnd) {
  EXPECT_EQ(without_name_tag("asma (trastorno)"), "asma");
  EXPECT_EQ(without_name_tag("vitamina (D) (sustancia)"), "vitamina (D)");
  EXPECT_EQ(without_name_tag("asma(trastorno)"), "asma");
}

TEST(NameTag, IsNotAnythingElse) {
  for (const std::string_view text :
       {"", ")", "()", "asma", "asma (trastorno) grave", "(trastorno)", " (trastorno)", "asma ()",
        "asma ( )", "asma (a(b))", "asma trastorno)", "a)b)"}) {
    EXPECT_EQ(without_name_tag(text), text);
  }
}

TEST(NameTag, IsLookedForInSnomedOnly) {
  for (const char* source : {"SNOMEDCT_US", "SCTSPA", "SNOMED CT", "snomed", "SCTES"}) {
    EXPECT_TRUE(has_name_tags(source)) << source;
  }
  for (const char* source : {"", "S", "MSH", "MSHSPA", "HPO", "ICD10"}) {
    EXPECT_FALSE(has_name_tags(source)) << source;
  }
}

}  // namespace
}  // namespace enlace
