#include "kb/apply_changes.h"

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
  std::vector<SourceReport> reports;  // of what was added, then of what was kept

  ChangedKb over(const KnowledgeBase& kb) const {
    return {&kb, added ? &*added : nullptr, changes.superseded};
  }
};

Applied apply_specs(const ChangedKb& kb, const std::vector<std::string>& specs,
                    const std::vector<Retirement>& retirements, const std::string& file) {
  KbDraft draft;
  Applied applied;
  for (const std::string& spec : specs) {
    applied.reports.push_back(read_source(parse_source_spec(spec), draft, {}));
  }
  applied.reports.emplace_back();
  applied.changes = apply_changes(kb, retirements, draft, applied.reports.back());
  draft.settle(applied.reports);
  if (!draft.names().empty()) {
    const auto path = scratch(file);
    write_concepts(draft, path);
    applied.added = KnowledgeBase::open(path);
  }
  return applied;
}

Applied apply(const ChangedKb& kb, const std::string& additions,
              const std::vector<Retirement>& retirements, const std::string& file) {
  std::vector<std::string> specs;
  if (!additions.empty()) specs = {"jsonl=" + written("add.jsonl", additions).string()};
  return apply_specs(kb, specs, retirements, file);
}

/// The codes at and below a code, in what counts of both parts.
Lines below(const ChangedKb& kb, std::string_view code) {
  Lines codes;
  for (const KnowledgeBase* part : {kb.base, kb.added}) {
    const auto top = part == nullptr ? std::nullopt : part->find(code);
    if (!top) continue;
    for (const ConceptId each : part->descendants(*top)) {
      const auto place = find_concept(kb, part->code(each));
      if (place && place->kb == part) codes.emplace_back(part->code(each));
    }
  }
  std::sort(codes.begin(), codes.end());
  return codes;
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

TEST(ChangedKb, TakesAlongWhatOnlyTheBaseKnowsToLieBelowWhatWasChangedBefore) {
  const KnowledgeBase kb = base();
  const Applied first =
      apply({&kb}, R"({"code":"H","names":[{"text":"cardiopathy"}]})", {}, "1.enlace");
  const Applied second = apply(first.over(kb), R"({"code":"N","names":[{"text":"new"}]}
{"code":"H","names":[{"text":"cardiopathy"}],"parents":["N"]})",
                               {}, "2.enlace");
  EXPECT_EQ(below(second.over(kb), "N"), (Lines{"H", "I", "N"}));
  EXPECT_EQ(below(second.over(kb), "D"), (Lines{"D", "H", "I", "L"}));
}

TEST(ChangedKb, TakesAlongWhatLiesBelowAConceptThatIsJoinedWithAnother) {
  const KnowledgeBase kb = base();
  const auto mapping =
      written("map.tsv", "subject_id\tpredicate_id\tobject_id\nL\tskos:exactMatch\tH\n");
  const Applied applied = apply_specs({&kb}, {"sssom=" + mapping.string()}, {}, "1.enlace");
  const ChangedKb now = applied.over(kb);
  EXPECT_EQ(below(now, "H"), (Lines{"H", "I"}));  // H before L: both were there
  EXPECT_FALSE(find_concept(now, "L"));
  EXPECT_EQ(resolve_code(now, "L")->kb, now.added);
  EXPECT_EQ(names_of(now, "H"), (Lines{"heart disease", "lung disease"}));
}

TEST(ChangedKb, HasNothingBelowTheParentsOfAConceptThatIsNoMore) {
  const KnowledgeBase kb = base();
  for (const Retirement& retired :
       {Retirement{"H", "", ""}, Retirement{"H", "heart disease", ""}}) {
    const Applied applied = apply({&kb}, "", {retired}, "1.enlace");
    const ChangedKb now = applied.over(kb);
    EXPECT_EQ(below(now, "D"), (Lines{"D", "L"}));
    EXPECT_EQ(names_of(now, "I"), (Lines{"heart attack", "infarction"}));
  }
  // It has another name: nothing moves.
  const Applied renamed = apply({&kb}, R"({"code":"H","names":[{"text":"cardiopathy"}]})",
                                {{"H", "heart disease", ""}}, "1.enlace");
  EXPECT_EQ(below(renamed.over(kb), "D"), (Lines{"D", "H", "I", "L"}));
  EXPECT_EQ(find_concept(renamed.over(kb), "I")->kb, &kb);
}

TEST(ChangedKb, FollowsAFormerCodeOverOneThatWasRetiredSince) {
  const KnowledgeBase kb = base();
  const Applied applied = apply({&kb}, R"({"code":"N","names":[{"text":"new"}]}
{"code":"I","retired":true,"replaced_by":"N"})",
                                {{"I", "", ""}}, "1.enlace");
  const ChangedKb now = applied.over(kb);
  ASSERT_TRUE(resolve_code(now, "old I"));
  EXPECT_EQ(now.added->code(resolve_code(now, "old I")->concept_id), "N");
}

TEST(ChangedKb, SaysOfAConceptWhatIsSaidOfACodeThatLeadsToIt) {
  const KnowledgeBase kb = base();
  const std::string additions = R"({"code":"old I","names":[{"text":"infarto","language":"es"}]}
{"code":"A","names":[{"text":"silent infarction"}],"parents":["old I"]})";
  const Applied applied = apply({&kb}, additions, {}, "1.enlace");
  const ChangedKb now = applied.over(kb);
  EXPECT_FALSE(find_concept(now, "old I"));
  EXPECT_EQ(names_of(now, "I"), (Lines{"heart attack", "infarction", "infarto"}));
  EXPECT_EQ(below(now, "I"), (Lines{"A", "I"}));
  EXPECT_EQ(applied.reports[0].new_concepts, 1U);
  EXPECT_EQ(applied.reports[0].merged_concepts, 1U);
  // Unless the concept goes at the same time.
  const Applied apart = apply({&kb}, additions, {{"I", "", ""}}, "2.enlace");
  EXPECT_EQ(names_of(apart.over(kb), "old I"), Lines{"infarto"});
}

TEST(ChangedKb, LeavesANameAndADefinitionToTheSourceThatWasFirst) {
  const KnowledgeBase kb = base();
  const Applied first = apply(
      {&kb}, R"({"code":"I","names":[{"text":"infarto"}],"definition":"first"})", {}, "1.enlace");
  const std::string mine =
      "jsonl=" + written("mine.jsonl", R"({"code":"I","definition":"second","names":[)"
                                       R"({"text":"infarction","scope":"exact"},)"
                                       R"({"text":"heart attack","scope":"preferred"},)"
                                       R"({"text":"IM"}]})")
                     .string();
  const Applied second =
      apply_specs(first.over(kb), {mine + ",source=MINE,licence=CC0-1.0", mine}, {}, "2.enlace");
  const KnowledgeBase& added = *second.added;
  const ConceptId infarction = *added.find("I");
  EXPECT_EQ(added.definition(infarction), "first");
  Lines origins;
  for (const NameId id : added.names_of(infarction)) {
    const Name name = added.name(id);
    origins.push_back(fmt::format("{}|{}|{}", name.text, name.source, name.licence));
    EXPECT_EQ(name.scope == Scope::kExact, name.text == "IM") << name.text;
  }
  std::sort(origins.begin(), origins.end());
  EXPECT_EQ(origins,
            (Lines{"IM|MINE|CC0-1.0", "heart attack|S|", "infarction|S|", "infarto|add|"}));
  // It was there, and so were two of its names.
  EXPECT_EQ(second.reports[0].new_concepts, 0U);
  EXPECT_EQ(second.reports[0].merged_concepts, 1U);
  EXPECT_EQ(second.reports[0].names, 1U);
  EXPECT_EQ(second.reports[0].duplicates, 2U);
  EXPECT_EQ(second.reports[1].merged_concepts, 1U);
  EXPECT_EQ(second.reports[1].duplicates, 3U);
}

}  // namespace
}  // namespace enlace
