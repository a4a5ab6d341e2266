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

constexpr std::string_view kGraph = R"({"graphs": [ { "id": "http://example.org/z.owl",
 "nodes": [
  {"id": "http://example.org/obo/Z_1", "type": "CLASS", "lbl": "fever",
   "meta": {
    "definition": {"val": "A body that is too warm.", "xrefs": []},
    "synonyms": [
     {"pred": "hasExactSynonym", "val": "pyrexia", "synonymType": "http://example.org/z#layperson"},
     {"pred": "http://example.org/oboInOwl#hasRelatedSynonym", "val": "heat"},
     {"pred": "hasBroadSynonym", "val": "sign"}],
    "xrefs": [{"val": "SNOMEDCT_US_2018_03_01:386661006"}],
    "basicPropertyValues": [
     {"pred": "http://example.org/oboInOwl#hasAlternativeId", "val": "Z:9"},
     {"pred": "http://example.org/oboInOwl#creation_date", "val": "2026"}]}},
  {"id": "http://example.org/obo/Z_2", "type": "CLASS", "lbl": "sign"},
  {"id": "http://example.org/obo/Z_3", "type": "CLASS", "lbl": "obsolete warmth",
   "meta": {"deprecated": true, "synonyms": [{"pred": "hasExactSynonym", "val": "warmth"}],
    "basicPropertyValues": [
     {"pred": "http://purl.obolibrary.org/obo/IAO_0100001", "val": "http://example.org/obo/Z_1"}]}},
  {"id": "http://example.org/obo/RO_5", "type": "PROPERTY", "lbl": "part of"},
  {"id": "http://example.org/obo/Y_7", "type": "CLASS"}],
 "edges": [
  {"sub": "http://example.org/obo/Z_1", "pred": "is_a", "obj": "http://example.org/obo/Z_2"},
  {"sub": "http://example.org/obo/Z_1", "pred": "http://example.org/obo/RO_5", "obj": "x"}],
 "logicalDefinitionAxioms": [{"a": [1, 2, {}]}]}],
 "version": "1"})";

std::string graph(std::string_view content) {
  return "obograph=" + written("x.json", content).string();
}

std::string nodes(std::string_view content) {
  return graph("{\"graphs\":[{\"nodes\":[\n" + std::string(content) + "\n]}]}");
}

TEST(ReadObograph, TakesNamesRelationsReferencesAndDefinitions) {
  const Reading read({graph(kGraph) + ",type=finding"});
  EXPECT_EQ(read.names(), (Lines{"Z:1|fever|en|x|preferred", "Z:1|pyrexia|en|x|exact",
                                 "Z:1|heat|en|x|related", "Z:2|sign|en|x|preferred"}));
  EXPECT_EQ(read.origins(), (Lines{"|", "layperson|", "|", "|"}));
  EXPECT_EQ(read.edges(), (Lines{"Z:1<Z:2"}));
  EXPECT_EQ(read.xrefs(), (Lines{"Z:1:SNOMEDCT_US:386661006"}));
  EXPECT_EQ(read.definitions(), (Lines{"Z:1|en|A body that is too warm."}));
  EXPECT_EQ(read.former_codes(), (Lines{"Z:9>Z:1", "Z:3>Z:1"}));
  EXPECT_EQ(read.types(), (Lines{"Z:1:finding", "Z:2:finding"}));
  EXPECT_EQ(read.report().rows.rows, 7U);
  EXPECT_EQ(read.report().rows.bad, 0U);
  EXPECT_EQ(read.report().left_out, (ReasonCounts{{"broad synonym", 1},
                                                  {"no name", 1},
                                                  {"not a class", 1},
                                                  {"obsolete", 1},
                                                  {"other relation", 1}}));
}

TEST(ReadObograph, TakesTheScopesLanguageAndPrefixesAskedFor) {
  EXPECT_EQ(Reading({graph(kGraph) + ",scopes=broad,lang=es,source=S"}).names(),
            (Lines{"Z:1|fever|es|S|preferred", "Z:1|sign|es|S|broad", "Z:2|sign|es|S|preferred"}));
  const std::string two = R"({"id":"A:1","lbl":"a"},{"id":"B:1","lbl":"b"},{"id":"C:1","lbl":"c"})";
  EXPECT_EQ(Reading({nodes(two) + ",only=A:;C:"}).names(),
            (Lines{"A:1|a|en|x|preferred", "C:1|c|en|x|preferred"}));
  EXPECT_EQ(Reading({nodes(two) + ",only=A:;C:"}).report().left_out,
            (ReasonCounts{{"other prefix", 1}}));
  EXPECT_EQ(failure(nodes(two) + ",scopes=wide"),
            "0 source obograph: expected scopes of exact,related,broad,narrow");
}

TEST(ReadObograph, ReadsGzipMarksCarriageReturnsAndMembersInAnyOrder) {
  std::string text(kGraph);
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 2)) {
    text.replace(at, 1, "\r\n");
  }
  const auto path = gzipped("x.gz", "\xEF\xBB\xBF" + text);
  EXPECT_EQ(Reading({"obograph=" + path.string()}).names().size(), 4U);
  const Reading read({graph(R"({"graphs":[{"edges":[{"obj":"A:2","pred":"is_a","sub":"A:1"}],
    "nodes":[{"lbl":"a","id":"A:1"},{"lbl":"b","id":"A:2"}]}, {"nodes":[]}, {}]})")});
  EXPECT_EQ(read.edges(), (Lines{"A:1<A:2"}));
}

TEST(ReadObograph, RefusesBadNodesAloneAndReadsOn) {
  const std::string long_name(10'000'000, 'x');
  const Reading read({nodes(R"({"id":"A:1","lbl":"a"},
    7,
    {"lbl":"b"},
    {"id":"A:2","lbl":["b"]},
    {"id":"A:2","lbl":"b","lbl":"c"},
    {"id":"","lbl":"b"},
    {"id":"A:3","lbl":"c","meta":{"synonyms":[{"pred":"hasSynonym","val":"d"},
                                              {"pred":"hasExactSynonym","val":" "}]}},
    {"id":"A:1","lbl":"a"},
    {"id":"A:4","lbl":")" + long_name +
                            R"("},{"id":"A:5","lbl":"e","meta":7})")});
  EXPECT_EQ(read.report().rows.rows, 10U);
  EXPECT_EQ(read.report().duplicates, 1U);
  EXPECT_EQ(read.report().names, 3U);
  EXPECT_EQ(complaint(read.report(), 0), "x.json:3: expected an object, found another value");
  EXPECT_EQ(complaint(read.report(), 1), "x.json:4: expected a member \"id\", found none");
  EXPECT_EQ(complaint(read.report(), 2), "x.json:5: lbl: expected a string, found an array");
  EXPECT_EQ(complaint(read.report(), 3),
            "x.json:6: expected distinct keys in an object, found one twice");
  EXPECT_EQ(complaint(read.report(), 4), "x.json:7: expected an id, found an empty one");
  EXPECT_EQ(complaint(read.report(), 5), "x.json:8: expected a synonym's predicate, found another");
  EXPECT_EQ(complaint(read.report(), 6), "x.json:8: expected a text, found an empty one");
  EXPECT_EQ(complaint(read.report(), 7), "x.json:11: value: expected an object, found an integer");
}

TEST(ReadObograph, NodesOfOneIdAreOneConcept) {
  const Reading read({nodes(R"({"id":"A:1","lbl":"a","meta":{"definition":{"val":"One."}}},
    {"id":"http://x.org/A_1","lbl":"b","meta":{"definition":{"val":"Two."},
     "synonyms":[{"pred":"hasExactSynonym","val":"a"}]}})")});
  EXPECT_EQ(read.names(), (Lines{"A:1|a|en|x|preferred", "A:1|b|en|x|preferred"}));
  EXPECT_EQ(read.definitions(), (Lines{"A:1|en|One."}));
  EXPECT_EQ(read.report().new_concepts, 1U);
  EXPECT_EQ(read.report().duplicates, 1U);
  EXPECT_EQ(read.report().rows.bad, 0U);
}

TEST(ReadObograph, RefusesAnEdgeWithAnEmptyId) {
  const Reading read({graph(R"({"graphs":[{"nodes":[{"id":"A:1","lbl":"a"},{"id":"A:2","lbl":"b"}],
    "edges":[{"sub":"","pred":"is_a","obj":"A:2"},
             {"sub":"A:1","pred":"is_a","obj":" "},
             {"sub":"A:1","pred":"is_a","obj":"A:2"}]}]})")});
  EXPECT_EQ(read.edges(), (Lines{"A:1<A:2"}));
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"no code", 2}}));
  EXPECT_EQ(complaint(read.report(), 0), "x.json:2: expected two ids, found an empty one");
  EXPECT_EQ(complaint(read.report(), 1), "x.json:3: expected two ids, found an empty one");
}

TEST(ReadObograph, DropsParentsThatDoNotExistAndCycles) {
  const Reading read({graph(R"({"graphs":[{"nodes":[{"id":"A:1","lbl":"a"},{"id":"A:2","lbl":"b"}],
    "edges":[{"sub":"A:1","pred":"is_a","obj":"A:2"},{"sub":"A:2","pred":"is_a","obj":"A:1"},
             {"sub":"A:1","pred":"is_a","obj":"A:1"},{"sub":"A:1","pred":"is_a","obj":"A:9"}]}]})")});
  EXPECT_EQ(read.edges(), (Lines{"A:1<A:2"}));
  EXPECT_EQ(read.report().cyclic_edges, 2U);
  EXPECT_EQ(read.report().unnamed_edges, 1U);
}

TEST(ReadObograph, StopsWhereNothingSensibleCanFollow) {
  EXPECT_EQ(failure(graph("")), "2 x.json:1: expected JSON, found an empty file");
  EXPECT_EQ(failure(graph("{}")), "2 x.json: expected a member \"graphs\", found none");
  EXPECT_EQ(failure(graph("{\n\"graphs\":\"\xC3\"}")),
            "2 x.json:2:11: expected UTF-8, found another byte");
  EXPECT_EQ(failure(nodes("")), "0 x.json: expected at least one name, found none in 0 rows");
  for (const std::string_view bad : {"[]", "7", "x", "{\"graphs\":{}}", "{\"graphs\":[7]}"}) {
    EXPECT_EQ(failure(graph(bad)).substr(0, 2), "2 ") << bad;
  }
  EXPECT_EQ(failure(graph(std::string(kGraph) + "{}")).substr(0, 2), "2 ");
  EXPECT_EQ(failure(graph(std::string_view("\0\0", 2))).substr(0, 2), "2 ");
  const std::string deep = std::string(2000, '[') + std::string(2000, ']');
  EXPECT_EQ(failure(graph("{\"graphs\":" + deep + "}")).substr(0, 2), "2 ");
}

TEST(ReadObograph, RefusesEveryTruncation) {
  for (std::size_t size = 0; size < kGraph.size(); ++size) {
    ASSERT_EQ(failure(graph(kGraph.substr(0, size))).substr(0, 2), "2 ") << size;
  }
}

}  // namespace
}  // namespace enlace
