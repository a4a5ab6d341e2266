#include "index/ngram_index.h"

#include <atomic>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/random.h"
#include "files.h"

namespace enlace {
namespace {

using Strings = std::vector<std::string>;

/// The forms of the rows; a copy.
FormOf forms_of(const Strings& strings) {
  return [strings](std::uint32_t row, std::string& form) { form = strings[row]; };
}

std::filesystem::path written(const Strings& strings, std::string_view name = "index",
                              const NgramIndexOptions& options = {}) {
  const auto path = fresh_path(name);
  write_ngram_index(path, static_cast<std::uint32_t>(strings.size()), forms_of(strings), 11,
                    options);
  return path;
}

/// An index and the strings that it is of.
struct Opened {
  NgramIndex index;
  FormOf form;

  std::vector<Neighbour> search(std::string_view query, std::size_t k,
                                const RowFilter& filter = {}) const {
    return index.search(query, k, form, filter);
  }
  std::vector<float> score(std::string_view query, std::span<const std::uint32_t> rows,
                           NgramWorkspace& workspace) const {
    return index.score(index.prepare(query), rows, form, workspace);
  }
};

Opened opened(const Strings& strings, std::string_view name = "index",
              const NgramIndexOptions& options = {}, NgramEffort effort = {}) {
  return {NgramIndex::open(written(strings, name, options), effort), forms_of(strings)};
}

/// Words of a few letters, so that n-grams are shared by many rows and repeat within one.
Strings random_names(std::size_t count, std::uint64_t seed) {
  static const Strings kLetters = {"a", "b", "c", "d", "e", "ñ", "心", "𝒳"};
  Random random(seed);
  Strings names;
  for (std::size_t i = 0; i < count; ++i) {
    std::string name;
    for (std::size_t word = 0; word < 1 + random.below(4); ++word) {
      if (word > 0) name += ' ';
      const std::size_t size = 1 + random.below(9);
      for (std::size_t j = 0; j < size; ++j) name += kLetters[random.below(kLetters.size())];
    }
    names.push_back(name);
  }
  return names;
}

/// The definition, in double precision and maps of strings.
class BruteForce {
 public:
  explicit BruteForce(const Strings& names) : n_(names.size()) {
    for (const auto& name : names) {
      rows_.push_back(counts_of(name));
      for (const auto& term : rows_.back()) ++frequencies_[term.first];
    }
    for (auto& row : rows_) row = weighted(row);
  }

  std::vector<double> scores(std::string_view query) const {
    const auto weights = weighted(counts_of(query));
    std::vector<double> scores;
    for (const auto& row : rows_) {
      double sum = 0;
      for (const auto& term : weights) {
        const auto found = row.find(term.first);
        if (found != row.end()) sum += term.second * found->second;
      }
      scores.push_back(sum);
    }
    return scores;
  }

 private:
  using Weights = std::map<std::u32string, double>;

  static Weights counts_of(std::string_view text) {
    Weights counts;
    std::u32string word;
    const auto end_word = [&] {
      if (word.empty()) return;
      const std::u32string padded = U" " + word + U" ";
      for (std::size_t size = 2; size <= 4; ++size) {
        for (std::size_t i = 0; i + size <= padded.size(); ++i) ++counts[padded.substr(i, size)];
      }
      word.clear();
    };
    for (std::size_t at = 0; at < text.size();) {
      const CodePoint c = decode_utf8(text, at);
      at += c.size;
      if (c.value == U' ') {
        end_word();
      } else {
        word += c.value;
      }
    }
    end_word();
    return counts;
  }

  Weights weighted(const Weights& counts) const {
    Weights weights;
    double squares = 0;
    for (const auto& term : counts) {
      const auto df = frequencies_.find(term.first);
      if (df == frequencies_.end()) continue;
      const double weight =
          (1 + std::log(term.second)) * (1 + std::log((1.0 + double(n_)) / (1.0 + df->second)));
      weights[term.first] = weight;
      squares += weight * weight;
    }
    for (auto& term : weights) term.second /= std::sqrt(squares);
    return weights;
  }

  std::size_t n_;
  std::vector<Weights> rows_;
  std::map<std::u32string, int> frequencies_;
};

/// That `found` are k best rows by `scores` among those the filter allows, to the rounding of
/// floats.
void expect_best(const std::vector<Neighbour>& found, const std::vector<double>& scores,
                 std::size_t k, const RowFilter& filter = {}) {
  std::vector<double> expected;
  for (std::size_t row = 0; row < scores.size(); ++row) {
    if (filter.allows(row) && scores[row] > 0) expected.push_back(scores[row]);
  }
  std::sort(expected.begin(), expected.end(), std::greater<>());
  expected.resize(std::min(k, expected.size()));
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_TRUE(filter.allows(found[i].row));
    EXPECT_NEAR(found[i].score, expected[i], 1e-6);
    EXPECT_NEAR(found[i].score, scores[found[i].row], 1e-6);
    EXPECT_TRUE(i == 0 || better(found[i - 1], found[i])) << "order of " << i;
  }
}

TEST(NgramIndex, GivesTheCosinesOfScikitLearn) {
  std::ifstream file(TESTS_DIR "/parity/ngram_scores.tsv");
  Strings names;
  std::vector<std::pair<std::string, std::vector<double>>> queries;
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find('\t') + 1;
    if (line.starts_with("name")) {
      names.push_back(line.substr(first));
      continue;
    }
    const std::size_t second = line.find('\t', first);
    queries.emplace_back(line.substr(first, second - first), std::vector<double>());
    std::istringstream numbers(line.substr(second + 1));
    for (double score = 0; numbers >> score;) queries.back().second.push_back(score);
  }
  ASSERT_GE(names.size(), 10U);
  ASSERT_GE(queries.size(), 10U);
  const auto index = opened(names);
  NgramWorkspace workspace;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < names.size(); ++row) rows.push_back(row);
  for (const auto& [query, expected] : queries) {
    const auto scores = index.score(query, rows, workspace);
    ASSERT_EQ(expected.size(), rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
      EXPECT_NEAR(scores[row], expected[row], 1e-6) << query << " with " << names[row];
    }
    expect_best(index.search(query, 5), expected, 5);
  }
}

TEST(NgramIndex, AgreesWithBruteForceOnRandomNames) {
  const auto names = random_names(1000, 1);
  const BruteForce definition(names);
  const auto index = opened(names);
  EXPECT_EQ(index.index.size(), names.size());
  EXPECT_EQ(index.index.made_from(), 11U);
  EXPECT_TRUE(index.index.exact());
  for (const auto& query : random_names(15, 2)) {
    const auto scores = definition.scores(query);
    for (const std::size_t k : {1U, 7U, 15U, 16U, 17U, 500U, 100000U}) {
      expect_best(index.search(query, k), scores, k);
    }
  }
}

TEST(NgramIndex, SearchesSeveralBlocksOfRows) {
  const auto names = random_names(70'000, 3);
  const auto index = opened(names, "index", {.workers = 2});
  RowFilter filter(names.size());
  for (std::uint32_t row = 60'000; row < names.size(); row += 3) filter.allow(row);
  std::vector<std::uint32_t> rows(names.size());
  std::iota(rows.begin(), rows.end(), 0U);
  NgramWorkspace workspace;
  for (const auto& query : random_names(4, 4)) {
    const auto exact = index.score(query, rows, workspace);
    const std::vector<double> scores(exact.begin(), exact.end());
    expect_best(index.search(query, 200), scores, 200);
    expect_best(index.search(query, 200, filter), scores, 200, filter);
  }
}

TEST(NgramIndex, ReturnsOnlyAllowedRows) {
  const auto names = random_names(2000, 1);
  const BruteForce definition(names);
  const auto index = opened(names);
  for (const std::uint32_t every : {1U, 2U, 31U, 700U}) {
    RowFilter filter(names.size());
    for (std::uint32_t row = 5; row < names.size(); row += every) filter.allow(row);
    for (const auto& query : random_names(5, 2)) {
      const auto scores = definition.scores(query);
      expect_best(index.search(query, 10, filter), scores, 10, filter);
      expect_best(index.search(query, 5000, filter), scores, 5000, filter);
    }
  }
  EXPECT_TRUE(index.search(names[0], 10, RowFilter(names.size())).empty());
  EXPECT_TRUE(index.search(names[0], 10, RowFilter(0)).empty());
}

TEST(NgramIndex, ScoresRowsAsSearchDoes) {
  const auto names = random_names(2000, 1);
  const auto index = opened(names);
  NgramWorkspace workspace;
  for (const auto& query : random_names(20, 5)) {
    std::vector<std::uint32_t> rows;
    const auto found = index.search(query, 300);
    for (const Neighbour& neighbour : found) rows.push_back(neighbour.row);
    const auto scores = index.score(query, rows, workspace);
    for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(scores[i], found[i].score);
  }
}

TEST(NgramIndex, AWorkspaceServesAnyIndexAfterAnyOther) {
  const auto small = opened(random_names(10, 1), "small");
  const auto large = opened(random_names(900, 2), "large");
  NgramWorkspace workspace;
  const auto query = random_names(1, 3)[0];
  const auto proposing = opened(random_names(900, 2), "proposing", {.exact_rows = 0});
  for (const Opened* index : {&small, &large, &proposing, &small}) {
    const std::vector<std::uint32_t> rows = {0, 1, 2};
    EXPECT_EQ(index->index.search(index->index.prepare(query), 5, index->form, {}, workspace),
              index->search(query, 5));
    NgramWorkspace fresh;
    EXPECT_EQ(index->score(query, rows, workspace), index->score(query, rows, fresh));
  }
}

TEST(NgramIndex, BreaksTiesByRow) {
  const auto index = opened({"otro", "uno dos", "dos uno", "uno dos", "uno", "dos uno"});
  const auto found = index.search("uno dos", 3);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].row, 1U);
  EXPECT_EQ(found[1].row, 2U);
  EXPECT_EQ(found[2].row, 3U);
  EXPECT_EQ(found[0].score, found[2].score);
  EXPECT_NEAR(found[0].score, 1, 1e-6);
}

TEST(NgramIndex, GivesNothingWhereNothingIsShared) {
  const auto index = opened({"uno", "", "   ", "otro"});
  EXPECT_TRUE(index.search("", 5).empty());
  EXPECT_TRUE(index.search(" \t\u00a0", 5).empty());
  EXPECT_TRUE(index.search("心筋", 5).empty());
  EXPECT_TRUE(index.search("uno", 0).empty());
  EXPECT_EQ(index.search("uno", 5).size(), 2U);  // "o " is in both
  NgramWorkspace workspace;
  const std::vector<std::uint32_t> rows = {0, 1, 2};
  EXPECT_EQ(index.score("uno", rows, workspace)[1], 0);
  EXPECT_EQ(index.score("", rows, workspace), (std::vector<float>{0, 0, 0}));
}

TEST(NgramIndex, MayBeEmpty) {
  for (const Strings& names : {Strings{}, Strings{""}, Strings{" ", "\u3000"}}) {
    const auto index = opened(names);
    EXPECT_EQ(index.index.size(), names.size());
    EXPECT_EQ(index.index.terms(), 0U);
    EXPECT_TRUE(index.search("uno", 5).empty());
  }
}

TEST(NgramIndex, SplitsWordsWherePythonDoes) {
  const auto index = opened({"uno dos"});
  for (const std::string_view space :
       {"\t", "\n", "\x1c", "\x1f", "\u0085", "\u00a0", "\u1680", "\u2000", "\u200a", "\u2028",
        "\u202f", "\u205f", "\u3000"}) {
    const auto found = index.search(fmt::format("uno{}dos", space), 1);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NEAR(found[0].score, 1, 1e-6);
  }
  const auto joined = index.search("uno\u200bdos", 1);  // a zero-width space is none
  ASSERT_EQ(joined.size(), 1U);
  EXPECT_LT(joined[0].score, 0.99F);
}

TEST(NgramIndex, ResultsDoNotDependOnTheNumberOfWorkers) {
  const auto names = random_names(4500, 1);
  for (const std::uint32_t exact_rows : {0U, 10'000U}) {
    const NgramIndexOptions one{.workers = 1, .exact_rows = exact_rows};
    const NgramIndexOptions three{.workers = 3, .exact_rows = exact_rows};
    EXPECT_EQ(bytes_of(written(names, "one", one)), bytes_of(written(names, "three", three)));
    const auto index = opened(names, "index", one);
    const auto queries = random_names(300, 2);
    const std::vector<std::string_view> views(queries.begin(), queries.end());
    const auto found = index.index.search(views, 20, index.form, {}, 1);
    EXPECT_EQ(index.index.search(views, 20, index.form, {}, 4), found);
    for (std::size_t q = 0; q < queries.size(); ++q) {
      EXPECT_EQ(index.search(queries[q], 20), found[q]);
    }
  }
}

TEST(NgramIndex, MayHaveMoreWorkersThanRows) {
  for (const Strings& names : {Strings{}, Strings{"uno"}, Strings{"uno", "dos dos"}}) {
    EXPECT_EQ(bytes_of(written(names, "one")), bytes_of(written(names, "five", {.workers = 5})));
  }
}

TEST(NgramIndex, LeavesOutRowsWhoseFormIsEmpty) {
  const Strings names = {"", "uno", "", "uno dos", ""};
  const auto index = opened(names);
  NgramWorkspace workspace;
  const std::vector<std::uint32_t> rows = {0, 1, 2, 3, 4};
  const auto scores = index.score("uno", rows, workspace);
  const auto alone = BruteForce({"uno", "uno dos"}).scores("uno");
  EXPECT_NEAR(scores[1], alone[0], 1e-6);
  EXPECT_NEAR(scores[3], alone[1], 1e-6);
  EXPECT_EQ(scores[0] + scores[2] + scores[4], 0);
  EXPECT_EQ(index.search("uno", 5).size(), 2U);
}

TEST(NgramIndex, StopsWhenAsked) {
  const auto names = random_names(100, 1);
  const std::atomic<bool> cancelled = true;
  Progress progress;
  progress.cancelled = &cancelled;
  for (const std::size_t workers : {1U, 3U}) {
    const auto path = fresh_path();
    EXPECT_EQ(error_of([&] {
                write_ngram_index(path, 100, forms_of(names), 0, {.workers = workers}, progress);
              }),
              ErrorKind::kCancelled);
    EXPECT_FALSE(std::filesystem::exists(path));
  }
}

TEST(NgramIndex, TakesAnyNumberOfLetters) {
  std::string text;
  for (char32_t c = 0x10000; c < 0x10000 + 70'000; ++c) append_utf8(text, c);
  const auto index = opened({text, "uno"});
  const auto found = index.search(text, 2);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].score, 1, 1e-4);  // 200,000 terms share 31 bits
}

/// How many of the k best rows by `index` are missing from what it finds.
struct Recall {
  std::size_t found = 0, expected = 0;
};

Recall recall(const Opened& index, const Strings& queries, std::size_t k,
              const RowFilter& filter = {}) {
  Recall recall;
  std::vector<std::uint32_t> rows(index.index.size());
  std::iota(rows.begin(), rows.end(), 0U);
  NgramWorkspace workspace;
  for (const auto& query : queries) {
    auto scores = index.score(query, rows, workspace);
    const auto found = index.search(query, k, filter);
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_TRUE(filter.allows(found[i].row));
      EXPECT_EQ(found[i].score, scores[found[i].row]);
      EXPECT_TRUE(i == 0 || better(found[i - 1], found[i]));
    }
    for (std::uint32_t row = 0; row < scores.size(); ++row) {
      if (!filter.allows(row) || scores[row] <= 0) scores[row] = 0;
    }
    std::ranges::sort(scores, std::greater<>());
    scores.resize(std::min(k, scores.size()));
    std::erase(scores, 0.0F);
    recall.expected += scores.size();
    // Rows with the score of the last one are as good as it.
    for (const Neighbour& neighbour : found) {
      recall.found += neighbour.score >= scores.back() ? 1U : 0U;
    }
  }
  return recall;
}

/// Names of made-up words that many share, and queries that misspell some of them.
struct Terminology {
  Strings names, queries;

  explicit Terminology(std::size_t count, int searches = 60) {
    Random random(7);
    Strings words;
    for (int i = 0; i < 600; ++i) {
      std::string word;
      for (std::size_t j = 0; j < 4 + random.below(7); ++j) word += char('a' + random.below(20));
      words.push_back(word);
    }
    for (std::size_t i = 0; i < count; ++i) {
      std::string name;
      for (std::size_t j = 0; j < 1 + random.below(4); ++j) {
        const std::size_t at = random.below(600);
        name += (name.empty() ? "" : " ") + words[at * at / 600];
      }
      names.push_back(name);
    }
    for (int i = 0; i < searches; ++i) {
      queries.push_back(names[random.below(count)]);
      queries.back()[random.below(queries.back().size())] = 'x';
    }
  }
};

TEST(NgramIndex, ProposesNearlyAllOfTheBestOfManyRows) {
  const Terminology made(100'000, 20);
  const auto index = opened(made.names, "index", {.workers = 2, .exact_rows = 0});
  ASSERT_FALSE(index.index.exact());
  const Recall found = recall(index, made.queries, 25);
  EXPECT_GE(double(found.found), 0.995 * double(found.expected));
}

TEST(NgramIndex, ProposesWithLittleEffortToo) {
  const Terminology made(20'000);
  const auto index = opened(made.names, "index", {.exact_rows = 0}, {.octets = 300, .rows = 50});
  const Recall found = recall(index, made.queries, 5);
  EXPECT_GE(double(found.found), 0.8 * double(found.expected));
}

TEST(NgramIndex, ProposesAllowedRowsAsLongAsThereAreAny) {
  const Terminology made(20'000, 15);  // each with five filters
  const auto index = opened(made.names, "index", {.exact_rows = 0}, {.octets = 2000});
  for (const std::uint32_t every : {2U, 7U, 50U, 1000U, 15'000U}) {
    RowFilter filter(made.names.size());
    for (std::uint32_t row = 3; row < made.names.size(); row += every) filter.allow(row);
    const Recall found = recall(index, made.queries, 10, filter);
    EXPECT_GE(double(found.found), 0.93 * double(found.expected)) << every;
    // However many are asked for, all that share a trigram come.
    const auto all = index.search("abc", made.names.size(), filter);
    std::size_t expected = 0;
    for (std::uint32_t row = 3; row < made.names.size(); row += every) {
      const std::string padded = " " + made.names[row] + " ";
      expected += padded.find(" ab") != std::string::npos ||
                          padded.find("abc") != std::string::npos ||
                          padded.find("bc ") != std::string::npos
                      ? 1U
                      : 0U;
    }
    EXPECT_GE(all.size(), expected) << every;
  }
  EXPECT_TRUE(index.search(made.names[0], 10, RowFilter(made.names.size())).empty());
}

TEST(NgramIndex, ProposesFromOneRow) {
  const auto index = opened({"uno"}, "index", {.exact_rows = 0});
  EXPECT_EQ(index.search("uno", 5).size(), 1U);
  EXPECT_TRUE(index.search("", 5).empty());
  EXPECT_TRUE(index.search("xyz", 5).empty());
}

TEST(NgramIndex, PostsWhatThereIsWhereThereAreNoTrigrams) {
  const auto names = random_names(5000, 1);
  const auto index = opened(names, "index", {.lengths = {2, 2}, .exact_rows = 0});
  const Recall found = recall(index, random_names(20, 2), 10);
  EXPECT_GE(double(found.found), 0.98 * double(found.expected));
}

TEST(NgramIndex, GivesARowTheScoreItHasWhereWeightsWereLearnt) {
  const auto names = random_names(3000, 1);
  const Strings some(names.begin() + 100, names.begin() + 200);
  std::vector<std::uint32_t> here(some.size()), there(some.size());
  std::iota(here.begin(), here.end(), 0U);
  std::iota(there.begin(), there.end(), 100U);
  NgramWorkspace workspace;
  for (const std::uint32_t exact_rows : {0U, 10'000U}) {
    const auto base = opened(names, "base", {.exact_rows = exact_rows});
    const auto learnt = std::make_shared<const NgramIndex>(
        NgramIndex::open(written(names, "learnt", {.exact_rows = exact_rows})));
    const auto path = written(some, "some", {.learnt = learnt.get()});
    const Opened index{NgramIndex::open(path, {}, learnt), forms_of(some)};
    const Opened alone = opened(some, "alone");
    std::size_t same_alone = 0;
    for (std::size_t query = 0; query < 300; ++query) {  // names of the base, a third of them here
      const auto expected = base.score(names[query], there, workspace);
      EXPECT_EQ(index.score(names[query], here, workspace), expected) << query;
      same_alone += alone.score(names[query], here, workspace) == expected ? 1 : 0;
      const auto best = index.search(names[query], 1);
      if (!best.empty()) {
        EXPECT_EQ(best[0].score, expected[best[0].row]);
      }
    }
    EXPECT_LT(same_alone, 30U);
  }
}

TEST(NgramIndex, CountsWhatOnlyItsOwnRowsHaveAsRarest) {
  const auto base =
      std::make_shared<const NgramIndex>(NgramIndex::open(written({"uno", "dos", "tres"}, "base")));
  const auto path = written({"xyz", "uno xyz"}, "some", {.learnt = base.get()});
  const Opened index{NgramIndex::open(path, {}, base), forms_of({"xyz", "uno xyz"})};
  const auto found = index.search("xyz", 5);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].row, 0U);
  EXPECT_NEAR(found[0].score, 1, 1e-6);
  EXPECT_LT(found[1].score, 1);
  EXPECT_EQ(error_of([&] { NgramIndex::open(path); }), ErrorKind::kCorrupt);
}

TEST(NgramIndex, RefusesDamage) {
  for (const std::uint32_t exact_rows : {0U, 10U}) {
    expect_damage_refused(
        written({"uno dos", "dos dos", "心筋梗塞"}, "index", {.exact_rows = exact_rows}),
        [](const std::filesystem::path& path) { NgramIndex::open(path).verify(); });
  }
}

/// Enough rows for a list that is a bitmap, and repetitions.
Strings names_with_a_long_list() {
  auto names = random_names(300, 1);
  for (int i = 0; i < 4200; ++i) names.push_back("zz zz");
  return names;
}

TEST(NgramIndex, RefusesHostileNumbersUnderRightChecksums) {
  const auto names = names_with_a_long_list();
  for (const std::uint32_t exact_rows : {0U, 10'000U}) {
    const auto path = written(names, "index", {.exact_rows = exact_rows});
    const auto refused = [&](std::string_view section, const auto& change) {
      return error_of([&] {
               const auto hostile = rewritten(path, ngram_format::kKind, section, change);
               const Opened index{NgramIndex::open(hostile), forms_of(names)};
               index.search("zz zz", 5);
             }) == ErrorKind::kCorrupt;
    };
    const std::uint64_t far = ~std::uint64_t{0};
    for (const std::uint64_t rows : {std::uint64_t{0}, std::uint64_t{5}, far >> 32, far}) {
      EXPECT_TRUE(refused("shape", set_value(0, rows)));
    }
    EXPECT_TRUE(refused("shape", set_value<std::uint64_t>(1, names.size() + 1)));  // forms
    for (const std::uint32_t length : {0U, 5U}) {
      EXPECT_TRUE(refused("shape", set_value(4, length)));
      EXPECT_TRUE(refused("shape", set_value(6, length)));
    }
    EXPECT_TRUE(refused("shape", set_value(8, std::numeric_limits<float>::quiet_NaN())));
    EXPECT_TRUE(refused("shape", set_value(8, 0.5F)));
    for (const std::uint32_t search : {exact_rows > 0 ? 2U : 1U, 3U}) {
      EXPECT_TRUE(refused("shape", set_value(10, search)));
    }
    EXPECT_TRUE(refused("shape", drop(4)));
    for (const std::string_view starts : {"list starts", "posted buckets"}) {
      EXPECT_TRUE(refused(starts, [](std::vector<std::byte>& bytes) {
        std::ranges::fill(bytes, std::byte{0xFF});
      })) << starts;
    }
    EXPECT_TRUE(refused("list starts", drop(8)));
    EXPECT_TRUE(refused("posted buckets", drop(4)));
    EXPECT_TRUE(refused("posted keys", drop(8)));
    for (const std::byte fill : {std::byte{0}, std::byte{0xFF}}) {
      EXPECT_TRUE(refused("posted frequencies",
                          [=](std::vector<std::byte>& bytes) { std::ranges::fill(bytes, fill); }));
    }
    EXPECT_TRUE(refused("scales", drop(4)));
    EXPECT_TRUE(refused("lists", [](std::vector<std::byte>& bytes) { bytes.resize(8); }));
    if (exact_rows > 0) {
      EXPECT_TRUE(refused("extra starts", drop(8)));
      EXPECT_TRUE(refused("extras", [](std::vector<std::byte>& bytes) { bytes.resize(8); }));
    } else {
      EXPECT_TRUE(refused("row factors", drop(2)));
      EXPECT_TRUE(refused("octet factors", drop(2)));
    }
  }
}

TEST(NgramIndex, RefusesManyRowsAsAnEarlierVersionWroteThem) {
  const auto path = written({"uno dos"}, "index", {.exact_rows = 0});
  const auto before =
      rewritten(path, ngram_format::kKind, "shape", set_value<std::uint32_t>(10, 0));
  EXPECT_EQ(error_of([&] { NgramIndex::open(before); }), ErrorKind::kUnsupported);
}

TEST(NgramIndex, SurvivesAFileThatDisagreesWithItself) {
  const auto names = names_with_a_long_list();
  Random random(1);
  for (const std::uint32_t exact_rows : {0U, 10'000U}) {
    const auto path = written(names, "index", {.exact_rows = exact_rows});
    for (const std::string_view section :
         {"posted keys", "posted frequencies", "posted buckets", "other buckets", "list starts",
          "lists", "scales", "row factors", "octet factors", "extra starts", "extras"}) {
      const bool of_proposing = section.ends_with("factors");
      if (of_proposing && exact_rows > 0) continue;
      for (int i = 0; i < 15; ++i) {
        const auto hostile =
            rewritten(path, ngram_format::kKind, section, [&](std::vector<std::byte>& bytes) {
              for (std::size_t j = 0; !bytes.empty() && j < 3 + bytes.size() / 20; ++j)
                bytes[random.below(bytes.size())] = std::byte(random.below(256));
            });
        try {
          const Opened index{NgramIndex::open(hostile), forms_of(names)};
          NgramWorkspace workspace;
          const std::vector<std::uint32_t> rows = {
              0, static_cast<std::uint32_t>(index.index.size() - 1)};
          for (const std::string_view query : {"zz zz zz", "abc cde", "ñ心𝒳 aaaa"}) {
            const auto found = index.search(query, 50);
            EXPECT_LE(found.size(), 50U);
            for (const Neighbour& neighbour : found) EXPECT_LT(neighbour.row, names.size());
            index.score(query, rows, workspace);
          }
        } catch (const Error& error) {
          EXPECT_EQ(error.kind(), ErrorKind::kCorrupt);
        }
      }
    }
  }
}

}  // namespace
}  // namespace enlace
