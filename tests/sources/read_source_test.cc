#include "sources/read_source.h"

#include <string>

#include <gtest/gtest.h>

#include "kb/concepts_writer.h"
#include "sources/reading.h"

namespace enlace {
namespace {

using testing_kb::content_of;
using testing_kb::failure;
using testing_kb::Lines;
using testing_kb::Reading;
using testing_kb::scratch;
using testing_kb::written;

TEST(SourceSpec, TakesKindPathAndOptionsApart) {
  const SourceSpec spec = parse_source_spec("obo=a/b,c.obo,scopes=exact,related,source=A=B");
  EXPECT_EQ(spec.kind, "obo");
  EXPECT_EQ(spec.path, "a/b,c.obo");
  EXPECT_EQ(spec.option("scopes"), "exact,related");
  EXPECT_EQ(spec.option("source"), "A=B");
  EXPECT_EQ(spec.option("lang", "en"), "en");
  EXPECT_TRUE(parse_source_spec("tsv=x").options.empty());
}

TEST(SourceSpec, RefusesWhatIsNotOne) {
  for (const std::string_view bad : {"", "tsv", "=x", "tsv=", "tsv=,lang=en", "tsv=x,a=1,a=2",
                                     "tsv=\xFF", "tsv=x,source=\xFF"}) {
    EXPECT_THROW(parse_source_spec(bad), Error) << bad;
  }
}

TEST(ReadSource, NamesTheKindsAndOptionsThereAre) {
  EXPECT_EQ(failure("new=x"),
            "0 source new: expected a kind of babelon claml csv icd10cm icd10pcs jsonl mesh obo "
            "obograph rf2 rrf sparql sssom tryton tsv wikidata");
  EXPECT_EQ(failure("tsv=x,scopes=exact"),
            "0 source tsv: expected an option of lang source type licence prefix, found scopes");
  EXPECT_EQ(failure("tsv=x,lang=klingon"),
            "0 source tsv: expected lang to be a language tag such as es or pt-BR");
}

TEST(ReadSource, MergesSourcesByCode) {
  const auto one = written("one.tsv", "1\tfever\ten\n2\tcough\ten\n").string();
  const auto two = written("two.tsv", "1\tfever\ten\n1\tfiebre\tes\n3\tpain\ten\n").string();
  const Reading read({"tsv=" + one, "tsv=" + two});
  EXPECT_EQ(read.names(), (Lines{"1|fever|en|one|preferred", "2|cough|en|one|preferred",
                                 "1|fiebre|es|two|preferred", "3|pain|en|two|preferred"}));
  EXPECT_EQ(read.reports[1].names, 2U);
  EXPECT_EQ(read.reports[1].duplicates, 1U);
  EXPECT_EQ(read.reports[1].new_concepts, 1U);
  EXPECT_EQ(read.reports[1].merged_concepts, 1U);
}

TEST(ReadSource, FindsCyclesAcrossSources) {
  const auto line = [](std::string_view code, std::string_view parent) {
    return fmt::format(R"({{"code":"{}","names":[{{"text":"n"}}],"parents":["{}"]}})", code,
                       parent);
  };
  const auto one = written("one.jsonl", line("A", "B")).string();
  const auto two = written("two.jsonl", line("B", "C") + "\n" + line("C", "A")).string();
  const Reading read({"jsonl=" + one, "jsonl=" + two});
  EXPECT_EQ(read.edges(), (Lines{"A<B", "B<C"}));
  EXPECT_EQ(read.reports[0].cyclic_edges, 0U);
  EXPECT_EQ(read.reports[1].cyclic_edges, 1U);
  EXPECT_NE(read.reports[1].rows.complaints.at(0).find("A > B > C > A"), std::string::npos);
}

TEST(ReadSource, GivesTheSameBytesForTheSameSources) {
  const auto one = written("one.tsv", "b\tfever\ten\tS\tT\na\tcough\ten\n").string();
  const auto two = written("two.tsv", "a\ttos\tes\nb\tfever\ten\n").string();
  const auto build = [&](std::string_view name) {
    const Reading read({"tsv=" + one, "tsv=" + two});
    const auto path = scratch(name);
    write_concepts(read.draft, path);
    return content_of(path);
  };
  EXPECT_EQ(build("first"), build("second"));
}

}  // namespace
}  // namespace enlace
