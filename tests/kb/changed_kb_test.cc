#include "kb/changed_kb.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "kb/concepts_writer.h"
#include "sources/reading.h"

namespace enlace {
namespace {

using testing_kb::Lines;
using testing_kb::scratch;
using testing_kb::written;

/// disease > heart disease > infarction; disease > lung disease.
KnowledgeBase base() {
  KbDraft draft;
  std::vector<SourceReport> reports(1);
  draft.begin_source();
  for (const auto& [code, text] : {std::pair("D", "disease"), std::pair("H", "heart disease"),
                                   std::pair("I", "infarction"), std::pair("L", "lung disease")}) {
    draft.add(NameRecord{code, text, "en", "S", Scope::kPreferred}, reports[0]);
  }
  draft.add(NameRecord{"I", "heart attack", "en", "S", Scope::kExact}, reports[0]);
  draft.add(RelationRecord{"H", "D"});
  draft.add(RelationRecord{"I", "H"});
  draft.add(RelationRecord{"L", "D"});
  draft.add(ReplacementRecord{"old I", "I"});
  draft.settle(reports);
  const auto path = scratch("base.enlace");
  write_concepts(draft, path);
  return KnowledgeBase::open(path);
}

/// What became of applying changes: the new small knowledge base, if it has concepts.
struct Applied {
  AppliedChanges changes;
  std::optional<KnowledgeBase> added;

  ChangedKb over(const KnowledgeBase& kb) const {
    return {&kb, added ? &*added : nullptr, changes.superseded};
  }
};

Applied apply(const ChangedKb& kb, const std::string& additions,
              const std::vector<Retirement>& retirements, const std::string& file) {
  KbDraft draft;
  std::vector<SourceReport> reports;
  if (!additions.empty()) {
    const auto spec = parse_source_spec("jsonl=" + written("add.jsonl", additions).string());
    reports.push_back(read_source(spec, draft, {}));
  }
  reports.emplace_back();
  Applied applied{apply_changes(kb, retirements, draft, reports.back()), {}};
  draft.settle(reports);
  if (!draft.names().empty()) {
    const auto path = scratch(file);
    write_concepts(draft, path);
    applied.added = KnowledgeBase::open(path);
  }
  return applied;
}

Lines names_of(const ChangedKb& kb, std::string_view code) {
  Lines names;
  const auto place = find_concept(kb, code);
  if (!place) return {"none"};
  for (const NameId id : place->kb->names_of(place->concept_id)) {
    names.emplace_back(place->kb->name(id).text);
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST(ChangedKb, AddsNamesToAConceptAndKeepsTheOthers) {
  const KnowledgeBase kb = base();
  const Applied applied =
      apply({&kb}, R"({"code":"I","names":[{"text":"infarto","language":"es"}]})", {}, "1.enlace");
  const ChangedKb now = applied.over(kb);
  EXPECT_EQ(names_of(now, "I"), (Lines{"heart attack", "infarction", "infarto"}));
  EXPECT_EQ(names_of(now, "L"), Lines{"lung disease"});
  EXPECT_EQ(find_concept(now, "L")->kb, &kb);
  EXPECT_EQ(find_concept(now, "I")->kb, now.added);
  EXPECT_EQ(resolve_code(now, "old I")->kb, now.added);
  // The ancestors came along.
  EXPECT_TRUE(now.added->is_at_or_below(*now.added->find("I"), *now.added->find("D")));
  EXPECT_EQ(applied.changes.superseded.size(), 3U);
}

TEST(ChangedKb, AddsConcepts) {
  const KnowledgeBase kb = base();
  const Applied applied =
      apply({&kb}, R"({"code":"A","names":[{"text":"angina"}],"parents":["H"]})", {}, "1.enlace");
  const ChangedKb now = applied.over(kb);
  EXPECT_EQ(names_of(now, "A"), Lines{"angina"});
  EXPECT_TRUE(now.added->is_at_or_below(*now.added->find("A"), *now.added->find("D")));
}

TEST(ChangedKb, RetiresNamesAndConcepts) {
  const KnowledgeBase kb = base();
  const Applied applied = apply(
      {&kb}, "", {{"I", "heart attack", ""}, {"L", "", ""}, {"X", "", ""}, {"H", "lung", "en"}},
      "1.enlace");
  const ChangedKb now = applied.over(kb);
  EXPECT_EQ(names_of(now, "I"), Lines{"infarction"});
  EXPECT_EQ(names_of(now, "L"), Lines{"none"});
  EXPECT_EQ(applied.changes.retired_concepts, 1U);
  EXPECT_EQ(applied.changes.retired_names, 1U);
  EXPECT_EQ(applied.changes.unknown, (Lines{"H: a name", "X"}));
}

TEST(ChangedKb, RetiresWithoutAddingAnything) {
  const KnowledgeBase kb = base();
  const Applied applied = apply({&kb}, "", {{"L", "", ""}}, "1.enlace");
  EXPECT_FALSE(applied.added);
  EXPECT_EQ(names_of(applied.over(kb), "L"), Lines{"none"});
  EXPECT_EQ(names_of(applied.over(kb), "D"), Lines{"disease"});
}

TEST(ChangedKb, ChangesWhatWasChangedBefore) {
  const KnowledgeBase kb = base();
  const Applied first = apply({&kb}, R"({"code":"I","names":[{"text":"infarto","language":"es"}]})",
                              {{"L", "", ""}}, "1.enlace");
  const Applied second = apply(first.over(kb), R"({"code":"N","names":[{"text":"new"}]})",
                               {{"I", "infarto", "es"}}, "2.enlace");
  const ChangedKb now = second.over(kb);
  EXPECT_EQ(names_of(now, "I"), (Lines{"heart attack", "infarction"}));
  EXPECT_EQ(names_of(now, "L"), Lines{"none"});  // stays retired
  EXPECT_EQ(names_of(now, "N"), Lines{"new"});
  const Applied third =
      apply(now, R"({"code":"L","names":[{"text":"lung disease, again"}]})", {}, "3.enlace");
  EXPECT_EQ(names_of(third.over(kb), "L"), Lines{"lung disease, again"});
}

TEST(ChangedKb, TakesAlongWhatLiesBelowAConceptThatGainsAParent) {
  const KnowledgeBase kb = base();
  const Applied applied = apply(
      {&kb}, R"({"code":"H","names":[{"text":"cardiopathy"}],"parents":["L"]})", {}, "1.enlace");
  const KnowledgeBase& added = *applied.over(kb).added;
  EXPECT_TRUE(added.is_at_or_below(*added.find("I"), *added.find("L")));
}

}  // namespace
}  // namespace enlace
