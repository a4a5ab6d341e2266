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

std::string jsonl(std::string_view content) {
  return "jsonl=" + written("kb.jsonl", content).string();
}

TEST(ReadJsonl, ReadsItsOwnShape) {
  const Reading read({jsonl(
      R"({"code":"A","names":[{"text":"lung disease"}]})"
      "\n"
      R"({"code":"B","names":[{"text":"neumonía","language":"es","source":"X"},)"
      R"({"text":"pneumonia"},{"text":"lung thing","scope":"broad"}],)"
      R"("types":["disease","finding"],"parents":["A"],"xrefs":["UMLS:C1"],"more":{"x":1}})")});
  EXPECT_EQ(read.names(), (Lines{"A|lung disease|en|kb|preferred", "B|neumonía|es|X|preferred",
                                 "B|pneumonia|en|kb|exact", "B|lung thing|en|kb|broad"}));
  EXPECT_EQ(read.types(), (Lines{"B:disease", "B:finding"}));
  EXPECT_EQ(read.edges(), (Lines{"B<A"}));
  EXPECT_EQ(read.xrefs(), (Lines{"B:UMLS:C1"}));
}

TEST(ReadJsonl, ReadsTheShapeOfScispacy) {
  const Reading read({jsonl(R"({"concept_id":"C1","canonical_name":"Fiebre","aliases":["Fiebre",)"
                            R"("calentura"],"types":["T184"],"definition":null})"
                            "\n"
                            R"({"concept_id":38341003,"canonical_name":"Tos","aliases":[]})") +
                      ",lang=es,source=UMLS,type=other"});
  EXPECT_EQ(read.names(), (Lines{"C1|Fiebre|es|UMLS|preferred", "C1|calentura|es|UMLS|exact",
                                 "38341003|Tos|es|UMLS|preferred"}));
  EXPECT_EQ(read.types(), (Lines{"C1:T184", "38341003:other"}));
  EXPECT_EQ(read.report().duplicates, 1U);
}

TEST(ReadJsonl, KeepsTermTypesLicencesDefinitionsAndRetiredCodes) {
  const Reading read({jsonl(
      R"({"code":"A","licence":"CC0-1.0","definition":" what it is ","names":[)"
      R"({"text":"a","term_type":"PT"},{"s":"b","lang":"es","tty":"SY","licence":"CC-BY-4.0"},)"
      R"({"s":"c","pref":true},{"s":"d","pref":true,"scope":"related"}]})"
      "\n"
      R"({"code":"B","retired":true,"replaced_by":"A","names":[{"text":"old"}]})"
      "\n"
      R"({"code":"C","retired":true})"
      "\n"
      R"({"concept_id":"D","canonical_name":"e","names":[{"s":"f","lang":"es"}],"parents":["A"]})")});
  EXPECT_EQ(read.names(), (Lines{"A|a|en|kb|preferred", "A|b|es|kb|exact", "A|c|en|kb|preferred",
                                 "A|d|en|kb|related", "D|e|en|kb|preferred", "D|f|es|kb|exact"}));
  EXPECT_EQ(read.origins(),
            (Lines{"PT|CC0-1.0", "SY|CC-BY-4.0", "|CC0-1.0", "|CC0-1.0", "|", "|"}));
  EXPECT_EQ(read.definitions(), (Lines{"A|en|what it is"}));
  EXPECT_EQ(read.former_codes(), (Lines{"B>A"}));
  EXPECT_EQ(read.edges(), (Lines{"D<A"}));
  EXPECT_EQ(read.report().left_out, (ReasonCounts{{"retired", 2}}));
  EXPECT_EQ(read.report().rows.bad, 0U);
}

TEST(ReadJsonl, ReadsTheShapeOfGliner) {
  const Reading read({jsonl(R"({"entity_id":7,"label":"fever","description":"too warm",)"
                            R"("entity_type":"sign","popularity":3,"aliases":["pyrexia"]})")});
  EXPECT_EQ(read.names(), (Lines{"7|fever|en|kb|preferred", "7|pyrexia|en|kb|exact"}));
  EXPECT_EQ(read.types(), (Lines{"7:sign"}));
  EXPECT_EQ(read.definitions(), (Lines{"7|en|too warm"}));
}

TEST(ReadJsonl, CountsBadLinesAndReadsOn) {
  const Reading read({jsonl(R"({"code":"A","names":[{"text":"a"},{"text":"b","language":"xx"}]})"
                            "\n{\n"
                            R"({"code":1,"names":[{"text":"a"}]})"
                            "\n"
                            R"({"code":"B","names":[]})"
                            "\n"
                            R"({"code":"C"})"
                            "\n"
                            R"({"code":" ","names":[{"text":"a"}]})"
                            "\n"
                            R"({"code":"D","names":[{"text":""}]})"
                            "\n"
                            R"({"code":"E","names":[{"text":"e","scope":"close"}]})"
                            "\n"
                            R"({"code":"F","code":"G","names":[{"text":"e"}]})"
                            "\n"
                            R"({"names":[{"text":"e"}]})"
                            "\n[]\n")});
  EXPECT_EQ(read.names(), (Lines{"A|a|en|kb|preferred"}));
  EXPECT_EQ(read.report().rows.rows, 11U);
  EXPECT_EQ(read.report().rows.bad, 11U);
  EXPECT_EQ(complaint(read.report(), 0),
            "kb.jsonl:1: name 2: expected a language tag, found none that is known");
  EXPECT_EQ(complaint(read.report(), 2), "kb.jsonl:3: code: expected a string, found an integer");
  EXPECT_EQ(complaint(read.report(), 3), "kb.jsonl:4: expected at least one name, found none");
  EXPECT_EQ(complaint(read.report(), 4), "kb.jsonl:5: expected at least one name, found none");
  EXPECT_EQ(complaint(read.report(), 5), "kb.jsonl:6: expected a code, found none");
  EXPECT_EQ(complaint(read.report(), 6), "kb.jsonl:7: name 1: expected a text, found none");
  EXPECT_EQ(complaint(read.report(), 9), "kb.jsonl:10: expected a member \"code\", found none");
}

TEST(ReadJsonl, LinesOfOneCodeAreOneConcept) {
  const Reading read({jsonl(R"({"code":"A","names":[{"text":"a"},{"text":"c"}],"types":["t"]})"
                            "\n"
                            R"({"code":"B","names":[{"text":"root"}]})"
                            "\n"
                            R"({"code":"A","names":[{"text":"b"},{"text":"a"}],"types":["u"],)"
                            R"("parents":["B"]})")});
  EXPECT_EQ(read.names(), (Lines{"A|a|en|kb|preferred", "A|c|en|kb|exact", "B|root|en|kb|preferred",
                                 "A|b|en|kb|preferred"}));
  EXPECT_EQ(read.types(), (Lines{"A:t", "A:u"}));
  EXPECT_EQ(read.edges(), (Lines{"A<B"}));
  EXPECT_EQ(read.report().new_concepts, 2U);
  EXPECT_EQ(read.report().duplicates, 1U);
  EXPECT_EQ(read.report().rows.bad, 0U);
}

TEST(ReadJsonl, RefusesFilesThatGiveNoName) {
  EXPECT_EQ(failure(jsonl("")), "0 kb.jsonl: expected at least one name, found none in 0 rows");
  EXPECT_EQ(failure(jsonl("A\tfever\ten\n")).substr(0, 70),
            "2 kb.jsonl: expected at least one name, found none in 1 rows; 1 refuse");
  EXPECT_EQ(failure(jsonl(std::string(4, '\0'))),
            "2 kb.jsonl:1: byte 1: expected text, found a zero byte");
}

}  // namespace
}  // namespace enlace
