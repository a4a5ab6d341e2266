#include "kb/export_jsonl.h"

#include <fstream>

#include <gtest/gtest.h>

#include "kb/concepts_writer.h"
#include "kb/copy_concept.h"
#include "kb/licence.h"
#include "sources/reading.h"

namespace enlace {
namespace {

using testing_kb::Reading;
using testing_kb::scratch;
using testing_kb::written;

/// A knowledge base of two sources under two licences.
KnowledgeBase mixed() {
  const auto one = written("one.tsv", "A\tfever\ten\tONE\tfinding\nB\tcough\ten\tONE\tfinding\n");
  const auto two = written("two.tsv", "A\tfiebre\tes\tTWO\tfinding\nC\ttos\tes\tTWO\tfinding\n");
  const Reading read({"tsv=" + one.string() + ",licence=CC0-1.0",
                      "tsv=" + two.string() + ",licence=CC-BY-NC-4.0"});
  const auto path = scratch("concepts.enlace");
  write_concepts(read.draft, path);
  return KnowledgeBase::open(path);
}

std::string exported(const KnowledgeBase& kb, const std::vector<std::string>& licences,
                     ExportCounts& counts) {
  std::string lines;
  counts = export_jsonl(kb, licences, [&](std::string_view line) { lines.append(line) += '\n'; });
  return lines;
}

TEST(Licence, TakesItsVersionsAndNoOtherLicence) {
  EXPECT_TRUE(is_licence("CC-BY-4.0", "CC-BY"));
  EXPECT_TRUE(is_licence("cc0-1.0", "CC0"));
  EXPECT_TRUE(is_licence("CC0", "CC0"));
  EXPECT_FALSE(is_licence("CC-BY-NC-4.0", "CC-BY"));
  EXPECT_FALSE(is_licence("CC-BY-SA-4.0", "CC-BY"));
  EXPECT_FALSE(is_licence("CC-BY-", "CC-BY"));
  EXPECT_FALSE(is_licence("", ""));
  EXPECT_FALSE(is_licence("CC", "CC0"));
}

TEST(ExportJsonl, WritesOnlyNamesOfTheLicencesAskedFor) {
  const KnowledgeBase kb = mixed();
  ExportCounts counts;
  EXPECT_EQ(
      exported(kb, {"CC0", "CC-BY"}, counts),
      R"({"code":"A","names":[{"text":"fever","language":"en","source":"ONE","scope":"preferred","licence":"CC0-1.0"}],"types":["finding"]})"
      "\n"
      R"({"code":"B","names":[{"text":"cough","language":"en","source":"ONE","scope":"preferred","licence":"CC0-1.0"}],"types":["finding"]})"
      "\n");
  EXPECT_EQ(counts.concepts, 2U);
  EXPECT_EQ(counts.names, 2U);
  EXPECT_EQ(counts.concepts_left_out, 1U);
  EXPECT_EQ(counts.names_left_out, 2U);
}

TEST(ExportJsonl, GivesLinesThatReadBackAsTheSame) {
  const KnowledgeBase kb = mixed();
  ExportCounts counts;
  const std::string lines = exported(kb, {}, counts);
  EXPECT_EQ(counts.names, 4U);
  const Reading again({"jsonl=" + written("all.jsonl", lines).string()});
  const auto path = scratch("again.enlace");
  write_concepts(again.draft, path);
  ExportCounts same;
  EXPECT_EQ(exported(KnowledgeBase::open(path), {}, same), lines);
}

TEST(CopyConcept, GivesTheSameKnowledgeBase) {
  KbDraft draft;
  std::vector<SourceReport> reports(1);
  draft.begin_source();
  draft.add(NameRecord{"A", "fever", "en", "ONE", Scope::kPreferred, "PT", "CC0-1.0"}, reports[0]);
  draft.add(NameRecord{"B", "high fever", "en", "ONE", Scope::kRelated}, reports[0]);
  draft.add(RelationRecord{"B", "A"});
  draft.add(TypeRecord{"B", "finding"});
  draft.add(XrefRecord{"B", "UMLS:C1"});
  draft.add(DefinitionRecord{"A", "hot", "en"});
  draft.add(ReplacementRecord{"old", "B"});
  draft.settle(reports);
  const auto path = scratch("first.enlace");
  write_concepts(draft, path);
  const KnowledgeBase kb = KnowledgeBase::open(path);
  KbDraft copy;
  copy.begin_source();
  for (ConceptId c = 0; c < kb.concept_count(); ++c) copy_concept(kb, c, copy, reports[0]);
  copy_former_codes(kb, copy);
  copy.settle(reports);
  const auto second = scratch("second.enlace");
  EXPECT_EQ(write_concepts(copy, second), kb.fingerprint());
}

}  // namespace
}  // namespace enlace
