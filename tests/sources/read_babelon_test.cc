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

std::string babelon(std::string_view content) {
  return "babelon=" + written("x.tsv", content).string();
}

constexpr std::string_view kHeader =
    "translation_status\tsubject_id\tpredicate_id\ttranslation_language\ttranslation_value\n";

std::string table(std::string_view rows) {
  return babelon(std::string(kHeader) + std::string(rows));
}

TEST(ReadBabelon, TakesOfficialLabelsAndSynonymsInAnyColumnOrder) {
  const auto spec = table(
      "OFFICIAL\tZ:1\trdfs:label\tes\tfiebre \"alta\"\n"
      "OFFICIAL\tZ:1\toboInOwl:hasExactSynonym\tes\tcalentura\n"
      "CANDIDATE\tZ:2\trdfs:label\tes\ttos\n"
      "NOT_TRANSLATED\tZ:3\trdfs:label\tes\tNA\n"
      "OFFICIAL\tZ:1\tIAO:0000115\tes\tUna definición.\n"
      "OFFICIAL\tZ:1\trdfs:comment\tes\tUn comentario.\n");
  const Reading read({spec});
  EXPECT_EQ(read.names(),
            (Lines{"Z:1|fiebre \"alta\"|es|HPO|preferred", "Z:1|calentura|es|HPO|exact"}));
  EXPECT_EQ(read.report().rows.rows, 6U);
  EXPECT_EQ(
      read.report().left_out,
      (ReasonCounts{
          {"definition", 1}, {"not official", 1}, {"not translated", 1}, {"other predicate", 1}}));
  EXPECT_EQ(Reading({spec + ",status=any,source=S"}).names()[2], "Z:2|tos|es|S|preferred");
  EXPECT_EQ(failure(spec + ",status=maybe"),
            "0 source babelon: expected status=OFFICIAL or status=any");
}

TEST(ReadBabelon, ReadsTemplatesOfSynonyms) {
  const Reading read(
      {babelon("subject_id\ttranslation_value\tcomment\n"
               "ID\tAL oboInOwl:hasExactSynonym@fr SPLIT=|\t\n"
               "Z:1\tfièvre|pyrexie\tOFFICIAL\n"
               "Z:2\ttoux\tCANDIDATE\n"
               "Z:3\tdouleur\tas in the clinic\n"
               "Z:4\t|\t\n")});
  EXPECT_EQ(read.names(), (Lines{"Z:1|fièvre|fr|HPO|exact", "Z:1|pyrexie|fr|HPO|exact",
                                 "Z:3|douleur|fr|HPO|exact"}));
  EXPECT_EQ(read.report().rows.rows, 4U);
  EXPECT_EQ(read.report().left_out, (ReasonCounts{{"not official", 1}}));
  EXPECT_EQ(complaint(read.report()), "x.tsv:6:5: expected a name, found none");
}

TEST(ReadBabelon, ATranslationOfAnObsoleteTermIsANameOfItsOwnConcept) {
  const std::string terms =
      "obo=" +
      written("hp.obo",
              "format-version: 1.2\n[Term]\nid: Z:1\nname: fever\n"
              "[Term]\nid: Z:2\nname: obsolete heat\nis_obsolete: true\nreplaced_by: Z:1\n")
          .string();
  const Reading read({terms, table("OFFICIAL\tZ:1\trdfs:label\tes\tfiebre\n"
                                   "OFFICIAL\tZ:2\trdfs:label\tes\tcalor\n")});
  EXPECT_EQ(read.names(), (Lines{"Z:1|fever|en|hp|preferred", "Z:1|fiebre|es|HPO|preferred",
                                 "Z:2|calor|es|HPO|preferred"}));
  EXPECT_EQ(read.former_codes(), Lines{});
  EXPECT_EQ(read.reports[0].left_out, (ReasonCounts{{"obsolete", 1}}));
  EXPECT_EQ(read.reports[0].named_former_codes, 1U);
  EXPECT_EQ(read.reports[1].merged_concepts, 1U);
  EXPECT_EQ(read.reports[1].new_concepts, 1U);
  EXPECT_EQ(read.reports[1].rows.complaints.size(), 0U);
}

TEST(ReadBabelon, CountsBadRowsAndReadsOn) {
  const Reading read(
      {table("OFFICIAL\tZ:1\trdfs:label\tes\tfiebre\n"
             "OFFICIAL\tZ:2\trdfs:label\tes\n"
             "OFFICIAL\t\trdfs:label\tes\ttos\n"
             "OFFICIAL\tZ:2\trdfs:label\txx\ttos\n"
             "OFFICIAL\tZ:2\trdfs:label\tes\t\n"
             "OFFICIAL\tZ:2\trdfs:label\tes\t\x80\n"
             "OFFICIAL\tZ:2\trdfs:label\tes\ttos\tseca\n")});
  EXPECT_EQ(read.names().size(), 1U);
  EXPECT_EQ(read.report().rows.rows, 7U);
  EXPECT_EQ(complaint(read.report(), 0), "x.tsv:3:27: expected 5 fields, found 4");
  EXPECT_EQ(complaint(read.report(), 1), "x.tsv:4:10: expected a code, found none");
  EXPECT_EQ(complaint(read.report(), 2),
            "x.tsv:5:25: expected a language tag, found none that is known");
  EXPECT_EQ(complaint(read.report(), 3), "x.tsv:6:28: expected a name, found none");
  EXPECT_EQ(complaint(read.report(), 4), "x.tsv:7:28: expected UTF-8, found byte 0x80");
  EXPECT_EQ(complaint(read.report(), 5), "x.tsv:8:36: expected 5 fields, found 6");
}

TEST(ReadBabelon, RefusesRowsOfATemplateInALanguageThatIsNone) {
  EXPECT_EQ(failure(babelon("subject_id\ttranslation_value\tcomment\n"
                            "ID\tAL x@klingonish SPLIT=|\t\nZ:1\ttoux\tOFFICIAL\n")),
            "2 x.tsv: expected at least one name, found none in 1 rows; 1 refused: unknown "
            "language; first: x.tsv:3: expected a language tag, found none that is known");
}

TEST(ReadBabelon, RefusesAWrongHeader) {
  EXPECT_EQ(failure(babelon("")), "2 x.tsv:1: expected a header, found an empty file");
  EXPECT_EQ(failure(babelon("code\tname\n1\tfever\n")),
            "2 x.tsv:1: expected a header with a column subject_id, found none");
  EXPECT_EQ(failure(table("CANDIDATE\tZ:2\trdfs:label\tes\ttos\n")),
            "2 x.tsv: expected at least one name, found none in 1 rows; 1 left out: not official");
}

}  // namespace
}  // namespace enlace
