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

/// A statement of P2892, or of `property`.
std::string claim(std::string_view code, std::string_view rank = "normal") {
  return fmt::format(
      R"({{"mainsnak":{{"snaktype":"value","property":"P2892","datavalue":{{"value":"{}","type":"string"}}}},)"
      R"("type":"statement","qualifiers":{{"P1":[{{"snaktype":"value","datavalue":{{"value":"C9999999"}}}}]}},)"
      R"("rank":"{}"}})",
      code, rank);
}

std::string item(std::string_view id, std::string_view labels, std::string_view aliases,
                 std::string_view claims) {
  return fmt::format(
      R"({{"type":"item","id":"{}","labels":{},"descriptions":[],"aliases":{},)"
      R"("claims":{{"P31":[{{"mainsnak":{{"snaktype":"value","datavalue":{{"value":{{"id":"Q1"}}}}}}}}],"P2892":[{}]}},"sitelinks":{{}}}})",
      id, labels, aliases, claims);
}

constexpr std::string_view kLabels =
    R"({"en":{"language":"en","value":"fever"},"es":{"language":"es","value":"fiebre \uD83D\uDE00"},)"
    R"("pt-br":{"language":"pt-br","value":"febre"},"simple":{"language":"simple","value":"hot"}})";
constexpr std::string_view kAliases =
    R"({"en":[{"language":"en","value":"pyrexia"},{"language":"en","value":"temperature"}]})";

std::string dump(std::string_view content) {
  return "wikidata=" + written("x.json", content).string();
}

TEST(ReadWikidata, TakesLabelsAndAliasesOfItemsWithTheIdentifier) {
  const Reading read({dump("[\n" + item("Q1", kLabels, kAliases, claim("C0000001")) + ",\n" +
                           R"({"type":"item","id":"Q2","labels":{},"claims":[]})" + "\n]\n") +
                      ",type=sign"});
  EXPECT_EQ(
      read.names(),
      (Lines{"C0000001|fever|en|Wikidata|preferred", "C0000001|fiebre 😀|es|Wikidata|preferred",
             "C0000001|febre|pt-BR|Wikidata|preferred", "C0000001|pyrexia|en|Wikidata|exact",
             "C0000001|temperature|en|Wikidata|exact"}));
  EXPECT_EQ(read.origins(), Lines(5, "|CC0-1.0"));
  EXPECT_EQ(read.types(), (Lines{"C0000001:sign"}));
  EXPECT_EQ(read.report().rows.rows, 2U);
  EXPECT_EQ(read.report().left_out,
            (ReasonCounts{{"other language", 1}, {"without the identifier", 1}}));
}

TEST(ReadWikidata, TakesTheLanguagesAskedForWithTheirVariants) {
  const auto spec = dump(item("Q1", kLabels, kAliases, claim("C0000001")));
  EXPECT_EQ(Reading({spec + ",lang=es;pt"}).names(),
            (Lines{"C0000001|fiebre 😀|es|Wikidata|preferred",
                   "C0000001|febre|pt-BR|Wikidata|preferred"}));
  EXPECT_EQ(failure(spec + ",lang=es;klingon"),
            "0 source wikidata: expected lang to be language tags such as es;pt-BR");
  EXPECT_EQ(failure(spec + ",lang=de"),
            "2 x.json: expected at least one name, found none in 1 rows; 1 left out: no name in "
            "these languages; 5 left out: other language");
}

TEST(ReadWikidata, TakesAllIdentifiersOfTheBestRank) {
  const auto codes = [](const std::string& claims) {
    const Reading read({dump(item("Q1", R"({"en":{"value":"a"}})", "[]", claims) + "\n" +
                             item("Q2", R"({"en":{"value":"b"}})", "[]", claim("C0000009")))});
    return read.names();
  };
  const std::string other = "C0000009|b|en|Wikidata|preferred";
  EXPECT_EQ(codes(claim("C0000001") + "," + claim("C0000002")),
            (Lines{"C0000001|a|en|Wikidata|preferred", "C0000002|a|en|Wikidata|preferred", other}));
  EXPECT_EQ(codes(claim("C0000001") + "," + claim("C0000002", "preferred")),
            (Lines{"C0000002|a|en|Wikidata|preferred", other}));
  EXPECT_EQ(codes(claim("C0000001", "deprecated")), (Lines{other}));
  EXPECT_EQ(codes(R"({"mainsnak":{"snaktype":"novalue"},"rank":"normal"})"), (Lines{other}));
}

TEST(ReadWikidata, TakesAnotherPropertyOrTheItemItself) {
  const std::string line =
      R"({"id":"Q1","type":"item","labels":{"en":{"value":"a"}},"claims":{"P486":[{"rank":"normal",)"
      R"("mainsnak":{"snaktype":"value","datavalue":{"value":" D01 ","type":"string"}}}]}})";
  EXPECT_EQ(Reading({dump(line) + ",property=P486,prefix=MESH:"}).names(),
            (Lines{"MESH:D01|a|en|Wikidata|preferred"}));
  EXPECT_EQ(Reading({dump(line) + ",property=item,source=W,licence=CC0"}).names(),
            (Lines{"Q1|a|en|W|preferred"}));
  EXPECT_EQ(failure(dump(line) + ",property=486"),
            "0 source wikidata: expected property to be a property such as P2892, or item");
  EXPECT_EQ(failure(dump(line)).substr(0, 42), "2 x.json: expected at least one name, foun");
}

TEST(ReadWikidata, TheKeyOfALabelSaysItsLanguage) {
  const auto spec =
      dump(item("Q1", R"({"es":{"language":"en","value":"fiebre"}})",
                R"({"es":[{"language":"fr","value":"calentura"}]})", claim("C0000001")));
  EXPECT_EQ(Reading({spec}).names(), (Lines{"C0000001|fiebre|es|Wikidata|preferred",
                                            "C0000001|calentura|es|Wikidata|exact"}));
  EXPECT_EQ(Reading({spec + ",lang=es"}).names().size(), 2U);
}

TEST(ReadWikidata, RefusesAnEmptyIdentifier) {
  const Reading read(
      {dump(item("Q1", kLabels, kAliases, claim(" ")) + "\n" +
            item("Q2", R"({"en":{"value":"b"}})", "[]", claim("") + "," + claim("C0000009")))});
  EXPECT_EQ(read.names(), (Lines{"C0000009|b|en|Wikidata|preferred"}));
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"no code", 2}}));
  EXPECT_EQ(complaint(read.report(), 0), "x.json:1: expected an identifier, found an empty one");
  EXPECT_EQ(complaint(read.report(), 1), "x.json:2: expected an identifier, found an empty one");
}

TEST(ReadWikidata, CountsBadLinesAndReadsOn) {
  const std::string long_name(10'000'000, 'x');
  const auto labelled = [](const std::string& text, std::string_view code) {
    return item("Q1", R"({"en":{"value":")" + text + R"("}})", "[]", claim(code)) + ",\n";
  };
  const std::string good = labelled("a", "C0000001");
  const Reading read({dump("\xEF\xBB\xBF[\r\n" + good + good.substr(0, 300) + "\n" +
                           labelled("b", "C1") + labelled("\xC3", "C0000002") +
                           labelled("", "C0000003") + labelled(long_name, "C0000004") + good +
                           R"({"type":"property","id":"P2892","x":"P2892"})" + "\n]")});
  EXPECT_EQ(read.report().rows.rows, 8U);
  EXPECT_EQ(read.report().names, 2U);
  EXPECT_EQ(read.report().duplicates, 1U);
  EXPECT_EQ(read.report().rows.bad, 4U);
  EXPECT_EQ(complaint(read.report(), 0).substr(0, 45),
            "x.json:3: expected an entity, found a fault: ");
  EXPECT_EQ(complaint(read.report(), 1),
            "x.json:4: expected C and seven digits as a value of P2892, found another");
  EXPECT_EQ(complaint(read.report(), 2).substr(0, 45),
            "x.json:5: expected an entity, found a fault: ");
  EXPECT_EQ(complaint(read.report(), 3), "x.json:6: expected a name, found an empty one");
}

TEST(ReadWikidata, ReadsGzipAndRefusesOtherFiles) {
  const auto zipped =
      gzipped("x.gz", "[\n" + item("Q1", kLabels, "[]", claim("C0000001")) + "\n]\n");
  EXPECT_EQ(Reading({"wikidata=" + zipped.string()}).names().size(), 3U);
  EXPECT_EQ(failure(dump("BZh91AY&SY")),
            "3 x.json: expected JSON lines, plain or gzip, found bzip2; pipe them: bzcat FILE | "
            "enlace build --from wikidata=- ...");
  EXPECT_EQ(failure(dump("id,label\n")), "2 x.json:1: expected [ or an entity, found another line");
  EXPECT_EQ(failure(dump("")), "0 x.json: expected at least one name, found none in 0 rows");
  EXPECT_EQ(failure(dump("[\n]\n")), "0 x.json: expected at least one name, found none in 0 rows");
}

TEST(ReadWikidata, RefusesEveryTruncationOfALine) {
  const std::string line = item("Q1", kLabels, kAliases, claim("C0000001"));
  for (std::size_t size = 1; size < line.size(); size += 3) {
    ASSERT_EQ(failure(dump(line.substr(0, size))).substr(0, 2), "2 ") << size;
  }
}

}  // namespace
}  // namespace enlace
