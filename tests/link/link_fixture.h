// A knowledge base of a few names, for tests of what stands on one.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "kb/concepts_writer.h"
#include "kb/draft.h"
#include "kb/knowledge_base.h"

namespace enlace {

class LinkFixture : public testing::Test {
 protected:
  explicit LinkFixture(const std::vector<NameRecord>& names,
                       const std::vector<RelationRecord>& relations = {},
                       const std::vector<TypeRecord>& types = {})
      : folder_(std::filesystem::path(testing::TempDir()) /
                (std::string(testing::UnitTest::GetInstance()->current_test_suite()->name()) + "." +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    KbDraft draft;
    std::vector<SourceReport> reports(1);
    draft.begin_source();
    for (const NameRecord& name : names) draft.add(name, reports[0]);
    for (const RelationRecord& relation : relations) draft.add(relation);
    for (const TypeRecord& type : types) draft.add(type);
    draft.settle(reports);
    write_concepts(draft, folder_ / "concepts.enlace");
    kb_ = KnowledgeBase::open(folder_ / "concepts.enlace");
  }

  const KnowledgeBase& kb() const { return *kb_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::optional<KnowledgeBase> kb_;
};

}  // namespace enlace
