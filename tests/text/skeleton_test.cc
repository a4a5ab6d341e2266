#include "text/skeleton.h"

#include <gtest/gtest.h>

namespace enlace {
namespace {

std::string skeleton(std::string_view key) {
  std::string out = "left over";
  skeleton_of(key, out);
  return out;
}

TEST(Skeleton, BringsRelatedWordsTogether) {
  EXPECT_EQ(skeleton("cholecystitis"), skeleton("colecistitis"));
  EXPECT_EQ(skeleton("hypertension"), skeleton("hipertension"));
  EXPECT_EQ(skeleton("infection"), skeleton("infeccion"));
  EXPECT_EQ(skeleton("diarrhoea"), skeleton("diarrea"));
  EXPECT_EQ(skeleton("diarrhoe"), skeleton("diarrhee"));
}

TEST(Skeleton, IsWordByWord) {
  EXPECT_EQ(skeleton("insuffisance renale chronique"), "insufisanc renal cronic");
  EXPECT_EQ(skeleton("sensibilidad"), "sensibilit");
  EXPECT_EQ(skeleton(""), "");
}

TEST(Skeleton, LeavesShortWordsDigitsAndOtherScriptsAlone) {
  EXPECT_EQ(skeleton("ojo"), "oio");
  EXPECT_EQ(skeleton("2200 22"), "2200 22");
  EXPECT_EQ(skeleton("頭痛 боль"), "頭痛 боль");
}

}  // namespace
}  // namespace enlace
