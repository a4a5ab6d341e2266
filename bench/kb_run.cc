// How fast is a large knowledge base? Run by umls.py.
//
//   kb_run KB QUERIES CHECKED
//
// Opens the folder, with its files out of the page cache and in it, then looks up (256 at once) and
// searches QUERIES mentions made of its own names, seeded: as they are, in other case, with a
// letter changed, a word dropped or words in another order. Of CHECKED of them the 25 best rows of
// the n-gram search are compared with the exhaustive computation. Prints one JSON object; times in
// seconds.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/parallel.h"
#include "exhaustive_ngrams.h"
#include "io/descriptor.h"
#include "io/json_writer.h"
#include "link/exact_retriever.h"
#include "link/kb_parts.h"
#include "link/ngram_retriever.h"
#include "link/text_forms.h"
#include "made_mentions.h"
#include "seconds_of.h"

namespace enlace {
namespace {

constexpr std::size_t kTogether = 256;  // mentions looked up at once
constexpr std::uint64_t kSeed = 11;     // ngram_recall.cc tunes with others

/// Bytes of memory that are this process's now, mapped pages included.
std::uint64_t resident() {
  std::uint64_t pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%*u %lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * std::uint64_t(::sysconf(_SC_PAGESIZE));
}

/// Takes the files of a folder out of the page cache. Requires that no page of them is mapped.
void forget_pages(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const Descriptor file(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC));
    if (file.value < 0 || !entry.is_regular_file()) continue;
    ::fdatasync(file.value);  // only what is on the disk can be forgotten
    ::posix_fadvise(file.value, 0, 0, POSIX_FADV_DONTNEED);
  }
}

/// Mentions a second of a retriever that returns 25 candidates; the best of three rounds.
double rate(const Retriever& retriever, const std::vector<std::string>& mentions,
            std::size_t workers) {
  SearchOptions options;
  options.k = 25;
  options.workers = workers;
  double least = 1e9;
  for (std::size_t round = 0; round < 3; ++round) {
    least = std::min(least, seconds_of([&] { retriever.retrieve(mentions, options); }));
  }
  return double(mentions.size()) / least;
}

/// The share of the 25 best rows of `checked` of the mentions that the search finds.
double recall_of(const KbFolder& folder, const std::vector<std::string>& mentions,
                 std::size_t checked) {
  const NameForms forms;
  const NgramIndex& index = *folder.ngrams.ngrams;
  const FormOf form_of = text_forms(folder.kb, forms, &NameForms::spelling);
  std::vector<std::string> queries(checked);
  for (std::size_t i = 0; i < checked; ++i) {
    forms.spelling(mentions[i * mentions.size() / checked], queries[i]);
  }
  const std::vector<std::string_view> views(queries.begin(), queries.end());
  const auto found = index.search(views, 25, form_of, {}, machine_workers());
  const ExhaustiveNgrams exhaustive(folder.path / kb_files::kNgrams, index, queries);
  return recall(found, exhaustive.search(form_of, 25, machine_workers()));
}

int run(const char* path, std::size_t count, std::size_t checked) {
  double opening = 1e9, cold_opening = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    forget_pages(path);
    cold_opening = std::max(cold_opening, seconds_of([&] { open_kb_folder(path); }));
    opening = std::min(opening, seconds_of([&] { open_kb_folder(path); }));
  }
  const KbFolder folder = open_kb_folder(path);
  const std::uint64_t resident_open = resident();
  std::vector<std::string> mentions;
  for (MadeMention& made : made_mentions(folder.kb, count, kSeed)) {
    mentions.push_back(std::move(made.text));
  }
  const KbPart whole{&folder};
  const ExactRetriever exact(whole);
  const NgramRetriever ngram(whole);
  const NameForms forms;
  const FormOf key_of = text_forms(folder.kb, forms, &NameForms::exact);
  double look_up = 1e9;
  for (std::size_t round = 0; round < 5; ++round) {
    std::vector<std::string> keys(kTogether);
    std::size_t found = 0;
    look_up = std::min(look_up, seconds_of([&] {
                         for (std::size_t i = 0; i < mentions.size(); ++i) {
                           forms.exact(mentions[i], keys[i % kTogether]);
                           if ((i + 1) % kTogether != 0 && i + 1 != mentions.size()) continue;
                           const auto some = std::span(keys).first(i % kTogether + 1);
                           for (const auto& texts : folder.exact.find(some, key_of)) {
                             found += texts.size();
                           }
                         }
                       }));
    if (found == 0) return 1;
  }
  JsonWriter json;
  json.object().member("names", std::uint64_t{folder.kb.name_count()});
  json.member("texts", std::uint64_t{folder.kb.text_count()});
  json.member("open", opening)
      .member("open cold", cold_opening)
      .member("resident when opened", resident_open);
  json.member("exact look-ups/s", double(mentions.size()) / look_up);
  const std::vector<std::string> fewer(mentions.begin(),
                                       mentions.begin() + std::ptrdiff_t(mentions.size() / 10));
  json.member("exact linked/s", rate(exact, mentions, 1));
  json.member("ngram/s, 1 thread", rate(ngram, fewer, 1));
  json.member("ngram/s, all threads", rate(ngram, fewer, machine_workers()));
  json.member("resident after", resident());
  json.member("recall@25", recall_of(folder, mentions, checked))
      .member("checked", std::uint64_t{checked});
  json.key("bytes a name").object();
  const double per_name = 1.0 / folder.kb.name_count();
  double text = 0, total = 0;
  for (const Section& section : folder.kb.file().sections()) {
    if (section.name == "text.bytes") text = double(section.bytes.size());
  }
  for (const ManifestFile& file : folder.manifest.files) {
    total += double(file.size);
    json.member(file.name,
                (double(file.size) - (file.name == kb_files::kConcepts ? text : 0)) * per_name);
  }
  json.member("all but text", (total - text) * per_name).member("text", text * per_name).close();
  json.close();
  fmt::print("{}\n", json.text());
  return 0;
}

}  // namespace
}  // namespace enlace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  try {
    return enlace::run(argv[1], std::strtoul(argv[2], nullptr, 10),
                       std::strtoul(argv[3], nullptr, 10));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
