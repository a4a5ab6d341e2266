// A knowledge base in a test, and the pairs that come of it as text.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "kb/concepts_writer.h"
#include "kb/draft.h"
#include "kb/knowledge_base.h"
#include "pairs/make_pairs.h"

namespace enlace::testing_pairs {

using Lines = std::vector<std::string>;

/// A path in the folder of the running test, which is made, with nothing there.
inline std::filesystem::path scratch(std::string_view name) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const auto path = std::filesystem::path(testing::TempDir()) /
                    (std::string("pairs_") + test->test_suite_name() + "_" + test->name()) / name;
  std::filesystem::create_directories(path.parent_path());
  std::filesystem::remove_all(path);
  return path;
}

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline KnowledgeBase kb_of(const std::vector<NameRecord>& names,
                           const std::vector<RelationRecord>& relations = {}) {
  KbDraft draft;
  std::vector<SourceReport> reports(1);
  draft.begin_source();
  for (const NameRecord& name : names) draft.add(name, reports[0]);
  for (const RelationRecord& relation : relations) draft.add(relation);
  draft.settle(reports);
  const auto path = scratch("concepts.enlace");
  write_concepts(draft, path);
  return KnowledgeBase::open(path);
}

/// `count` names in `language` for `code`: "<code> <language> 0", …
class ManyNames {
 public:
  void add(std::string code, std::string language, int count, Scope scope = Scope::kExact) {
    for (int i = 0; i < count; ++i) {
      names_.push_back({code, fmt::format("{} {} {}", code, language, i), language, scope});
    }
  }
  std::vector<NameRecord> records() const {
    std::vector<NameRecord> records;
    for (const Stored& name : names_) {
      records.push_back({name.code, name.text, name.language, "ONE", name.scope});
    }
    return records;
  }

 private:
  struct Stored {
    std::string code, text, language;
    Scope scope;
  };
  std::vector<Stored> names_;
};

/// A pair with its strings kept.
struct KeptPair {
  std::string code, x, y, x_language, y_language;
  PairRelation relation;
};

struct Made {
  std::vector<KeptPair> pairs;
  PairTally tally;

  /// "code||x||y relation" in order.
  Lines lines() const {
    Lines lines;
    for (const KeptPair& pair : pairs) {
      lines.push_back(
          fmt::format("{}||{}||{} {}", pair.code, pair.x, pair.y, to_string(pair.relation)));
    }
    return lines;
  }
  std::size_t count(PairRelation relation) const { return tally.pairs[std::size_t(relation)]; }
};

inline Made made(const KnowledgeBase& kb, const PairRecipe& recipe, const PairRun& run = {}) {
  Made result;
  result.tally = make_pairs(kb, recipe, run, [&](std::span<const TrainingPair> chunk) {
    for (const TrainingPair& pair : chunk) {
      const StringTable& languages = kb.languages().values;
      result.pairs.push_back({std::string(kb.code(pair.concept_id)), std::string(pair.x),
                              std::string(pair.y), std::string(languages[pair.x_language]),
                              std::string(languages[pair.y_language]), pair.relation});
    }
  });
  return result;
}

}  // namespace enlace::testing_pairs
