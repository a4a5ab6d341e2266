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

constexpr std::string_view kTabular = R"(<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2026</version>
<chapter><name>1</name><desc>Itches and aches (A00-B99)</desc>
<includes><note>all of them</note></includes>
<sectionIndex><sectionRef first="A00" last="A09" id="A00-A09">Itches</sectionRef></sectionIndex>
<section id="A00-A09"><desc>Itches (of the (ear)) (A00-A09)</desc>
<diag><name>A00</name><desc>Itch</desc><inclusionTerm><note>Itching &amp; more</note></inclusionTerm>
  <sevenChrNote><note>Add one</note></sevenChrNote>
  <sevenChrDef><extension char="A">first</extension><extension char="S">last</extension></sevenChrDef>
  <excludes1><note>ache (B00)</note></excludes1>
  <diag><name>A00.0</name><desc>Itch of ear</desc></diag>
  <diag><name>A00.11</name><desc>Itch of nose</desc>
    <sevenChrDef><extension char="1">left</extension></sevenChrDef>
    <diag><name>A00.111</name><desc>Itch of nose, mild</desc></diag></diag>
</diag>
<diag><name>A01</name><desc>Other itch</desc></diag>
</section></chapter></ICD10CM.tabular>
)";

std::string tabular(std::string_view text = kTabular) {
  return "icd10cm=" + written("icd.xml", text).string();
}

/// A line in the columns of the order file.
std::string row(int number, std::string_view code, char flag, std::string_view brief,
                std::string_view title) {
  return fmt::format("{:05} {:<7} {} {:<60} {}\n", number, code, flag, brief, title);
}

TEST(ReadIcd10Cm, TakesTheTabularList) {
  const Reading read({tabular()});
  EXPECT_EQ(read.names(),
            (Lines{"A00-A09|Itches (of the (ear))|en|ICD-10-CM|preferred",
                   "A00|Itch|en|ICD-10-CM|preferred", "A00|Itching & more|en|ICD-10-CM|exact",
                   "A00.0|Itch of ear|en|ICD-10-CM|preferred",
                   "A00.11|Itch of nose|en|ICD-10-CM|preferred",
                   "A00.111|Itch of nose, mild|en|ICD-10-CM|preferred",
                   "A01|Other itch|en|ICD-10-CM|preferred"}));
  EXPECT_EQ(read.origins()[2], "inclusionTerm|");
  EXPECT_EQ(read.edges(),
            (Lines{"A00<A00-A09", "A00.0<A00", "A00.11<A00", "A00.111<A00.11", "A01<A00-A09"}));
  EXPECT_EQ(read.types()[1], "A00:Itches and aches");
  EXPECT_EQ(read.report().left_out.at("codes of a code with seventh characters"), 2U);
  EXPECT_EQ(read.report().rows.bad, 0U);
}

TEST(ReadIcd10Cm, ExtensionsMakeCodesOfSevenCharacters) {
  const Reading read({tabular() + ",extensions=yes,dots=no,source=CM"});
  const auto names = read.names();
  EXPECT_EQ(
      Lines(names.begin() + 3, names.end()),
      (Lines{"A000|Itch of ear|en|CM|preferred", "A000XXA|Itch of ear, first|en|CM|preferred",
             "A000XXS|Itch of ear, last|en|CM|preferred", "A0011|Itch of nose|en|CM|preferred",
             "A00111|Itch of nose, mild|en|CM|preferred",
             "A001111|Itch of nose, mild, left|en|CM|preferred",
             "A01|Other itch|en|CM|preferred"}));
  EXPECT_EQ(read.edges()[2], "A000XXA<A000");
  EXPECT_EQ(Reading({tabular() + ",extensions=yes"}).names()[4],
            "A00.0XXA|Itch of ear, first|en|ICD-10-CM|preferred");
  EXPECT_EQ(failure(tabular() + ",dots=some"), "0 source icd10cm: expected dots=yes or dots=no");
}

TEST(ReadIcd10Cm, RefusesBadDiagnosesAndGoesOn) {
  const Reading read({tabular(R"(<ICD10CM.tabular><chapter><section>
<diag><desc>no code</desc></diag>
<diag><name>A00</name></diag>
<diag><name>A01</name><desc>Itch</desc><sevenChrDef><extension char="AB">x</extension></sevenChrDef>
</diag>
<diag><name>A0.1</name><desc>Again</desc><diag><name>A01.1</name><desc>Kept</desc></diag></diag>
</section></chapter></ICD10CM.tabular>)")});
  EXPECT_EQ(complaint(read.report(), 0), "icd.xml:1:27: expected a section with an id, found none");
  EXPECT_EQ(complaint(read.report(), 1),
            "icd.xml:2:1: expected a name, which is its code, found none");
  EXPECT_EQ(complaint(read.report(), 2), "icd.xml:3:1: expected a desc, found none");
  EXPECT_EQ(complaint(read.report(), 3),
            "icd.xml:4:53: expected one character and a text, found another");
  EXPECT_EQ(complaint(read.report(), 4), "icd.xml:6:1: expected a code once, found it again");
  EXPECT_EQ(read.names().size(), 2U);
  std::string deep = "<ICD10CM.tabular><chapter><section id='A'>";
  for (int i = 0; i < 40; ++i) deep += "<diag>";
  EXPECT_EQ(failure(tabular(deep)),
            "2 icd.xml:1:235: expected at most 32 diagnoses in each other, found more");
  EXPECT_EQ(failure(tabular("<ClaML/>")),
            "2 icd.xml:1:1: expected the element ICD10CM.tabular, found another");
}

TEST(ReadIcd10Cm, ASectionOfOneCategoryIsOneConceptWithIt) {
  const Reading read(
      {tabular(R"(<ICD10CM.tabular><chapter><section id="A00"><desc>Itches (A00)</desc>
<diag><name>A00</name><desc>Itch</desc><diag><name>A00.0</name><desc>Itch of ear</desc></diag></diag>
</section></chapter></ICD10CM.tabular>)")});
  EXPECT_EQ(read.names(),
            (Lines{"A00|Itches|en|ICD-10-CM|preferred", "A00|Itch|en|ICD-10-CM|preferred",
                   "A00.0|Itch of ear|en|ICD-10-CM|preferred"}));
  EXPECT_EQ(read.edges(), (Lines{"A00.0<A00"}));
  EXPECT_EQ(read.report().new_concepts, 2U);
  EXPECT_EQ(read.report().cyclic_edges, 0U);
  EXPECT_EQ(read.report().rows.complaints.size(), 0U);
}

TEST(ReadIcd10Cm, TellsOfDiagnosesBelowASectionThatHasNoDescription) {
  const Reading read({tabular(R"(<ICD10CM.tabular><chapter><section id="A00-A09">
<diag><name>A00</name><desc>Itch</desc></diag></section></chapter></ICD10CM.tabular>)")});
  EXPECT_EQ(read.names(), (Lines{"A00|Itch|en|ICD-10-CM|preferred"}));
  EXPECT_EQ(read.edges(), Lines{});
  EXPECT_EQ(read.report().unnamed_edges, 1U);
  EXPECT_EQ(complaint(read.report()),
            "icd.xml: expected is-a of concepts with names, found A00 > A00-A09");
}

TEST(ReadIcd10Cm, TakesTheOrderFile) {
  const std::string text = "\xEF\xBB\xBF" + row(1, "A00", '0', "Itch", "Itch") +
                           row(2, "A0011", '1', "Itch of nose", "Itch of the nose\r") +
                           row(3, "A001111", '1', "Itch of nose, left", "Itch of the left nose");
  const Reading read({"icd10cm=" + written("order.txt", text).string()});
  EXPECT_EQ(read.names(), (Lines{"A00|Itch|en|ICD-10-CM|preferred",
                                 "A00.11|Itch of the nose|en|ICD-10-CM|preferred",
                                 "A00.11|Itch of nose|en|ICD-10-CM|exact",
                                 "A00.1111|Itch of the left nose|en|ICD-10-CM|preferred",
                                 "A00.1111|Itch of nose, left|en|ICD-10-CM|exact"}));
  EXPECT_EQ(read.edges(), (Lines{"A00.11<A00", "A00.1111<A00.11"}));
  EXPECT_EQ(Reading({"icd10cm=" + written("order.txt", text).string() + ",dots=no"}).names()[3],
            "A001111|Itch of the left nose|en|ICD-10-CM|preferred");
}

TEST(ReadIcd10Cm, CountsColumnsOfTheOrderFileInCharacters) {
  const std::string brief(59, 'x');
  const std::string text = "00001 A00     0 " + brief + "é Cólera\n";
  EXPECT_EQ(Reading({"icd10cm=" + written("order.txt", text).string()}).names(),
            (Lines{"A00|Cólera|en|ICD-10-CM|preferred", "A00|" + brief + "é|en|ICD-10-CM|exact"}));
}

TEST(ReadIcd10Cm, RefusesBadLinesOfTheOrderFile) {
  const std::string text = row(1, "A00", '0', "Itch", "Itch") + "A00\tItch\n" +
                           row(2, "A0.", '1', "x", "x") + row(3, "A01", '2', "x", "x") +
                           row(4, "A02", '1', "", "") + row(5, "A00", '1', "x", "x") +
                           "00006 A03     1 \xFF\n" + "00007 A04     1 Short\n";
  const Reading read({"icd10cm=" + written("order.txt", text).string()});
  EXPECT_EQ(complaint(read.report(), 0),
            "order.txt:2:1: expected a number, code, flag and titles in their columns, found "
            "another line");
  EXPECT_EQ(complaint(read.report(), 1),
            "order.txt:3:7: expected a code of 3 to 7 letters and digits, found another");
  EXPECT_EQ(complaint(read.report(), 2), "order.txt:4:15: expected 0 or 1, found something else");
  EXPECT_EQ(complaint(read.report(), 3), "order.txt:5:17: expected a title, found none");
  EXPECT_EQ(complaint(read.report(), 4), "order.txt:6:7: expected a code once, found it again");
  EXPECT_EQ(complaint(read.report(), 5), "order.txt:7:17: expected UTF-8, found byte 0xFF");
  EXPECT_EQ(read.names().back(), "A04|Short|en|ICD-10-CM|preferred");
  EXPECT_EQ(failure("icd10cm=" + written("order.txt", "").string()),
            "0 order.txt: expected at least one name, found none in 0 rows");
}

}  // namespace
}  // namespace enlace
