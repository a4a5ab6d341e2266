#include <string>

#include <gtest/gtest.h>

#include "sources/reading.h"

namespace enlace {
namespace {

using testing_kb::complaint;
using testing_kb::failure;
using testing_kb::gzipped;
using testing_kb::Lines;
using testing_kb::Reading;
using testing_kb::written;

constexpr std::string_view kMetadata =
    "# curie_map:\n#   M: http://example.org/M_\n# license: https://example.org/cc0\n";
constexpr std::string_view kHeader =
    "subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tconfidence\n";

std::string table(std::string_view rows) {
  return std::string(kMetadata) + std::string(kHeader) + std::string(rows);
}

std::string mapping(std::string_view content) {
  return "sssom=" + written("x.sssom.tsv", content).string();
}

/// Names of two terminologies: M:1 to M:3, and 1 to 3.
std::string names() {
  return "tsv=" + written("names.tsv",
                          "M:1\tfever\ten\n1\tpyrexia\ten\nM:2\tcough\ten\n2\ttos\tes\n"
                          "M:3\tpain\ten\n3\tdolor\tes\n")
                      .string();
}

TEST(ReadSssom, JoinsTheCodesOfExactMatches) {
  const Reading read(
      {names(), mapping(table("M:1\tsomething else\tskos:exactMatch\t\tX:1\t\n"
                              "M:2\tcough\tskos:broadMatch\t\tX:2\t\n"
                              "M:3\tpain\tskos:exactMatch\tNot\tX:3\t\n"
                              "M:3\tpain\tskos:exactMatch\t\tsssom:NoTermFound\t\n")) +
                    ",strip=Y:;X:"});
  EXPECT_EQ(read.names(), (Lines{"M:1|fever|en|names|preferred", "M:1|pyrexia|en|names|preferred",
                                 "M:2|cough|en|names|preferred", "2|tos|es|names|preferred",
                                 "M:3|pain|en|names|preferred", "3|dolor|es|names|preferred"}));
  EXPECT_EQ(read.former_codes(), (Lines{"1>M:1"}));
  EXPECT_EQ(read.reports[1].mappings, 1U);
  EXPECT_EQ(read.reports[1].joined_concepts, 1U);
  EXPECT_EQ(read.reports[1].names, 0U);
  EXPECT_EQ(read.reports[1].left_out,
            (ReasonCounts{{"negated", 1}, {"no term found", 1}, {"other predicate", 1}}));
}

TEST(ReadSssom, TakesThePredicatesAndTheConfidenceThatAreAskedFor) {
  const auto spec =
      mapping(table("M:1\t\tskos:closeMatch\t\t1\t0.9\n"
                    "M:2\t\tskos:exactMatch\t\t2\t0.7\n"
                    "M:3\t\tskos:exactMatch\t\t3\t\n"));
  const auto former = [&](const std::string& options) {
    return Reading({names(), spec + options}).former_codes();
  };
  EXPECT_EQ(former(""), (Lines{"2>M:2", "3>M:3"}));
  EXPECT_EQ(former(",confidence=0.8"), (Lines{"3>M:3"}));
  EXPECT_EQ(former(",confidence=0.7,predicates=skos:exactMatch;skos:closeMatch"),
            (Lines{"1>M:1", "2>M:2", "3>M:3"}));
  for (const std::string bad : {"high", "", "2", "-1", "nan", "0.5x"}) {
    EXPECT_EQ(failure(spec + ",confidence=" + bad),
              "0 source sssom: expected confidence to be a number from 0 to 1")
        << bad;
  }
  EXPECT_EQ(failure(spec + ",lang=es"),
            "0 source sssom: expected an option of confidence predicates strip, found lang");
}

TEST(ReadSssom, ReadsGzipCarriageReturnsMarksAndColumnsInAnyOrder) {
  const auto path = gzipped("x.gz",
                            "\xEF\xBB\xBF# license: x\r\nobject_id\tpredicate_id\tsubject_id\r\n"
                            "1\tskos:exactMatch\tM:1\r\n\r\n2\tskos:exactMatch\tM:2");
  const Reading read({names(), "sssom=" + path.string()});
  EXPECT_EQ(read.former_codes(), (Lines{"1>M:1", "2>M:2"}));
}

TEST(ReadSssom, CountsBadRowsAndReadsOn) {
  const std::string long_label(10'000'000, 'x');
  const Reading read({names(), mapping(table("M:1\t\tskos:exactMatch\t\t1\n"
                                             "\t\tskos:exactMatch\t\t1\t1\n"
                                             "M:1\t\tskos:exactMatch\t\t \t1\n"
                                             "M:1\t\tskos:exactMatch\t\t1\tmuch\n"
                                             "M:1\t\xFF\tskos:exactMatch\t\t1\t1\n"
                                             "M:1\t\tskos:exactMatch\t\t1\t1\textra\n"
                                             "M:1\t" +
                                             long_label + "\tskos:exactMatch\t\t1\t1\n"))});
  EXPECT_EQ(read.former_codes(), (Lines{"1>M:1"}));
  EXPECT_EQ(read.reports[1].rows.rows, 7U);
  EXPECT_EQ(read.reports[1].rows.bad, 6U);
  EXPECT_EQ(complaint(read.reports[1], 0), "x.sssom.tsv:5:24: expected 6 fields, found 5");
  EXPECT_EQ(complaint(read.reports[1], 1), "x.sssom.tsv:6:1: expected a code, found none");
  EXPECT_EQ(complaint(read.reports[1], 2), "x.sssom.tsv:7:23: expected a code, found none");
  EXPECT_EQ(complaint(read.reports[1], 3),
            "x.sssom.tsv:8:25: expected a number from 0 to 1, found none");
  EXPECT_EQ(complaint(read.reports[1], 4), "x.sssom.tsv:9:5: expected UTF-8, found byte 0xFF");
  EXPECT_EQ(complaint(read.reports[1], 5), "x.sssom.tsv:10:32: expected 6 fields, found 7");
}

TEST(ReadSssom, JoinsOnceWhatIsGivenTwiceTheOtherWayRoundOrWithItself) {
  const Reading read({names(), mapping(table("M:1\t\tskos:exactMatch\t\t1\t1\n"
                                             "M:1\t\tskos:exactMatch\t\t1\t1\n"
                                             "1\t\tskos:exactMatch\t\tM:1\t1\n"
                                             "M:2\t\tskos:exactMatch\t\tM:2\t1\n"))});
  EXPECT_EQ(read.former_codes(), (Lines{"1>M:1"}));
  EXPECT_EQ(read.names().size(), 6U);
  EXPECT_EQ(read.reports[1].rows.bad, 0U);
}

TEST(ReadSssom, RefusesWhatIsNoTableOfMappings) {
  EXPECT_EQ(failure(mapping("")), "2 x.sssom.tsv:1: expected a header, found the end of the file");
  EXPECT_EQ(failure(mapping(kMetadata)),
            "2 x.sssom.tsv:4: expected a header, found the end of the file");
  EXPECT_EQ(failure(mapping("# license: x\nsubject_id\tobject_id\nM:1\t1\n")),
            "2 x.sssom.tsv:2: expected a header with a column predicate_id, found none");
  EXPECT_EQ(failure(mapping(table(""))),
            "0 x.sssom.tsv: expected at least one mapping, found none in 0 rows");
  EXPECT_EQ(failure(mapping(table("M:1\t\tskos:relatedMatch\t\t1\t1\n"))),
            "2 x.sssom.tsv: expected at least one mapping, found none in 1 rows; 1 left out: other "
            "predicate");
  EXPECT_EQ(failure(mapping(table(std::string_view("M:1\t\0\n", 6)))),
            "2 x.sssom.tsv:5: byte 5: expected text, found a zero byte");
}

}  // namespace
}  // namespace enlace
