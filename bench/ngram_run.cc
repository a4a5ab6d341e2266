// How long do building, opening and searching an n-gram index take? For bench/ngram_speed.py, which
// compares the answers and the times with scikit-learn's.
//
//   ngram_run NAMES QUERIES K WORKERS INDEX RESULTS
//
// NAMES and QUERIES have one normalised string per line. RESULTS receives for each query K pairs
// (u32 row, f32 score), little-endian, row 2^32 - 1 where there are no more neighbours. Times in
// seconds go to standard output as JSON: the least of five openings and of three searches, these by
// the clock on the wall and by the processors'.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <sys/resource.h>

#include "index/ngram_index.h"

namespace {

using enlace::Neighbour;

std::string content(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string_view> lines(std::string_view text) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    found.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

template <class Body>
double seconds(const Body& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void write_results(const char* path, const std::vector<std::vector<Neighbour>>& results,
                   std::size_t k) {
  std::ofstream file(path, std::ios::binary);
  for (auto neighbours : results) {
    neighbours.resize(k, {~std::uint32_t{0}, 0.0F});
    file.write(reinterpret_cast<const char*>(neighbours.data()),
               static_cast<std::streamsize>(k * sizeof(Neighbour)));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fputs("ngram_run NAMES QUERIES K WORKERS INDEX RESULTS\n", stderr);
    return 2;
  }
  const std::string names_text = content(argv[1]), queries_text = content(argv[2]);
  const auto names = lines(names_text), queries = lines(queries_text);
  const auto k = std::size_t(std::atoi(argv[3])), workers = std::size_t(std::atoi(argv[4]));
  const enlace::FormOf form = [&](std::uint32_t row, std::string& out) { out = names[row]; };
  std::filesystem::remove(argv[5]);
  const double build = seconds([&] {
    enlace::write_ngram_index(argv[5], std::uint32_t(names.size()), form, 0, {.workers = workers});
  });
  double open = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 5; ++i) {
    open = std::min(open, seconds([&] { enlace::NgramIndex::open(argv[5]); }));
  }
  const auto index = enlace::NgramIndex::open(argv[5]);
  std::vector<std::vector<Neighbour>> results;
  double search = std::numeric_limits<double>::infinity(), processor = search;
  for (int i = 0; i < 3; ++i) {
    const std::clock_t before = std::clock();
    search =
        std::min(search, seconds([&] { results = index.search(queries, k, form, {}, workers); }));
    processor = std::min(processor, double(std::clock() - before) / CLOCKS_PER_SEC);
  }
  write_results(argv[6], results, k);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "{\"names\": %zu, \"queries\": %zu, \"terms\": %zu, \"build_s\": %.4f, \"open_s\": %.4f, "
      "\"search_s\": %.4f, \"cpu_s\": %.4f, \"index_bytes\": %ju, \"peak_memory_kb\": %ld}\n",
      names.size(), queries.size(), index.terms(), build, open, search, processor,
      std::uintmax_t(std::filesystem::file_size(argv[5])), usage.ru_maxrss);
}
