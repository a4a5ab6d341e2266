// What does an n-gram index cost at the size of the largest terminologies, and how much of the
// exact answer does it find?
//
//   ngram_scale ROWS QUERIES INDEX [WORKERS [OCTETS SHORTLIST …]]
//
// Builds an index of ROWS distinct made-up names (bench/medical_names.h) at INDEX, or takes the one
// that is there, searches it for QUERIES misspelt ones, and compares with the scores of all rows.
// Writes lines of JSON: the build, the bytes of each part, and the search for each pair of OCTETS
// and SHORTLIST.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <sys/resource.h>

#include "base/hash.h"
#include "base/parallel.h"
#include "index/ngram_index.h"
#include "index/ngram_weights.h"
#include "medical_names.h"

namespace {

using namespace enlace;  // NOLINT(google-build-using-namespace): a program

constexpr std::size_t kNeighbours = 25;

template <class Body>
double seconds(const Body& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double peak_memory_mb() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return double(usage.ru_maxrss) / 1024;
}

/// Distinct strings, in the order of their bytes.
struct Names {
  std::string text;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> places;  // offset, size

  std::string_view operator[](std::size_t i) const {
    return {text.data() + places[i].first, places[i].second};
  }
};

Names make_names(std::size_t count) {
  MedicalNames source(1);
  Names names;
  std::unordered_set<std::uint64_t> seen;
  seen.reserve(count);
  for (std::string name; names.places.size() < count;) {
    source.next(name);
    if (!seen.insert(hash_bytes(name)).second) continue;
    names.places.emplace_back(names.text.size(), std::uint32_t(name.size()));
    names.text += name;
  }
  const auto view = [&](const auto& place) {
    return std::string_view(names.text.data() + place.first, place.second);
  };
  std::ranges::sort(names.places, {}, view);
  return names;
}

/// The k best rows of each query among all, by the definition of score(), for all queries at once.
class Exhaustive {
 public:
  Exhaustive(const std::filesystem::path& path, const NgramIndex& index,
             const std::vector<std::string>& queries)
      : file_(SectionFile::open(path, ngram_format::kKind)),
        lengths_(file_.value<ngram_format::Shape>("shape").lengths),
        scales_(file_.array<float>("scales")) {
    for (std::uint32_t q = 0; q < queries.size(); ++q) {
      const NgramQuery query = index.prepare(queries[q]);
      units_.push_back(query.unit);
      for (const auto& term : query.terms) uses_[term.key].push_back({q, term.weight});
    }
  }

  std::vector<std::vector<Neighbour>> search(const Names& names, std::size_t workers) const {
    std::vector<std::vector<TopK>> best(workers,
                                        std::vector<TopK>(units_.size(), TopK(kNeighbours)));
    const std::size_t chunks = 256, rows = names.places.size();
    parallel_for(workers, chunks, [&](std::size_t worker, std::size_t chunk) {
      NgramCounts counts;
      std::vector<std::uint32_t> sums(units_.size());
      for (std::size_t row = rows * chunk / chunks; row < rows * (chunk + 1) / chunks; ++row) {
        std::fill(sums.begin(), sums.end(), 0U);
        for (const auto& ngram : counts.of(names[row], lengths_)) {
          const auto uses = uses_.find(ngram.key);
          if (uses == uses_.end()) continue;
          for (const Use& use : uses->second) {
            sums[use.query] += std::uint32_t(use.weight);
            if (ngram.count > 1) {
              sums[use.query] += std::uint32_t(gained(use.weight, gain_of(ngram.count)));
            }
          }
        }
        for (std::size_t q = 0; q < sums.size(); ++q) {
          const float score = float(std::int32_t(sums[q])) * scales_[row] * units_[q];
          if (score > best[worker][q].floor()) best[worker][q].offer({std::uint32_t(row), score});
        }
      }
    });
    std::vector<std::vector<Neighbour>> found;
    for (std::size_t q = 0; q < units_.size(); ++q) {
      TopK all(kNeighbours);
      for (auto& of_worker : best) {
        for (const Neighbour& neighbour : of_worker[q].take()) all.offer(neighbour);
      }
      found.push_back(all.take());
    }
    return found;
  }

 private:
  struct Use {
    std::uint32_t query;
    std::int32_t weight;
  };
  SectionFile file_;
  NgramLengths lengths_;
  std::span<const float> scales_;
  std::vector<float> units_;
  std::unordered_map<NgramKey, std::vector<Use>> uses_;
};

/// The share of the best rows that were found; as good as the last of them is good enough.
double recall(const std::vector<std::vector<Neighbour>>& found,
              const std::vector<std::vector<Neighbour>>& best) {
  std::size_t right = 0, all = 0;
  for (std::size_t q = 0; q < best.size(); ++q) {
    all += best[q].size();
    for (const Neighbour& neighbour : found[q]) {
      right += neighbour.score >= best[q].back().score ? 1U : 0U;
    }
  }
  return double(right) / double(all);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("ngram_scale ROWS QUERIES INDEX [WORKERS [OCTETS SHORTLIST ...]]\n", stderr);
    return 2;
  }
  const auto rows = std::size_t(std::atoll(argv[1])), asked = std::size_t(std::atoll(argv[2]));
  const std::filesystem::path path = argv[3];
  const std::size_t workers = argc > 4 ? std::size_t(std::atoi(argv[4])) : 2;
  const Names names = make_names(rows);
  const FormOf form = [&](std::uint32_t row, std::string& out) { out = names[row]; };
  if (!std::filesystem::exists(path)) {
    const double before = peak_memory_mb();
    const double build = seconds([&] {
      write_ngram_index(path, std::uint32_t(rows), form, 0,
                        {.workers = workers, .exact_rows = 100'000});
    });
    std::printf("{\"rows\": %zu, \"letters\": %.2f, \"build_s\": %.2f, \"build_mb\": %.0f}\n", rows,
                double(names.text.size()) / double(rows), build, peak_memory_mb() - before);
  }
  const SectionFile file = SectionFile::open(path, ngram_format::kKind);
  std::printf("{\"bytes_a_row\": %.2f", double(file.size()) / double(rows));
  for (const Section& section : file.sections()) {
    std::printf(", \"%.*s\": %.2f", int(section.name.size()), section.name.data(),
                double(section.bytes.size()) / double(rows));
  }
  std::printf("}\n");
  std::fflush(stdout);

  MedicalNames editor(2);
  std::vector<std::string> queries;
  while (queries.size() < asked) {
    queries.push_back(editor.misspelt(std::string(names[editor.random().below(rows)])));
  }
  const std::vector<std::string_view> views(queries.begin(), queries.end());
  std::vector<std::vector<Neighbour>> best;
  const double exhaustive = seconds(
      [&] { best = Exhaustive(path, NgramIndex::open(path), queries).search(names, workers); });
  std::printf("{\"exhaustive_s\": %.1f}\n", exhaustive);
  for (int i = 5; i == 5 || i + 1 < argc; i += 2) {
    NgramEffort effort;
    if (i + 1 < argc)
      effort = {std::size_t(std::atoll(argv[i])), std::size_t(std::atoll(argv[i + 1]))};
    const NgramIndex index = NgramIndex::open(path, effort);
    std::vector<std::vector<Neighbour>> found;
    std::printf("{\"octets\": %zu, \"shortlist\": %zu", effort.octets, effort.rows);
    index.search(views, kNeighbours, form, {}, workers);  // proves the pages
    for (const std::size_t threads : {std::size_t{1}, workers}) {
      double least = 1e9;
      for (int round = 0; round < 2; ++round) {
        least = std::min(
            least, seconds([&] { found = index.search(views, kNeighbours, form, {}, threads); }));
      }
      std::printf(", \"per_s_%zu\": %.0f", threads, double(asked) / least);
    }
    std::printf(", \"recall\": %.4f}\n", recall(found, best));
    std::fflush(stdout);
  }
}
