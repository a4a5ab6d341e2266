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

std::string csv(std::string_view content, std::string_view options) {
  return "csv=" + written("x.csv", content).string() + "," + std::string(options);
}

constexpr std::string_view kHouse =
    "id,label,also,tongue,kind,main,above,about,sort,terms,umls\n"
    "1,\"fever, high\",\"heat|\"\"hot\"\"\",en,sign,yes,2,\"Too warm.\nMuch.\",PT,CC0-1.0,C1|C2\n"
    "1,fiebre,,es,sign|finding,0,,,SY,,\n"
    "2,sign,,en,,1,,,,,\n";
constexpr std::string_view kHouseColumns =
    "columns=code:id;name:label;synonyms:also;lang:tongue;type:kind;preferred:main;parent:above;"
    "definition:about;term_type:sort;licence:terms;xref@UMLS:umls";

TEST(ReadCsv, MapsEveryRole) {
  const Reading read({csv(kHouse, kHouseColumns)});
  EXPECT_EQ(read.names(),
            (Lines{"1|fever, high|en|x|preferred", "1|heat|en|x|exact", "1|\"hot\"|en|x|exact",
                   "1|fiebre|es|x|exact", "2|sign|en|x|preferred"}));
  EXPECT_EQ(read.origins(), (Lines{"PT|CC0-1.0", "PT|CC0-1.0", "PT|CC0-1.0", "SY|", "|"}));
  EXPECT_EQ(read.types(), (Lines{"1:sign", "1:finding"}));
  EXPECT_EQ(read.edges(), (Lines{"1<2"}));
  EXPECT_EQ(read.definitions(), (Lines{"1|en|Too warm.\nMuch."}));
  EXPECT_EQ(read.xrefs(), (Lines{"1:UMLS:C1", "1:UMLS:C2"}));
  EXPECT_EQ(read.report().rows.rows, 3U);
}

TEST(ReadCsv, ReadsEverySeparatorWithAndWithoutHeader) {
  const auto names = [](std::string_view content, std::string_view options) {
    return Reading({csv(content, options)}).names();
  };
  const Lines good{"01|a|es|x|preferred", "02|b|es|x|preferred"};
  EXPECT_EQ(names("01,a\n02,b\n", "columns=code:0;name:1,header=no,lang=es"), good);
  EXPECT_EQ(names("c;n\n01;a\n02;b", "columns=code:c;name:n,separator=semicolon,lang=es"), good);
  EXPECT_EQ(names("c;n\n01;a\n02;b", "columns=code:c;name:n,lang=es,separator=;"), good);
  EXPECT_EQ(names("n|c\na|01\nb|02\n", "columns=code:c;name:n,separator=bar,lang=es"), good);
  EXPECT_EQ(names("n\tc\na\t01\nb\t02\n", "columns=code:1;name:0,separator=tab,lang=es"), good);
  const auto tsv = written("x.tsv", "n\tc\n\"a\t01\nb\"b\t02\n");
  EXPECT_EQ(Reading({"csv=" + tsv.string() + ",columns=code:c;name:n,lang=es"}).names(),
            (Lines{"01|\"a|es|x|preferred", "02|b\"b|es|x|preferred"}));
  const auto zipped = gzipped("x.tsv.gz", "\xEF\xBB\xBFn\tc\r\n\"a\"\t01\r\n");
  EXPECT_EQ(
      Reading({"csv=" + zipped.string() + ",columns=code:c;name:n,lang=es,quotes=yes"}).names(),
      (Lines{"01|a|es|x|preferred"}));
}

TEST(ReadCsv, TakesNamesOfSeveralLanguagesFromColumns) {
  const Reading read({csv("code,en,fr,def\n1,fever,fièvre,d\n2,,toux,\n",
                          "columns=code:code;name@en:en;name@FRA:fr;definition@en:def,type=sign")});
  EXPECT_EQ(read.names(),
            (Lines{"1|fever|en|x|preferred", "1|fièvre|fr|x|preferred", "2|toux|fr|x|preferred"}));
  EXPECT_EQ(read.definitions(), (Lines{"1|en|d"}));
  EXPECT_EQ(read.types(), (Lines{"1:sign", "2:sign"}));
}

TEST(ReadCsv, MakesTheFirstNameOfALanguagePreferredWhereNoColumnSays) {
  EXPECT_EQ(
      Reading({csv("1,a,b\n1,c,\n", "columns=code:0;name:1;name:2,header=no,lang=en")}).names(),
      (Lines{"1|a|en|x|preferred", "1|b|en|x|exact", "1|c|en|x|exact"}));
}

TEST(ReadCsv, PrefersANameToASynonymThatStandsBeforeIt) {
  EXPECT_EQ(Reading({csv("1,a,b\n", "columns=code:0;synonyms:1;name:2,header=no,lang=en")}).names(),
            (Lines{"1|a|en|x|exact", "1|b|en|x|preferred"}));
}

TEST(ReadCsv, RefusesARowThatIsNotUtf8WithAllItsLines) {
  for (const char* bad : {"1,\"a\xFF\nb\"\n", "1,\"a\nb\xFF\"\n", "1,\"a\nb\xFF\nc\"\n"}) {
    const Reading read(
        {csv(std::string(bad) + "2,\"d\ne\"\n3,f\n", "columns=code:0;name:1,header=no,lang=en")});
    EXPECT_EQ(read.names(), (Lines{"2|d\ne|en|x|preferred", "3|f|en|x|preferred"})) << bad;
    EXPECT_EQ(read.report().refused, (ReasonCounts{{"broken UTF-8", 1}})) << bad;
    EXPECT_EQ(read.report().rows.rows, 3U) << bad;
  }
}

TEST(ReadCsv, TakesTheScopeThatARowSays) {
  const Reading read({csv("1,a,related\n1,b,\n1,c,exact\n1,d,alike\n2,e,narrow\n",
                          "columns=code:0;name:1;scope:2,header=no,lang=en")});
  EXPECT_EQ(read.names(),
            (Lines{"1|a|en|x|related", "1|b|en|x|preferred", "1|c|en|x|exact", "2|e|en|x|narrow"}));
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"unknown scope", 1}}));
}

TEST(ReadCsv, CountsBadRowsAndReadsOn) {
  const std::string long_name(10'000'000, 'x');
  const Reading read(
      {csv("code,name,lang\n1,a,en\n2,b\n3,c,en,d\n,e,en\n4,,en\n5,f,xx\n"
           "6,\"g\" h,en\n7,\xFF,en\n1,a,en\n8," +
               long_name + ",en\n\n9,\"i\nj\",en\n10,k\n",
           "columns=code:code;name:name;lang:lang")});
  EXPECT_EQ(read.report().rows.rows, 12U);
  EXPECT_EQ(read.report().names, 3U);
  EXPECT_EQ(read.report().duplicates, 1U);
  EXPECT_EQ(complaint(read.report(), 0), "x.csv:3: field 3: expected 3 fields, found 2");
  EXPECT_EQ(complaint(read.report(), 1), "x.csv:4: field 4: expected 3 fields, found 4");
  EXPECT_EQ(complaint(read.report(), 2), "x.csv:5: field 1: expected a code, found none");
  EXPECT_EQ(complaint(read.report(), 3), "x.csv:6: field 2: expected a name, found none");
  EXPECT_EQ(complaint(read.report(), 4),
            "x.csv:7: field 3: expected a language tag, found none that is known");
  EXPECT_EQ(complaint(read.report(), 5),
            "x.csv:8: field 2: expected a separator after the closing quote, found other text");
  EXPECT_EQ(complaint(read.report(), 6), "x.csv:9:3: expected UTF-8, found byte 0xFF");
  EXPECT_EQ(complaint(read.report(), 7), "x.csv:15: field 3: expected 3 fields, found 2");
  EXPECT_EQ(
      complaint(Reading({csv("1,a\n,b\n\n", "columns=code:0;name:1,header=no,lang=en")}).report()),
      "x.csv:2: field 1: expected a code, found none");
}

TEST(ReadCsv, WithoutAHeaderARowMustReachItsCodeAndMayHaveMore) {
  const Reading read(
      {csv("a,en,1\nb\nc,en\n\nd,es,2,more,and more\n", "columns=code:2;name:0;lang:1,header=no")});
  EXPECT_EQ(read.names(), (Lines{"1|a|en|x|preferred", "2|d|es|x|preferred"}));
  EXPECT_EQ(read.report().rows.rows, 4U);
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"wrong number of fields", 2}}));
  EXPECT_EQ(complaint(read.report(), 0), "x.csv:2: field 2: expected at least 3 fields, found 1");
  EXPECT_EQ(complaint(read.report(), 1), "x.csv:3: field 3: expected at least 3 fields, found 2");
}

TEST(ReadCsv, StopsWhereNothingSensibleCanFollow) {
  constexpr std::string_view kTwo = "columns=code:c;name:n,lang=en";
  EXPECT_EQ(failure(csv("", kTwo)), "2 x.csv:1: expected a header, found an empty file");
  EXPECT_EQ(failure(csv("c,n\n", kTwo)),
            "0 x.csv: expected at least one name, found none in 0 rows");
  EXPECT_EQ(failure(csv("c,m\n1,a\n", kTwo)),
            "0 x.csv:1: expected a column n, found none of that name or number");
  EXPECT_EQ(failure(csv("c,n,n\n1,a,b\n", kTwo)),
            "0 x.csv:1: expected one column n, found 2: a number, from 0, tells them apart");
  EXPECT_EQ(failure(csv("c,m\n1,a\n", "columns=code:c;name:2,lang=en")),
            "0 x.csv:1: expected a column 2, found none of that name or number");
  EXPECT_EQ(failure(csv("c,n\n1,a\n2,\"b\n3,c\n", kTwo)),
            "2 x.csv:3: field 2: expected a closing quote, found the end of the file");
  EXPECT_EQ(failure(csv(std::string_view("c,n\n1,\0\n", 8), kTwo)),
            "2 x.csv:2: byte 3: expected text, found a zero byte");
  std::string open = "c,n\n1,\"";
  for (int i = 0; i < 20; ++i) open += std::string(1'000'000, 'x') + "\n";
  EXPECT_EQ(failure(csv(open + "\"", kTwo)),
            "2 x.csv:2: field 2: expected a closing quote, found none in 16 MB");
}

TEST(ReadCsv, RefusesOptionsThatSayNothing) {
  const auto refusal = [](std::string_view options) {
    const std::string text = failure(csv("1,a\n", options));
    return text.substr(text.find("expected"));
  };
  EXPECT_EQ(refusal("lang=en"), "expected a code, as in code:0;name:1");
  EXPECT_EQ(refusal("lang=en,columns=code:0"), "expected a name, as in code:0;name:1");
  EXPECT_EQ(refusal("lang=en,columns=code:0;name"), "expected ROLE:COLUMN between semicolons");
  EXPECT_EQ(refusal("lang=en,columns=code:0;code:1"), "expected the role code once");
  EXPECT_EQ(refusal("lang=en,columns=code:0;title:1").substr(0, 26), "expected a role of code na");
  EXPECT_EQ(refusal("columns=code:0;name@klingon:1"), "expected a language tag after the @");
  EXPECT_EQ(refusal("columns=code@x:0;name:1").substr(0, 21), "expected an @ only in");
  EXPECT_EQ(refusal("columns=code:0;name:1"),
            "expected lang, a column lang, or name@LANGUAGE; found none");
  EXPECT_EQ(refusal("columns=code:0;name:1,lang=en,separator=x"),
            "expected separator to be comma, semicolon, tab or bar");
  EXPECT_EQ(refusal("columns=code:0;name:1,lang=en,quotes=maybe"),
            "expected quotes=yes or quotes=no");
  EXPECT_EQ(refusal("columns=code:0;name:1,lang=en,split=ab"),
            "expected split to be one character");
  EXPECT_EQ(refusal("columns=code:0;name:label,lang=en,header=no"),
            "expected a column label, found none of that name or number");
}

TEST(ReadCsv, DropsParentsThatDoNotExistAndCycles) {
  const Reading read(
      {csv("1,a,2\n2,b,1\n3,c,3\n4,d,9\n", "columns=code:0;name:1;parent:2,header=no,lang=en")});
  EXPECT_EQ(read.edges(), (Lines{"1<2"}));
  EXPECT_EQ(read.report().cyclic_edges, 2U);
  EXPECT_EQ(read.report().unnamed_edges, 1U);
}

}  // namespace
}  // namespace enlace
