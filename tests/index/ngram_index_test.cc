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

std::filesystem::path written(const Strings& strings, std::string_view name = "index",
                              std::size_t workers = 1) {
  const auto path = fresh_path(name);
  const std::vector<std::string_view> views(strings.begin(), strings.end());
  write_ngram_index(path, views, 11, {.workers = workers});
  return path;
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
  const auto index = NgramIndex::open(written(names));
  NgramWorkspace workspace;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < names.size(); ++row) rows.push_back(row);
  for (const auto& [query, expected] : queries) {
    const auto scores = index.score(index.prepare(query), rows, workspace);
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
  const auto index = NgramIndex::open(written(names));
  EXPECT_EQ(index.size(), names.size());
  EXPECT_EQ(index.made_from(), 11U);
  for (const auto& query : random_names(15, 2)) {
    const auto scores = definition.scores(query);
    for (const std::size_t k : {1U, 7U, 15U, 16U, 17U, 500U, 100000U}) {
      expect_best(index.search(query, k), scores, k);
    }
  }
}

TEST(NgramIndex, SearchesSeveralBlocksOfRows) {
  const auto names = random_names(70'000, 3);
  const auto index = NgramIndex::open(written(names, "index", 2));
  RowFilter filter(names.size());
  for (std::uint32_t row = 60'000; row < names.size(); row += 3) filter.allow(row);
  std::vector<std::uint32_t> rows(names.size());
  std::iota(rows.begin(), rows.end(), 0U);
  NgramWorkspace workspace;
  for (const auto& query : random_names(4, 4)) {
    const auto exact = index.score(index.prepare(query), rows, workspace);
    const std::vector<double> scores(exact.begin(), exact.end());
    expect_best(index.search(query, 200), scores, 200);
    expect_best(index.search(query, 200, filter), scores, 200, filter);
  }
}

TEST(NgramIndex, ReturnsOnlyAllowedRows) {
  const auto names = random_names(2000, 1);
  const BruteForce definition(names);
  const auto index = NgramIndex::open(written(names));
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
  const auto index = NgramIndex::open(written(names));
  NgramWorkspace workspace;
  for (const auto& query : random_names(20, 5)) {
    std::vector<std::uint32_t> rows;
    const auto found = index.search(query, 300);
    for (const Neighbour& neighbour : found) rows.push_back(neighbour.row);
    const auto scores = index.score(index.prepare(query), rows, workspace);
    for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(scores[i], found[i].score);
  }
}

TEST(NgramIndex, AWorkspaceServesAnyIndexAfterAnyOther) {
  const auto small = NgramIndex::open(written(random_names(10, 1), "small"));
  const auto large = NgramIndex::open(written(random_names(900, 2), "large"));
  NgramWorkspace workspace;
  const auto query = random_names(1, 3)[0];
  for (const NgramIndex* index : {&small, &large, &small}) {
    const std::vector<std::uint32_t> rows = {0, 1, 2};
    EXPECT_EQ(index->search(index->prepare(query), 5, {}, workspace), index->search(query, 5));
    NgramWorkspace fresh;
    EXPECT_EQ(index->score(index->prepare(query), rows, workspace),
              index->score(index->prepare(query), rows, fresh));
  }
}

TEST(NgramIndex, BreaksTiesByRow) {
  const auto index =
      NgramIndex::open(written({"otro", "uno dos", "dos uno", "uno dos", "uno", "dos uno"}));
  const auto found = index.search("uno dos", 3);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].row, 1U);
  EXPECT_EQ(found[1].row, 2U);
  EXPECT_EQ(found[2].row, 3U);
  EXPECT_EQ(found[0].score, found[2].score);
  EXPECT_NEAR(found[0].score, 1, 1e-6);
}

TEST(NgramIndex, GivesNothingWhereNothingIsShared) {
  const auto index = NgramIndex::open(written({"uno", "", "   ", "otro"}));
  EXPECT_TRUE(index.search("", 5).empty());
  EXPECT_TRUE(index.search(" \t\u00a0", 5).empty());
  EXPECT_TRUE(index.search("心筋", 5).empty());
  EXPECT_TRUE(index.search("uno", 0).empty());
  EXPECT_EQ(index.search("uno", 5).size(), 2U);  // "o " is in both
  NgramWorkspace workspace;
  const std::vector<std::uint32_t> rows = {0, 1, 2};
  EXPECT_EQ(index.score(index.prepare("uno"), rows, workspace)[1], 0);
  EXPECT_EQ(index.score(index.prepare(""), rows, workspace), (std::vector<float>{0, 0, 0}));
}

TEST(NgramIndex, MayBeEmpty) {
  for (const Strings& names : {Strings{}, Strings{""}, Strings{" ", "\u3000"}}) {
    const auto index = NgramIndex::open(written(names));
    EXPECT_EQ(index.size(), names.size());
    EXPECT_EQ(index.terms(), 0U);
    EXPECT_TRUE(index.search("uno", 5).empty());
  }
}

TEST(NgramIndex, SplitsWordsWherePythonDoes) {
  const auto index = NgramIndex::open(written({"uno dos"}));
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
  EXPECT_EQ(bytes_of(written(names, "one", 1)), bytes_of(written(names, "four", 4)));
  const auto index = NgramIndex::open(written(names));
  const auto queries = random_names(300, 2);
  const std::vector<std::string_view> views(queries.begin(), queries.end());
  const auto one = index.search(views, 20, {}, 1);
  EXPECT_EQ(index.search(views, 20, {}, 4), one);
  for (std::size_t q = 0; q < queries.size(); ++q) {
    EXPECT_EQ(index.search(queries[q], 20), one[q]);
  }
}

TEST(NgramIndex, StopsWhenAsked) {
  const auto names = random_names(100, 1);
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::atomic<bool> cancelled = true;
  Progress progress;
  progress.cancelled = &cancelled;
  const auto path = fresh_path();
  EXPECT_EQ(error_of([&] { write_ngram_index(path, views, 0, {}, progress); }),
            ErrorKind::kCancelled);
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(NgramIndex, RefusesMoreLettersThanItCanNumber) {
  std::string text;
  for (char32_t c = 0x10000; c < 0x10000 + 65536; ++c) append_utf8(text, c);
  EXPECT_EQ(error_of([&] { written({text}); }), ErrorKind::kUnsupported);
}

TEST(NgramIndex, RefusesDamage) {
  expect_damage_refused(written({"uno dos", "dos dos", "心筋梗塞"}),
                        [](const std::filesystem::path& path) { NgramIndex::open(path).verify(); });
}

/// Enough rows for a long list, and repetitions.
Strings names_with_a_long_list() {
  auto names = random_names(300, 1);
  for (int i = 0; i < 4200; ++i) names.push_back("zz zz");
  return names;
}

TEST(NgramIndex, RefusesHostileNumbersUnderRightChecksums) {
  const auto names = names_with_a_long_list();
  const auto path = written(names);
  const auto index = NgramIndex::open(path);
  const auto T = static_cast<std::uint32_t>(index.terms());
  const auto n = static_cast<std::uint32_t>(index.size());
  const auto file = SectionFile::open(path, "ngrams");
  const auto refused = [&](std::string_view section, const auto& change) {
    return error_of([&] { NgramIndex::open(rewritten(path, "ngrams", section, change)); }) ==
           ErrorKind::kCorrupt;
  };
  const auto lists = file.array<ngram_format::List>("lists");
  std::size_t dense = 0;
  while (lists[dense].size < ngram_format::kDenseSize) ++dense;

  EXPECT_TRUE(refused("letters", set_value<std::uint32_t>(1, 0)));
  EXPECT_TRUE(refused("keys", set_value<std::uint64_t>(3, 0)));
  EXPECT_TRUE(refused("slots", set_value<std::uint32_t>(0, T)));
  EXPECT_TRUE(refused("slots", drop(4)));
  EXPECT_TRUE(refused("slots", [](std::vector<std::byte>& bytes) {
    std::fill(bytes.begin(), bytes.end(), std::byte{0});
  }));
  for (const float value : {-1.0F, 1e30F, std::numeric_limits<float>::quiet_NaN()}) {
    EXPECT_TRUE(refused("idf", set_value(0, value)));
    EXPECT_TRUE(refused("peaks", set_value(0, value)));
    EXPECT_TRUE(refused("scales", set_value(0, value)));
    EXPECT_TRUE(refused("extras", set_value(1, value)));
    EXPECT_TRUE(refused("row extras", set_value(1, value)));
  }
  EXPECT_TRUE(refused("scales", set_value(n, 0.5F)));
  EXPECT_TRUE(refused("scales", drop(4)));
  for (const std::string_view starts :
       {"row starts", "row extra starts", "list starts", "extra starts"}) {
    EXPECT_TRUE(refused(starts, set_value<std::uint64_t>(1, ~std::uint64_t{0}))) << starts;
    EXPECT_TRUE(refused(starts, set_value<std::uint64_t>(0, 1))) << starts;
    EXPECT_TRUE(refused(starts, drop(8))) << starts;
  }
  EXPECT_TRUE(refused("row terms", set_value<std::uint32_t>(0, T)));
  EXPECT_TRUE(refused("row terms", drop(4)));
  EXPECT_TRUE(refused("row extras", set_value<std::uint32_t>(0, T)));
  EXPECT_TRUE(refused("extras", set_value<std::uint32_t>(0, n)));
  EXPECT_TRUE(refused("postings", set_value<std::uint16_t>(0, static_cast<std::uint16_t>(n))));
  EXPECT_TRUE(refused("postings", drop(2)));
  EXPECT_TRUE(refused("bitmaps", drop(8)));
  EXPECT_TRUE(refused("lists", set_value<std::uint64_t>(0, ~std::uint64_t{0})));
  EXPECT_TRUE(refused("lists", set_value<std::uint64_t>(2 * dense, ~std::uint64_t{0})));
  EXPECT_TRUE(refused("lists", set_value<std::uint32_t>(2, 1)));                  // block
  EXPECT_TRUE(refused("lists", set_value<std::uint32_t>(4 * dense + 3, n + 1)));  // size
}

TEST(NgramIndex, SurvivesAFileThatDisagreesWithItself) {
  const auto path = written(names_with_a_long_list());
  Random random(1);
  for (const std::string_view section :
       {"keys", "idf", "peaks", "scales", "row terms", "postings", "bitmaps", "extras", "lists"}) {
    for (int i = 0; i < 15; ++i) {
      const auto hostile = rewritten(path, "ngrams", section, [&](std::vector<std::byte>& bytes) {
        for (int j = 0; j < 3; ++j)
          bytes[random.below(bytes.size())] = std::byte(random.below(256));
      });
      try {
        const auto index = NgramIndex::open(hostile);
        NgramWorkspace workspace;
        const std::vector<std::uint32_t> rows = {0, static_cast<std::uint32_t>(index.size() - 1)};
        for (const std::string_view query : {"zz zz zz", "abc cde", "ñ心𝒳 aaaa"}) {
          EXPECT_LE(index.search(query, 50).size(), 50U);
          index.score(index.prepare(query), rows, workspace);
        }
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::kCorrupt);
      }
    }
  }
}

}  // namespace
}  // namespace enlace
