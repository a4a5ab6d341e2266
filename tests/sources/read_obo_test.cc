#include <string>

#include <gtest/gtest.h>

#include "sources/obo_text.h"
#include "sources/reading.h"

namespace enlace {
namespace {

using testing_kb::complaint;
using testing_kb::failure;
using testing_kb::Lines;
using testing_kb::Reading;
using testing_kb::written;

constexpr std::string_view kHeader = "format-version: 1.2\nontology: zoo\n\n";

std::string obo(std::string_view terms) {
  return "obo=" + written("zoo.obo", std::string(kHeader) + std::string(terms)).string();
}

TEST(ReadObo, ReadsNamesSynonymsParentsAndReferences) {
  const Reading read(
      {obo("[Term]\n"
           "id: Z:1 ! the root\n"
           "name: lung disease\n"
           "\n"
           "[Term]\n"
           "id: Z:2\n"
           "name: pneumonia {source=\"x\"} ! comment\n"
           "alt_id: Z:9\n"
           "def: \"An \\\"inflammation\\\"\" [X:1]\n"
           "synonym: \"lung \\\"fire\\\"\" EXACT layperson []\n"
           "synonym: \"chest thing\" RELATED [X:1]\n"
           "synonym: \"illness\" BROAD []\n"
           "synonym: \"left pneumonia\" NARROW []\n"
           "synonym: \"undefined\" []\n"
           "xref: UMLS:C1 \"Pneumonia\"\n"
           "xref: SNOMEDCT_US_2015_03_01:75934005\n"
           "is_a: Z:1 {inferred=\"true\"} ! lung disease\n"
           "is_a: Z:3 ! infection\n"
           "relationship: part_of Z:1\n"
           "\n"
           "[Term]\n"
           "id: Z:3\n"
           "name: infection\n"
           "\n"
           "[Term]\n"
           "id: Z:4\n"
           "name: obsolete thing\n"
           "def: \"Gone.\" []\n"
           "alt_id: Z:7\n"
           "is_obsolete: true\n"
           "replaced_by: Z:3\n"
           "consider: Z:1\n"
           "\n"
           "[Typedef]\n"
           "id: part_of\n"
           "name: part of\n")});
  EXPECT_EQ(read.names(),
            (Lines{"Z:1|lung disease|en|zoo|preferred", "Z:2|pneumonia|en|zoo|preferred",
                   "Z:2|lung \"fire\"|en|zoo|exact", "Z:2|chest thing|en|zoo|related",
                   "Z:2|undefined|en|zoo|related", "Z:3|infection|en|zoo|preferred"}));
  EXPECT_EQ(read.edges(), (Lines{"Z:2<Z:1", "Z:2<Z:3"}));
  EXPECT_EQ(read.xrefs(), (Lines{"Z:2:UMLS:C1", "Z:2:SNOMEDCT_US:75934005"}));
  const SourceReport& report = read.report();
  EXPECT_EQ(report.rows.rows, 4U);
  EXPECT_EQ(report.rows.bad, 0U);
  EXPECT_EQ(report.left_out,
            (ReasonCounts{{"broad synonym", 1}, {"narrow synonym", 1}, {"obsolete", 1}}));
  EXPECT_EQ(read.former_codes(), (Lines{"Z:9>Z:2", "Z:7>Z:3", "Z:4>Z:3"}));
  EXPECT_EQ(read.definitions(), (Lines{"Z:2|en|An \"inflammation\""}));
}

TEST(ReadObo, TakesTheScopesAskedFor) {
  const auto spec =
      obo("[Term]\nid: Z:1\nname: a\nsynonym: \"b\" BROAD []\nsynonym: \"c\" EXACT []\n"
          "synonym: \"d\" NARROW []\n");
  EXPECT_EQ(Reading({spec + ",scopes=broad,narrow"}).names(),
            (Lines{"Z:1|a|en|zoo|preferred", "Z:1|b|en|zoo|broad", "Z:1|d|en|zoo|narrow"}));
  EXPECT_EQ(failure(spec + ",scopes=close"),
            "0 source obo: expected scopes of exact,related,broad,narrow");
}

TEST(ReadObo, SaysWhereATermIsBad) {
  const Reading read(
      {obo("[Term]\nid: Z:1\nname: a\nsynonym: b EXACT []\nsynonym: \"c EXACT []\n"
           "synonym: \"d\" CLOSE []\nnonsense\nname\xFF: x\n"
           "[Term]\nid: Z:2\n"
           "[Term]\nname: nobody\n")});
  EXPECT_EQ(read.names(), (Lines{"Z:1|a|en|zoo|preferred"}));
  EXPECT_EQ(complaint(read.report(), 0),
            "zoo.obo:7:10: expected a text between quotes, found none");
  EXPECT_EQ(complaint(read.report(), 1),
            "zoo.obo:8:10: expected a text between quotes, found none");
  EXPECT_EQ(complaint(read.report(), 2),
            "zoo.obo:9:10: expected EXACT, RELATED, BROAD or NARROW, found another");
  EXPECT_EQ(complaint(read.report(), 3), "zoo.obo:10:1: expected a tag and a colon, found neither");
  EXPECT_EQ(complaint(read.report(), 4), "zoo.obo:11:5: expected UTF-8, found byte 0xFF");
  EXPECT_EQ(complaint(read.report(), 5), "zoo.obo:12: expected a name in the term, found none");
  EXPECT_EQ(complaint(read.report(), 6), "zoo.obo:14: expected an id in the term, found none");
}

TEST(ReadObo, TermsOfOneIdAreOneConcept) {
  const Reading read(
      {obo("[Term]\nid: Z:1\nname: a\ndef: \"One.\" []\nsynonym: \"c\" EXACT []\n"
           "[Term]\nid: Z:2\nname: root\n"
           "[Term]\nid: Z:1\nname: b\ndef: \"Two.\" []\nsynonym: \"c\" BROAD []\nis_a: Z:2\n") +
       ",scopes=exact,broad"});
  EXPECT_EQ(read.names(), (Lines{"Z:1|a|en|zoo|preferred", "Z:1|c|en|zoo|exact",
                                 "Z:2|root|en|zoo|preferred", "Z:1|b|en|zoo|preferred"}));
  EXPECT_EQ(read.edges(), (Lines{"Z:1<Z:2"}));
  EXPECT_EQ(read.definitions(), (Lines{"Z:1|en|One."}));
  EXPECT_EQ(read.report().new_concepts, 2U);
  EXPECT_EQ(read.report().duplicates, 1U);
  EXPECT_EQ(read.report().rows.bad, 0U);
}

TEST(ReadObo, DropsTheEdgeThatClosesACycle) {
  const Reading read(
      {obo("[Term]\nid: Z:1\nname: a\nis_a: Z:2\n"
           "[Term]\nid: Z:2\nname: b\nis_a: Z:1\nis_a: Z:7\n")});
  EXPECT_EQ(read.edges(), (Lines{"Z:1<Z:2"}));
  EXPECT_EQ(read.report().cyclic_edges, 1U);
  EXPECT_EQ(read.report().unnamed_edges, 1U);
  EXPECT_EQ(complaint(read.report()),
            "zoo.obo: expected is-a without cycles, found Z:1 > Z:2 > Z:1");
}

TEST(ReadObo, RefusesWhatIsNotAnOntology) {
  EXPECT_EQ(failure("obo=" + written("zoo.obo", "").string()),
            "0 zoo.obo: expected at least one name, found none in 0 rows");
  EXPECT_EQ(failure("obo=" + written("zoo.obo", "1\tfever\ten\n").string()),
            "2 zoo.obo:1:1: expected format-version: as the first tag, found another line");
  EXPECT_EQ(failure(obo("")), "0 zoo.obo: expected at least one name, found none in 0 rows");
}

TEST(OboText, ResolvesEscapesAndDropsWhatTrails) {
  EXPECT_EQ(obo_text("a \\\"b\\\" \\{c\\}\\: \\\\d"), "a \"b\" {c}: \\d");
  EXPECT_EQ(obo_text("a ! b"), "a");
  EXPECT_EQ(obo_text("stop! now"), "stop! now");
  EXPECT_EQ(obo_text("a \\! b"), "a ! b");
  EXPECT_EQ(obo_text("set {1,2}"), "set {1,2}");
  EXPECT_EQ(obo_text("a {x=\"1\", y=\"2\"} ! b"), "a");
  EXPECT_EQ(obo_identifier("X\\ 1 rest"), "X 1");
  EXPECT_EQ(without_release("MSH_2020:D1"), "MSH_2020:D1");
  EXPECT_EQ(without_release("_2015_03_01:1"), "_2015_03_01:1");
}

TEST(ReadObo, RefusesADefinitionWithoutQuotesAlone) {
  const Reading read({obo("[Term]\nid: Z:1\nname: a\ndef: none\nalt_id:\n")});
  EXPECT_EQ(read.names().size(), 1U);
  EXPECT_EQ(complaint(read.report()).substr(complaint(read.report()).find(": ")),
            ": expected a text between quotes, found none");
  EXPECT_TRUE(read.former_codes().empty());
}

}  // namespace
}  // namespace enlace
