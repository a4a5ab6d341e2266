#include "sources/read_retirements.h"

#include <gtest/gtest.h>

#include "sources/reading.h"

namespace enlace {
namespace {

using testing_kb::written;

TEST(ReadRetirements, TakesCodesNamesAndLanguagesAndRefusesBadRows) {
  SourceReport report;
  const auto read = read_retirements(
      written("retire.tsv", "A\nB\tname\r\nC\tname\tpt-br\n\t x\nD\tname\tklingonish\nE\t \tes\n"),
      report, {});
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(read[0].text, "");
  EXPECT_EQ(read[1].text, "name");
  EXPECT_EQ(read[2].language, "pt-BR");
  EXPECT_EQ(report.rows.bad, 3U);
  EXPECT_EQ(testing_kb::complaint(report, 0), "retire.tsv:4:1: expected a code, found none");
  EXPECT_EQ(testing_kb::complaint(report, 1),
            "retire.tsv:5:8: expected a language tag, found none that is known");
  EXPECT_EQ(testing_kb::complaint(report, 2),
            "retire.tsv:6:3: expected a name or nothing behind the code, found a blank");
}

}  // namespace
}  // namespace enlace
