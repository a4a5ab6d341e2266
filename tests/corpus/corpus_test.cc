#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/error.h"
#include "corpus/read_brat.h"
#include "corpus/read_gold.h"
#include "corpus/read_jsonl.h"
#include "corpus/read_lines.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

class Corpus : public testing::Test {
 protected:
  Corpus()
      : folder_(fs::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }

  fs::path write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }

  DocumentSink keep() {
    return [this](Document&& document) { documents_.push_back(std::move(document)); };
  }
  RefusalSink refuse() {
    return [this](std::size_t, std::string_view complaint) { refusals_.emplace_back(complaint); };
  }

  fs::path folder_;
  std::vector<Document> documents_;
  std::vector<std::string> refusals_;
};

TEST_F(Corpus, LinesAreMentionsWithoutTheBlanksAroundThem) {
  read_lines(write("in", " disnea \n\ntos\r\n"), LineIs::kMention, keep(), refuse());
  ASSERT_EQ(documents_.size(), 3U);
  EXPECT_EQ(documents_[0].mentions, (std::vector<Mention>{{1, 7, "disnea"}}));
  EXPECT_TRUE(documents_[1].mentions.empty());
  EXPECT_EQ(documents_[2].id, "3");
}

TEST_F(Corpus, LinesThatAreNotUtf8AreRefusedByLineAndColumn) {
  read_lines(write("in", "tos\nfi\xFF\x62re\n"), LineIs::kMention, keep(), refuse());
  EXPECT_EQ(documents_.size(), 1U);
  ASSERT_EQ(refusals_.size(), 1U);
  EXPECT_TRUE(refusals_[0].ends_with(":2:3: expected UTF-8, found another byte"));
  EXPECT_THROW(read_lines(write("in", ""), LineIs::kMention, keep(), refuse()), Error);
}

TEST_F(Corpus, JsonOffsetsCountCodePoints) {
  read_jsonl(write("in", R"({"id":7,"text":"Año: tos y 🤒.","language":"es",)"
                         R"("mentions":[{"start":5,"end":8},{"start":11,"end":12}]})"),
             keep(), refuse());
  ASSERT_EQ(documents_.size(), 1U);
  EXPECT_EQ(documents_[0].id, "7");
  EXPECT_EQ(documents_[0].mentions, (std::vector<Mention>{{6, 9, "tos"}, {12, 16, "🤒"}}));
}

TEST_F(Corpus, JsonLinesThatDoNotHoldAreRefusedWithoutTheirText) {
  read_jsonl(write("in",
                   "{\"text\":\"secreto\",\"mentions\":[{\"start\":3,\"end\":99}]}\n"
                   "{\"text\":\"secreto\",\"mentions\":[{\"start\":3,\"end\":3}]}\n"
                   "{\"text\":\"secreto\",\"mentions\":[{\"start\":-1,\"end\":3}]}\n"
                   "{\"txt\":\"secreto\"}\nsecreto\n{\"text\":\"secre\xFF\"}\n"
                   "{\"text\":\"bien\"}\n"),
             keep(), refuse());
  EXPECT_EQ(documents_.size(), 1U);
  ASSERT_EQ(refusals_.size(), 6U);
  for (const std::string& refusal : refusals_) EXPECT_EQ(refusal.find("secre"), refusal.npos);
  EXPECT_NE(refusals_[0].find(":1: mention 1: expected 0 <= start < end <= 7 code points, found 3"),
            std::string::npos);
}

TEST_F(Corpus, BratFragmentsAreJoinedInTextualOrder) {
  write("a.txt", "Lesión ósea múltiple\r\nen fémur.");
  write("a.ann",
        "T1\tDIS 7 11;0 6\tósea Lesión\n#1\tAnnotatorNotes T1\tC1\nT2\tDIS 25 30\tfémur\n");
  write("b.txt", "Sin menciones");
  read_brat(folder_, keep(), refuse());
  ASSERT_EQ(documents_.size(), 2U);
  EXPECT_EQ(documents_[0].id, "a");
  EXPECT_EQ(documents_[0].mentions,
            (std::vector<Mention>{{0, 13, "Lesión ósea"}, {28, 34, "fémur"}}));
  EXPECT_TRUE(refusals_.empty());
}

TEST_F(Corpus, BratLinesOutsideTheTextAreRefused) {
  write("a.txt", "corto");
  write("a.ann", "T1\tDIS 0 99\tx\nT2\tDIS 3 3\tx\nT3\tDIS\nT4\tDIS 0 5\tcorto\n");
  write("lonely.ann", "");
  read_brat(folder_, keep(), refuse());
  EXPECT_EQ(documents_[0].mentions.size(), 1U);
  EXPECT_EQ(refusals_.size(), 4U);
  EXPECT_THROW(read_brat(folder_ / "absent", keep(), refuse()), Error);
}

TEST_F(Corpus, BratLinesThatQuoteOtherTextAreRefused) {
  write("a.txt", "Más tos\r\nseca y fiebre.");
  write("a.ann",
        "T1\tSIN 4 13\ttos  seca\n"  // a line end is white space
        "T2\tSIN 16 22\tfiebre\n"
        "T3\tSIN 17 23\tfiebre\n");  // offsets of another kind, such as bytes
  read_brat(folder_, keep(), refuse());
  EXPECT_EQ(documents_[0].mentions.size(), 2U);
  ASSERT_EQ(refusals_.size(), 1U);
  EXPECT_NE(refusals_[0].find("a.ann:3: "), std::string::npos);
  EXPECT_EQ(refusals_[0].find("fiebre"), std::string::npos);
}

TEST_F(Corpus, BratTextsThatAreNotUtf8AreRefusedWithTheirPlace) {
  write("a.txt", "tos\nfie\xFF");
  write("b.txt", "tos");
  read_brat(folder_, keep(), refuse());
  EXPECT_EQ(documents_.size(), 1U);
  ASSERT_EQ(refusals_.size(), 1U);
  EXPECT_EQ(refusals_[0],
            (folder_ / "a.txt").string() + ":2:4: expected UTF-8, found another byte");
}

TEST_F(Corpus, GoldCodesAreStringsWithAlternatives) {
  ReadReport report;
  const auto gold = read_gold(
      write("gold", "disnea\tR06.0|16250001000004107\ntos\t1.6E+016\nsolo\n\tX\nsin\t \n"), report);
  ASSERT_EQ(gold.size(), 2U);
  EXPECT_EQ(alternatives_of(gold[0].code),
            (std::vector<std::string_view>{"R06.0", "16250001000004107"}));
  EXPECT_EQ(gold[1].code, "1.6E+016");
  EXPECT_EQ(report.rows, 5U);
  EXPECT_EQ(report.bad, 3U);
  ReadReport empty;
  EXPECT_THROW(read_gold(write("gold", ""), empty), Error);
}

}  // namespace
}  // namespace enlace
