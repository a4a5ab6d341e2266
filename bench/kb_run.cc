// How fast is a large knowledge base? Run by umls.py.
//
//   kb_run KB QUERIES CHECKED
//
// Opens the folder, then looks up and searches QUERIES mentions made of its own names, seeded: as
// they are, in other case, with a letter changed, a word dropped or words in another order. Of
// CHECKED of them the 25 best rows of the n-gram search are compared with the exhaustive
// computation. Prints one JSON object; times in seconds.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/parallel.h"
#include "base/random.h"
#include "io/json_writer.h"
#include "link/exact_retriever.h"
#include "link/kb_folder.h"
#include "link/ngram_retriever.h"
#include "link/text_forms.h"
#include "seconds_of.h"

namespace enlace {
namespace {

/// Bytes of memory that are this process's now, mapped pages included.
std::uint64_t resident() {
  std::uint64_t pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%*u %lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * std::uint64_t(::sysconf(_SC_PAGESIZE));
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ' ') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// A mention that somebody might write for `name`.
std::string mention_of(std::string name, Random& random) {
  std::vector<std::string> words = words_of(name);
  switch (random.below(5)) {
    case 0: return name;
    case 1:
      for (char& c : name) c = c >= 'a' && c <= 'z' ? char(c - 32) : c;
      return name;
    case 2: {  // an ASCII letter becomes another
      const std::size_t at = random.below(name.size());
      if (name[at] >= 'a' && name[at] <= 'z') name[at] = char('a' + random.below(26));
      return name;
    }
    case 3:
      if (words.size() > 1) words.erase(words.begin() + std::ptrdiff_t(random.below(words.size())));
      return joined(words);
    default: std::reverse(words.begin(), words.end()); return joined(words);
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

/// The share of the exhaustive 25 best rows that the search finds; rows as good as the last count.
double recall(const KbFolder& folder, const std::vector<std::string>& mentions,
              std::size_t checked) {
  const NameForms forms;
  const NgramIndex& index = *folder.ngrams.ngrams;
  const FormOf form_of = text_forms(folder.kb, forms, &NameForms::spelling);
  std::vector<std::uint32_t> firsts;
  for (TextId text = 0; text < folder.kb.text_count(); ++text) {
    if (folder.ngrams.forms.is_first(text)) firsts.push_back(text);
  }
  std::atomic<std::size_t> right = 0, wanted = 0;
  parallel_for(machine_workers(), checked, [&](std::size_t, std::size_t i) {
    NgramWorkspace workspace;
    std::string form;
    forms.spelling(mentions[i * mentions.size() / checked], form);
    const NgramQuery query = index.prepare(form);
    const auto found = index.search(query, 25, form_of, {}, workspace);
    auto scores = index.score(query, firsts, form_of, workspace);
    std::nth_element(scores.begin(), scores.begin() + 24, scores.end(), std::greater<>());
    const float last = scores[24];
    wanted += 25;
    for (const Neighbour& neighbour : found) right += neighbour.score >= last ? 1U : 0U;
  });
  return wanted == 0 ? 1 : double(right) / double(wanted);
}

int run(const char* path, std::size_t count, std::size_t checked) {
  double opening = 1e9;
  for (std::size_t i = 0; i < 5; ++i) {
    opening = std::min(opening, seconds_of([&] { open_kb_folder(path); }));
  }
  const KbFolder folder = open_kb_folder(path);
  const std::uint64_t resident_open = resident();
  Random random(7);
  std::vector<std::string> names, mentions;
  for (std::size_t i = 0; i < count; ++i) {
    names.emplace_back(folder.kb.text(TextId(random.below(folder.kb.text_count()))));
    mentions.push_back(mention_of(names.back(), random));
  }
  const ExactRetriever exact(folder);
  const NgramRetriever ngram(folder);
  const NameForms forms;
  const FormOf key_of = text_forms(folder.kb, forms, &NameForms::exact);
  double look_up = 1e9;
  for (std::size_t round = 0; round < 5; ++round) {
    std::string key;
    std::size_t found = 0;
    look_up = std::min(look_up, seconds_of([&] {
                         for (const std::string& mention : mentions) {
                           forms.exact(mention, key);
                           found += folder.exact.find(key, key_of).size();
                         }
                       }));
    if (found == 0) return 1;
  }
  JsonWriter json;
  json.object().member("names", std::uint64_t{folder.kb.name_count()});
  json.member("texts", std::uint64_t{folder.kb.text_count()});
  json.member("open", opening).member("resident when opened", resident_open);
  json.member("exact look-ups/s", double(mentions.size()) / look_up);
  const std::vector<std::string> fewer(mentions.begin(),
                                       mentions.begin() + std::ptrdiff_t(mentions.size() / 10));
  json.member("exact linked/s", rate(exact, mentions, 1));
  json.member("ngram/s, 1 thread", rate(ngram, fewer, 1));
  json.member("ngram/s, all threads", rate(ngram, fewer, machine_workers()));
  json.member("resident after", resident());
  json.member("recall@25", recall(folder, mentions, checked))
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
