#include <string>

#include <gtest/gtest.h>

#include "sources/reading.h"

namespace enlace {
namespace {

using testing_kb::complaint;
using testing_kb::failure;
using testing_kb::Lines;
using testing_kb::Reading;
using testing_kb::written;

constexpr std::string_view kTables = R"(<?xml version="1.0"?>
<ICD10PCS.tabular><version>2026</version><pcsTable>
<axis pos="1" values="1"><title>Section</title><label code="0">Scratching</label></axis>
<axis pos="2" values="1"><title>Body System</title><label code="9">Ears</label></axis>
<axis pos="3" values="1"><title>Operation</title><label code="B">Rubbing</label>
  <definition>To rub</definition></axis>
<pcsRow codes="2">
  <axis pos="4" values="2"><title>Body Part</title>
    <label code="0">Ear, Left</label><label code="1">Ear, Right</label></axis>
  <axis pos="5" values="1"><label code="0">Open</label></axis>
  <axis pos="6" values="1"><label code="Z">No Device</label></axis>
  <axis pos="7" values="1"><label code="Z">No Qualifier</label></axis>
</pcsRow></pcsTable></ICD10PCS.tabular>
)";

std::string tables(std::string_view text = kTables) {
  return "icd10pcs=" + written("pcs.xml", text).string();
}

TEST(ReadIcd10Pcs, EveryPrefixOfTheTablesIsAConcept) {
  const Reading read({tables()});
  EXPECT_EQ(read.names(),
            (Lines{"0|Scratching|en|ICD-10-PCS|preferred", "09|Ears|en|ICD-10-PCS|preferred",
                   "09B|Ears, Rubbing|en|ICD-10-PCS|preferred",
                   "09B0|Ears, Rubbing, Ear, Left|en|ICD-10-PCS|preferred",
                   "09B1|Ears, Rubbing, Ear, Right|en|ICD-10-PCS|preferred",
                   "09B00|Ears, Rubbing, Ear, Left, Open|en|ICD-10-PCS|preferred",
                   "09B10|Ears, Rubbing, Ear, Right, Open|en|ICD-10-PCS|preferred",
                   "09B00Z|Ears, Rubbing, Ear, Left, Open|en|ICD-10-PCS|preferred",
                   "09B10Z|Ears, Rubbing, Ear, Right, Open|en|ICD-10-PCS|preferred",
                   "09B00ZZ|Ears, Rubbing, Ear, Left, Open|en|ICD-10-PCS|preferred",
                   "09B10ZZ|Ears, Rubbing, Ear, Right, Open|en|ICD-10-PCS|preferred"}));
  EXPECT_EQ(read.edges(),
            (Lines{"09<0", "09B<09", "09B0<09B", "09B00<09B0", "09B00Z<09B00", "09B00ZZ<09B00Z",
                   "09B1<09B", "09B10<09B1", "09B10Z<09B10", "09B10ZZ<09B10Z"}));
}

TEST(ReadIcd10Pcs, TheOrderFileAddsTitlesToTheTables) {
  const auto order =
      written("order.txt", fmt::format("{:05} {:<7} {} {:<60} {}\n{:05} {:<7} {} {:<60} {}\n", 1,
                                       "09B", 0, "Ears, Rubbing", "Ears, Rubbing", 2, "09B00ZZ", 1,
                                       "Rub left ear", "Rubbing of Left Ear, Open Approach"));
  const Reading read({"icd10pcs=" + order.string(), tables()});
  EXPECT_EQ(read.names()[1], "09B00ZZ|Rubbing of Left Ear, Open Approach|en|ICD-10-PCS|preferred");
  const auto edges = read.edges();
  EXPECT_EQ(std::count(edges.begin(), edges.end(), "09B00ZZ<09B00Z"), 1);
  EXPECT_EQ(Reading({"icd10pcs=" + order.string()}).edges(), (Lines{"09B00ZZ<09B"}));
}

TEST(ReadIcd10Pcs, TheFirstNameOfACodeStays) {
  std::string text(kTables);
  text.insert(text.find("</pcsTable>"), R"(<pcsRow><axis pos="4"><label code="0">Lobe</label></axis>
<axis pos="5"><label code="0">Open</label></axis><axis pos="6"><label code="Z">No Device</label></axis>
<axis pos="7"><label code="Z">No Qualifier</label></axis></pcsRow>)");
  const Reading read({tables(text)});
  EXPECT_EQ(read.names(), Reading({tables()}).names());
  EXPECT_EQ(read.report().left_out, (ReasonCounts{{"other name of a code", 4}}));
  EXPECT_EQ(read.report().duplicates, 0U);
  EXPECT_EQ(read.report().rows.bad, 0U);
}

TEST(ReadIcd10Pcs, RefusesBadLinesOfTheOrderFile) {
  const std::string good = fmt::format("{:05} {:<7} {} {:<60} {}\n", 1, "09B00ZZ", 1,
                                       "Rub left ear", "Rubbing of Left Ear");
  const Reading read(
      {"icd10pcs=" + written("order.txt", good + "00002 09B 1 x\n" + good).string()});
  EXPECT_EQ(read.names(), (Lines{"09B00ZZ|Rubbing of Left Ear|en|ICD-10-PCS|preferred",
                                 "09B00ZZ|Rub left ear|en|ICD-10-PCS|exact"}));
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"duplicate code", 1}, {"wrong columns", 1}}));
  EXPECT_EQ(complaint(read.report(), 0),
            "order.txt:2:1: expected a number, code, flag and titles in their columns, found "
            "another line");
  EXPECT_EQ(complaint(read.report(), 1), "order.txt:3:7: expected a code once, found it again");
}

TEST(ReadIcd10Pcs, RefusesBadRowsAndGoesOn) {
  std::string text(kTables);
  const std::string_view end = "</pcsTable>";
  text.insert(text.find(end), R"(<pcsRow><axis pos="8"><label code="0">x</label></axis>
<axis pos="4"><label code="00">x</label><label code="0"> </label></axis></pcsRow>
)");
  std::string wide = "<pcsRow>";
  for (int axis = 4; axis <= 7; ++axis) {
    wide += fmt::format("<axis pos=\"{}\">", axis);
    for (char c = '0'; c < '0' + 40; ++c)
      wide += fmt::format("<label code=\"{}\">x</label>", c == '<' ? 'a' : c);
    wide += "</axis>";
  }
  text.insert(text.find(end), wide + "</pcsRow>");
  const Reading read({tables(text)});
  EXPECT_EQ(complaint(read.report(), 0),
            "pcs.xml:13:18: expected an axis with a position of 1 to 7, found another");
  EXPECT_EQ(complaint(read.report(), 1),
            "pcs.xml:14:15: expected a label with a code of one character, found another");
  EXPECT_EQ(complaint(read.report(), 3), "pcs.xml:13:10: expected values of axis 4, found none");
  EXPECT_EQ(complaint(read.report(), 4),
            "pcs.xml:15:1: expected at most 200000 codes in a row, found more");
  EXPECT_EQ(read.names().size(), 11U);
  EXPECT_EQ(failure(tables("<ICD10CM.tabular/>")),
            "2 pcs.xml:1:1: expected the element ICD10PCS.tabular, found another");
  EXPECT_EQ(failure(tables(kTables.substr(0, 400))).substr(0, 9), "2 pcs.xml");
}

}  // namespace
}  // namespace enlace
