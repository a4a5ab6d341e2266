#include "encode/prepared_text.h"

#include <gtest/gtest.h>

namespace enlace {
namespace {

std::string prepared(const ModelUsage& usage, std::string_view text) {
  std::string out = "what was there before";
  prepare_text(usage, text, out);
  return out;
}

TEST(PreparedText, HasThePrefix) {
  ModelUsage usage;
  EXPECT_EQ(prepared(usage, "Tos"), "Tos");
  usage.prefix = "Query: ";
  EXPECT_EQ(prepared(usage, "Tos"), "Query: Tos");
}

TEST(PreparedText, IsLoweredAsPythonDoes) {
  ModelUsage usage;
  usage.prefix = "Query: ";
  usage.lower_case = true;
  EXPECT_EQ(prepared(usage, "ΝΌΣΟΣ Ñ"), "query: νόσος ñ");
  EXPECT_EQ(prepared(usage, "A\xFF"), "Query: A\xFF");  // for the tokenizer to refuse
}

}  // namespace
}  // namespace enlace
