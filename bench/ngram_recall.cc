// Which of the best names does the n-gram search of a large knowledge base miss, and what does it
// cost?
//
//   ngram_recall KB MENTIONS CACHE [OCTETS ROWS …]
//
// Searches MENTIONS made mentions (made_mentions.h) for 25 names, with the effort there is and with
// each pair of OCTETS and ROWS, and compares with the exhaustive computation, which is kept in the
// file CACHE. Every second mention is for tuning, the others are for reporting. Writes lines of
// JSON: recall of both halves and by kind of mention, and mentions a second of one processor's
// time.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "base/hash.h"
#include "base/parallel.h"
#include "exhaustive_ngrams.h"
#include "link/kb_folder.h"
#include "link/text_forms.h"
#include "made_mentions.h"

namespace {

using namespace enlace;  // NOLINT(google-build-using-namespace): a program

constexpr std::size_t kNeighbours = 25;
using Answers = std::vector<std::vector<Neighbour>>;

/// The answers in `cache` if it holds those for `key`.
bool read_answers(const std::filesystem::path& cache, std::uint64_t key, Answers& answers) {
  std::ifstream file(cache, std::ios::binary);
  std::uint64_t found = 0;
  const auto read = [&](auto* to, std::size_t count) {
    file.read(reinterpret_cast<char*>(to), std::streamsize(count * sizeof *to));
  };
  read(&found, 1);
  for (auto& best : answers) {
    std::uint64_t size = 0;
    read(&size, 1);
    if (!file || found != key || size > kNeighbours) return false;
    best.resize(size);
    read(best.data(), size);
  }
  return bool(file);
}

void write_answers(const std::filesystem::path& cache, std::uint64_t key, const Answers& answers) {
  std::ofstream file(cache, std::ios::binary);
  const auto write = [&](const auto* from, std::size_t count) {
    file.write(reinterpret_cast<const char*>(from), std::streamsize(count * sizeof *from));
  };
  write(&key, 1);
  for (const auto& best : answers) {
    const std::uint64_t size = best.size();
    write(&size, 1);
    write(best.data(), size);
  }
}

/// Recall over the mentions that `chosen` takes.
template <class Chosen>
double recall_of(const Answers& found, const Answers& best, const Chosen& chosen) {
  Answers some_found, some_best;
  for (std::size_t i = 0; i < best.size(); ++i) {
    if (!chosen(i)) continue;
    some_found.push_back(found[i]);
    some_best.push_back(best[i]);
  }
  return recall(some_found, some_best);
}

void measure(const NgramIndex& index, const std::vector<std::string>& queries, const FormOf& form,
             const std::vector<MadeMention>& mentions, const Answers& best) {
  Answers found(queries.size());
  NgramWorkspace workspace;
  double least = 1e9;
  for (std::size_t round = 0; round < 3; ++round) {
    const std::clock_t before = std::clock();
    for (std::size_t i = 0; i < queries.size(); ++i) {
      found[i] = index.search(index.prepare(queries[i]), kNeighbours, form, {}, workspace);
    }
    least = std::min(least, double(std::clock() - before) / CLOCKS_PER_SEC);
  }
  fmt::print("{{\"tuning\": {:.4f}, \"reported\": {:.4f}",
             recall_of(found, best, [](std::size_t i) { return i % 2 == 0; }),
             recall_of(found, best, [](std::size_t i) { return i % 2 == 1; }));
  for (std::size_t kind = 0; kind < kMentionKinds.size(); ++kind) {
    fmt::print(", \"{}\": {:.4f}", kMentionKinds[kind],
               recall_of(found, best, [&](std::size_t i) { return mentions[i].kind == kind; }));
  }
  fmt::print(", \"per processor second\": {:.0f}}}\n", double(queries.size()) / least);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("ngram_recall KB MENTIONS CACHE [OCTETS ROWS ...]\n", stderr);
    return 2;
  }
  const KbFolder folder = open_kb_folder(argv[1]);
  const std::filesystem::path path = folder.path / kb_files::kNgrams;
  const NameForms forms;
  const FormOf form = text_forms(folder.kb, forms, &NameForms::spelling);
  const auto mentions = made_mentions(folder.kb, std::size_t(std::atoll(argv[2])), 7);
  std::vector<std::string> queries;
  std::uint64_t key = folder.kb.file().fingerprint();
  for (const MadeMention& mention : mentions) {
    forms.spelling(mention.text, queries.emplace_back());
    key = 31 * key + hash_bytes(queries.back());
  }
  Answers best(queries.size());
  if (!read_answers(argv[3], key, best)) {
    best = ExhaustiveNgrams(path, *folder.ngrams.ngrams, queries)
               .search(form, kNeighbours, machine_workers());
    write_answers(argv[3], key, best);
  }
  measure(*folder.ngrams.ngrams, queries, form, mentions, best);
  for (int i = 4; i + 1 < argc; i += 2) {
    const NgramEffort effort = {std::size_t(std::atoll(argv[i])),
                                std::size_t(std::atoll(argv[i + 1]))};
    fmt::print("{} octets, {} rows: ", effort.octets, effort.rows);
    measure(NgramIndex::open(path, effort), queries, form, mentions, best);
  }
  return 0;
}
