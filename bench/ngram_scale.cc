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
#include <unordered_set>
#include <vector>

#include <sys/resource.h>

#include "base/hash.h"
#include "exhaustive_ngrams.h"
#include "index/ngram_index.h"
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
  const double exhaustive = seconds([&] {
    best =
        ExhaustiveNgrams(path, NgramIndex::open(path), queries).search(form, kNeighbours, workers);
  });
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
