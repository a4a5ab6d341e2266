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

std::string answers(std::string_view content) {
  return "sparql=" + written("x", content).string();
}

std::string names() {
  return "tsv=" +
         written("names.tsv", "Q31\tfever\ten\nD01\tpyrexia\ten\nMESH:D01\ttos\tes\n").string();
}

constexpr std::string_view kMap =
    "entity,MeSH_ID\nhttp://www.wikidata.org/entity/Q31,D01\nQ32,D02\n";

TEST(ReadSparql, JoinsItemsWithTheirIdentifiers) {
  const Reading read({names(), answers(kMap)});
  EXPECT_EQ(read.former_codes(), (Lines{"D01>Q31"}));
  EXPECT_EQ(read.reports[1].mappings, 2U);
  EXPECT_EQ(Reading({names(), answers(kMap) + ",prefix=MESH:"}).former_codes(),
            (Lines{"MESH:D01>Q31"}));
}

TEST(ReadSparql, TakesNamesOfCsvAndJson) {
  const Lines good{"C1|fever|en|Wikidata|preferred", "C1|heat|en|Wikidata|exact",
                   "C1|fiebre|es|Wikidata|preferred"};
  EXPECT_EQ(
      Reading({answers("cui,label,lang\r\nC1,fever,en\r\nC1,heat,en\r\nC1,fiebre,es\r\n")}).names(),
      good);
  const auto json = answers(R"({"head":{"vars":["entity","cui","label"]},"results":{"bindings":[
    {"entity":{"type":"uri","value":"http://www.wikidata.org/entity/Q31"},
     "cui":{"type":"literal","value":"C1"},"label":{"xml:lang":"en","type":"literal","value":"fever"}},
    {"cui":{"value":"C1"},"label":{"xml:lang":"en","value":"heat"}},
    {"cui":{"value":"C1"},"label":{"xml:lang":"es","value":"fiebre"}}]}})");
  EXPECT_EQ(Reading({json}).names(), good);
  EXPECT_EQ(Reading({json}).origins(), Lines(3, "|CC0-1.0"));
  EXPECT_EQ(
      Reading({answers("entity,label\nx://y/Q31,fever\n") + ",lang=en,source=W,type=t"}).names(),
      (Lines{"Q31|fever|en|W|preferred"}));
  EXPECT_EQ(Reading({names(), answers(R"({"head":{"vars":["entity","id"]},"results":{"bindings":[
    {"entity":{"value":"Q31"},"id":{"value":"D01"}}]}})")})
                .former_codes(),
            (Lines{"D01>Q31"}));
}

TEST(ReadSparql, FindsTheVariablesBehindTheResults) {
  const auto json = answers(R"({"results":{"bindings":[{"cui":{"value":"C1"},
    "label":{"xml:lang":"en","value":"fever"}}]},"head":{"vars":["cui","label"]}})");
  EXPECT_EQ(Reading({json}).names(), (Lines{"C1|fever|en|Wikidata|preferred"}));
}

TEST(ReadSparql, CountsBadRowsAndReadsOn) {
  const Reading read(
      {answers("cui,label,lang\nC1,a,en\nC1,b\n,c,en\nC1,,en\nC1,d,xx\nC1,\xFF,en\nC1,e,en,f\n")});
  EXPECT_EQ(read.report().names, 1U);
  EXPECT_EQ(read.report().rows.rows, 7U);
  EXPECT_EQ(complaint(read.report(), 0), "x:3: field 3: expected 3 fields, found 2");
  EXPECT_EQ(complaint(read.report(), 1), "x:4: field 1: expected a code, found none");
  EXPECT_EQ(complaint(read.report(), 2), "x:5: field 2: expected a label, found none");
  EXPECT_EQ(complaint(read.report(), 3),
            "x:6: field 3: expected a language tag, found none that is known");
  EXPECT_EQ(complaint(read.report(), 4), "x:7:4: expected UTF-8, found byte 0xFF");
  const Reading json({answers(R"({"head":{"vars":["id","label"]},"results":{"bindings":[
    {"id":{"value":"C1"},"label":{"value":"a","xml:lang":"en"}},
    {"id":7,"label":{"value":"a","xml:lang":"en"}},
    {"label":{"value":"a","xml:lang":"en"}}]}})")});
  EXPECT_EQ(json.report().names, 1U);
  EXPECT_EQ(complaint(json.report(), 0), "x:3: value: expected an object, found an integer");
  EXPECT_EQ(complaint(json.report(), 1), "x:4: id: expected a code, found none");
  EXPECT_EQ(complaint(Reading({answers("entity,id\nQ1,1\n,2\n")}).report()),
            "x:3: field 1: expected an entity, found none");
}

TEST(ReadSparql, RefusesARowOfCsvWithAFieldTooMany) {
  const Reading read({answers("cui,label,lang\nC1,a,en\nC1,fever, high,en\nC2,b,en\n")});
  EXPECT_EQ(read.names(), (Lines{"C1|a|en|Wikidata|preferred", "C2|b|en|Wikidata|preferred"}));
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"wrong number of fields", 1}}));
  EXPECT_EQ(complaint(read.report()), "x:3: field 4: expected 3 fields, found 4");
}

TEST(ReadSparql, RefusesBindingsWithoutALabelOrAKnownLanguage) {
  const auto json = answers(R"({"head":{"vars":["id","label"]},"results":{"bindings":[
    {"id":{"value":"C1"},"label":{"value":"a","xml:lang":"en"}},
    {"id":{"value":"C1"},"label":{"value":"b"}},
    {"id":{"value":"C1"},"label":{"value":"c","xml:lang":"xx"}},
    {"id":{"value":"C1"},"label":{"value":" ","xml:lang":"en"}},
    {"id":{"value":"C1"}}]}})");
  EXPECT_EQ(Reading({json + ",lang=es"}).names(),
            (Lines{"C1|a|en|Wikidata|preferred", "C1|b|es|Wikidata|preferred"}));
  const Reading read({json});
  EXPECT_EQ(read.names(), (Lines{"C1|a|en|Wikidata|preferred"}));
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"no name", 2}, {"unknown language", 2}}));
  EXPECT_EQ(complaint(read.report(), 0),
            "x:3: lang: expected a language tag, found none that is known");
  EXPECT_EQ(complaint(read.report(), 1),
            "x:4: lang: expected a language tag, found none that is known");
  EXPECT_EQ(complaint(read.report(), 2), "x:5: label: expected a label, found none");
  EXPECT_EQ(complaint(read.report(), 3), "x:6: label: expected a label, found none");
}

TEST(ReadSparql, StopsWhereNothingSensibleCanFollow) {
  EXPECT_EQ(failure(answers("")), "2 x:1: expected a header, found an empty file");
  const std::string variables =
      "expected variables entity and an identifier, or label and one of them; found others";
  EXPECT_EQ(failure(answers("a,lang\n1,en\n")), "2 x:1: " + variables);
  EXPECT_EQ(failure(answers("label\nfever\n")), "2 x:1: " + variables);
  EXPECT_EQ(failure(answers(R"({"results":{"bindings":[]}})")), "2 x: " + variables);
  EXPECT_EQ(failure(answers("entity,id\n")),
            "0 x: expected at least one name or mapping, found none in 0 rows");
  EXPECT_EQ(failure(answers("{}")), "2 x: " + variables);
  const std::string_view whole =
      R"({"head":{"vars":["id","label"]},"results":{"bindings":[{"id":{"value":"C1"}}]}})";
  for (std::size_t size = 1; size < whole.size(); ++size) {
    ASSERT_EQ(failure(answers(whole.substr(0, size))).substr(0, 2), "2 ") << size;
  }
}

}  // namespace
}  // namespace enlace
