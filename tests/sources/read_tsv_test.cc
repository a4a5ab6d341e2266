#include <string>

#include <gtest/gtest.h>

#include "sources/reading.h"

namespace enlace {
namespace {

using testing_kb::complaint;
using testing_kb::content_of;
using testing_kb::failure;
using testing_kb::gzipped;
using testing_kb::Lines;
using testing_kb::Reading;
using testing_kb::written;

std::string tsv(std::string_view content) {
  return "tsv=" + written("kb.tsv", content).string();
}

TEST(ReadTsv, ReadsCodeNameLanguageSourceAndType) {
  const Reading read(
      {tsv("1\tfever\ten\n"
           "1\tpyrexia\ten\tMSH\tfinding\n"
           "1\tfiebre\tES\t\tsíntoma\n"
           " 007 \t a \"b\" || c \tpt-br\r\n"
           "\n")});
  EXPECT_EQ(read.names(),
            (Lines{"1|fever|en|kb|preferred", "1|pyrexia|en|MSH|exact", "1|fiebre|es|kb|preferred",
                   "007|a \"b\" || c|pt-BR|kb|preferred"}));
  EXPECT_EQ(read.types(), (Lines{"1:finding", "1:síntoma"}));
  EXPECT_EQ(read.report().rows.rows, 4U);
  EXPECT_EQ(read.report().rows.bad, 0U);
  EXPECT_EQ(read.report().new_concepts, 2U);
}

TEST(ReadTsv, FillsWhatRowsLeaveOutFromItsOptions) {
  const Reading read(
      {tsv("1\tfever\n2\ttos\tes\n3\tkuume\t\n") + ",lang=en,source=SRC,type=finding"});
  EXPECT_EQ(read.names(), (Lines{"1|fever|en|SRC|preferred", "2|tos|es|SRC|preferred",
                                 "3|kuume|en|SRC|preferred"}));
  EXPECT_EQ(read.types(), (Lines{"1:finding", "2:finding", "3:finding"}));
}

TEST(ReadTsv, CountsBadRowsAndReadsOn) {
  const Reading read(
      {tsv("1\tfever\ten\n"
           "2\tcough\n"
           "2\tcough\ten\ta\tb\tc\n"
           "2\tcough\txx\n"
           "\tcough\ten\n"
           "2\t \ten\n"
           "2\tco\xC3ugh\ten\n"
           "2\ttos\tes\n")});
  EXPECT_EQ(read.names(), (Lines{"1|fever|en|kb|preferred", "2|tos|es|kb|preferred"}));
  EXPECT_EQ(read.report().rows.rows, 8U);
  EXPECT_EQ(read.report().rows.bad, 6U);
  EXPECT_EQ(complaint(read.report(), 0), "kb.tsv:2:8: expected 3 to 5 fields, found 2");
  EXPECT_EQ(complaint(read.report(), 1), "kb.tsv:3:16: expected 3 to 5 fields, found 6");
  EXPECT_EQ(complaint(read.report(), 2),
            "kb.tsv:4:9: expected a language tag, found none that is known");
  EXPECT_EQ(complaint(read.report(), 3), "kb.tsv:5:1: expected a code, found none");
  EXPECT_EQ(complaint(read.report(), 4), "kb.tsv:6:3: expected a name, found none");
  EXPECT_EQ(complaint(read.report(), 5), "kb.tsv:7:5: expected UTF-8, found byte 0xC3");
  EXPECT_EQ(read.report().refused.at("wrong number of fields"), 2U);
}

TEST(ReadTsv, KeepsTheFirstComplaintsOnly) {
  std::string content = "1\tfever\ten\n";
  for (int i = 0; i < 100; ++i) content += "bad\n";
  const Reading read({tsv(content)});
  EXPECT_EQ(read.report().rows.bad, 100U);
  EXPECT_EQ(read.report().rows.complaints.size(), ReadReport::kKeptComplaints);
}

TEST(ReadTsv, KeepsCodesAsStrings) {
  const Reading read({tsv("16250001000004107\ta\ten\n1e5\tb\ten\n0100000\tc\ten\n")});
  EXPECT_EQ(read.names()[0], "16250001000004107|a|en|kb|preferred");
  EXPECT_EQ(read.names()[1], "1e5|b|en|kb|preferred");
  EXPECT_EQ(read.names()[2], "0100000|c|en|kb|preferred");
}

TEST(ReadTsv, ReadsGzip) {
  const Reading read({"tsv=" + gzipped("kb.tsv.gz", "1\tfever\ten\n").string()});
  EXPECT_EQ(read.names(), (Lines{"1|fever|en|kb|preferred"}));
}

TEST(ReadTsv, RefusesAGzipThatEndsEarly) {
  std::string content;
  for (int i = 0; i < 5000; ++i) content += std::to_string(i * 7919) + "\tname\ten\n";
  std::string bytes = content_of(gzipped("whole.gz", content));
  bytes.resize(bytes.size() / 2);
  const auto message = failure("tsv=" + written("cut.gz", bytes).string());
  EXPECT_EQ(message.substr(0, 9), "2 cut.gz:") << message;
  EXPECT_NE(message.find("expected a whole gzip file, found an early end"), std::string::npos);
}

TEST(ReadTsv, RefusesFilesThatGiveNoName) {
  EXPECT_EQ(failure(tsv("")), "0 kb.tsv: expected at least one name, found none in 0 rows");
  EXPECT_EQ(failure(tsv("code,name,language\n1,fever,en\n")),
            "2 kb.tsv: expected at least one name, found none in 2 rows; 2 refused: wrong number "
            "of fields; first: kb.tsv:1:19: expected 3 to 5 fields, found 1");
  EXPECT_EQ(failure(tsv(std::string("\x7F\x45LF\x02\x01\x00\x00", 8))),
            "2 kb.tsv:1: byte 7: expected text, found a zero byte");
  const auto once = content_of(gzipped("once.gz", std::string(10, '\0')));
  EXPECT_EQ(failure("tsv=" + gzipped("twice.gz", once).string()).substr(0, 13), "2 twice.gz:1:");
  EXPECT_EQ(failure("tsv=" + testing_kb::scratch("missing.tsv").string()),
            "1 missing.tsv: No such file or directory");
}

TEST(ReadTsv, StopsWhenAsked) {
  std::string content;
  for (int i = 0; i < 10000; ++i) content += std::to_string(i) + "\tname\ten\n";
  const std::atomic<bool> stop{true};
  Progress progress;
  progress.cancelled = &stop;
  KbDraft draft;
  try {
    read_source(parse_source_spec(tsv(content)), draft, progress);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
  }
}

}  // namespace
}  // namespace enlace
