#include "pairs/pair_file.h"

#include "base/error.h"
#include "pairs/pairs_fixture.h"

namespace enlace {
namespace {

using testing_pairs::content_of;
using testing_pairs::kb_of;
using testing_pairs::ManyNames;
using testing_pairs::scratch;

KnowledgeBase kb() {
  return kb_of({{"A", "Cough", "en", "S"}, {"A", "Tos", "es", "S"}, {"B", "Sign", "en", "S"}},
               {{"A", "B"}});
}

std::size_t files_beside(const std::filesystem::path& path) {
  const std::filesystem::directory_iterator folder(path.parent_path());
  return std::size_t(std::distance(begin(folder), end(folder)));
}

TEST(PairFile, HasALineAPairAndBesideItItsRelationAndLanguages) {
  const PairFiles files = {scratch("pairs.tsv"), scratch("side.tsv")};
  const PairTally tally = write_pairs(kb(), recipe_named("enlace"), {}, files);
  EXPECT_EQ(content_of(files.pairs), "A||cough||tos\nA||cough||sign\nA||tos||sign\n");
  EXPECT_EQ(content_of(files.side), "syn\ten\tes\npar\ten\ten\npar\tes\ten\n");
  EXPECT_EQ(tally.pair_count(), 3U);
  EXPECT_EQ(tally.concepts, 1U);
  EXPECT_EQ(tally.named_concepts, 2U);
}

TEST(PairFile, IsTheSameBytesAtAnyNumberOfWorkers) {
  ManyNames names;
  for (int i = 0; i < 12'000; ++i)
    names.add(fmt::format("C{:05}", i), i % 2 ? "en" : "es", 1 + i % 13);
  const KnowledgeBase many = kb_of(names.records());
  std::vector<std::string> contents;
  for (const std::size_t workers : {1, 16, 1}) {
    const PairFiles files = {scratch("pairs.tsv"), scratch("side.tsv")};
    write_pairs(many, recipe_named("enlace"), {.seed = 5, .workers = workers}, files);
    contents.push_back(content_of(files.pairs) + content_of(files.side));
  }
  EXPECT_GT(contents[0].size(), 1U << 22);
  EXPECT_EQ(contents[0], contents[1]);
  EXPECT_EQ(contents[0], contents[2]);
}

TEST(PairFile, IsNotThereIfThereIsNoPairOrTheWorkIsStopped) {
  const PairFiles files = {scratch("pairs.tsv"), scratch("side.tsv")};
  const KnowledgeBase lone = kb_of({{"A", "tos", "es", "S"}});
  const std::size_t before = files_beside(files.pairs);
  EXPECT_THROW(write_pairs(lone, recipe_named("all"), {}, files), Error);
  const std::atomic<bool> stop = true;
  Progress progress;
  progress.cancelled = &stop;
  EXPECT_THROW(write_pairs(kb(), recipe_named("all"), {}, files, progress), Error);
  EXPECT_EQ(files_beside(files.pairs), before);
}

TEST(PairFile, IsRefusedInTheSamePlaceAsItsSide) {
  const auto path = scratch("pairs.tsv");
  EXPECT_THROW(write_pairs(kb(), recipe_named("all"), {}, {path, path}), Error);
}

}  // namespace
}  // namespace enlace
