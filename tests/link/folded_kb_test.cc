#include "link/folded_kb.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "kb/export_jsonl.h"
#include "link/kb_place.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

class Folded : public testing::Test {
 protected:
  Folded() {
    fs::create_directories(scratch().parent_path());
    BuildOptions options;
    options.out = kb();
    options.sources = {
        "jsonl=" + place_.put("base.jsonl", R"({"code":"A","names":[{"text":"fever"}],"types":["T"]}
{"code":"B","names":[{"text":"high fever"}],"parents":["A"],"xrefs":["X:1"]}
{"code":"C","names":[{"text":"very high fever"}],"parents":["B"],"definition":"above 41"}
{"code":"D","names":[{"text":"cough"},{"text":"tussis"}],"types":["T"]}
{"code":"E","names":[{"text":"dry cough"}],"parents":["D"]}
)")};
    build_kb_folder(options);
  }

  fs::path kb() const { return place_ / "kb"; }
  fs::path scratch() const { return place_ / "scratch" / "kb"; }
  void update(const std::string& add, const std::string& retire) const {
    place_.update(kb(), "jsonl", add, retire);
  }
  void compact() const {
    CompactOptions options;
    options.kb = kb();
    compact_kb_folder(options);
  }
  static std::string exported(const KnowledgeBase& kb) {
    std::string lines;
    export_jsonl(kb, {}, [&](std::string_view line) { lines.append(line) += '\n'; });
    return lines;
  }

  KbPlace place_;
};

TEST_F(Folded, IsTheBaseItselfWithoutChanges) {
  const KbFolder folder = open_kb_folder(kb());
  const FoldedKb folded(folder, place_ / "nowhere" / "kb");
  EXPECT_EQ(&folded.kb(), &folder.kb);
}

TEST_F(Folded, IsByteForByteWhatCompactMakes) {
  // A new concept, one between two others, a parent that goes, a name that goes, twice updated.
  update(R"({"code":"F","names":[{"text":"fiebre","language":"es"}],"parents":["A"]}
{"code":"C","names":[{"text":"hyperpyrexia"}],"parents":["F"]}
)",
         "D\n");
  update(R"({"code":"G","names":[{"text":"wheeze"}],"types":["U"]})", "B\thigh fever\nF\n");
  std::uint64_t fingerprint = 0;
  std::string lines;
  {
    const KbFolder folder = open_kb_folder(kb());
    ASSERT_TRUE(folder.changes);
    const FoldedKb folded(folder, scratch());
    EXPECT_TRUE(fs::is_empty(scratch().parent_path()));
    folded.kb().verify();
    fingerprint = folded.kb().fingerprint();
    lines = exported(folded.kb());
  }
  compact();
  const KbFolder compacted = open_kb_folder(kb());
  ASSERT_FALSE(compacted.changes);
  EXPECT_EQ(fingerprint, compacted.kb.fingerprint());
  EXPECT_EQ(lines, exported(compacted.kb));
  EXPECT_EQ(lines.find("tussis"), std::string::npos);
  EXPECT_NE(lines.find("hyperpyrexia"), std::string::npos);
  EXPECT_NE(lines.find("wheeze"), std::string::npos);
}

TEST_F(Folded, FoldsInRetirementsAlone) {
  update("", "D\nE\n");
  const KbFolder folder = open_kb_folder(kb());
  ASSERT_FALSE(folder.changes->added);
  const FoldedKb folded(folder, scratch());
  EXPECT_EQ(folded.kb().concept_count(), 3U);
}

TEST_F(Folded, LeavesNothingBehindWhereItCannotBeMade) {
  update("", "A\n");
  EXPECT_THROW(FoldedKb(open_kb_folder(kb()), place_ / "nowhere" / "kb"), Error);
  update("", "B\nC\nD\nE\n");
  EXPECT_THROW(FoldedKb(open_kb_folder(kb()), scratch()), Error);  // no name is left
  EXPECT_TRUE(fs::is_empty(scratch().parent_path()));
}

}  // namespace
}  // namespace enlace
