// What does the hybrid retriever know of every name that it may choose? Input of fit_hybrid.py.
//
//   hybrid_features KB GOLD [THESAURUS]
//
// GOLD has lines of a mention and its codes, joined by "|"; of equal lines one counts. Writes for
// each a line "mention", then a line for every proposed name:
//
//   is gold (0 or 1), concept, isotropic, concept_mean, skeleton, closer, extra_numbers, sharing,
//   thesaurus (0 for the mention's own name, which gets what a name of the thesaurus does)
#include <cstdio>
#include <fstream>
#include <memory>
#include <set>
#include <string>

#include <fmt/core.h>

#include "base/parallel.h"
#include "encode/text_encoder.h"
#include "link/hybrid_retriever.h"

namespace {

using namespace enlace;  // NOLINT(google-build-using-namespace): a program

constexpr std::size_t kTogether = 256;  // mentions

bool has_code(std::string_view codes, std::string_view code) {
  for (std::size_t at = 0; at <= codes.size();) {
    const std::size_t end = std::min(codes.find('|', at), codes.size());
    if (codes.substr(at, end - at) == code) return true;
    at = end + 1;
  }
  return false;
}

void print(std::string_view codes, const std::vector<ProposedName>& names) {
  std::puts("mention");
  for (const auto& [candidate, f] : names) {
    const bool gold = has_code(codes, candidate.kb->code(candidate.concept_id));
    fmt::print("{} {} {:.6g} {:.6g} {:.6g} {} {} {} {:.6g}\n", int(gold),
               std::uint32_t(candidate.concept_id), f.isotropic, f.concept_mean, f.skeleton,
               f.closer, f.extra_numbers, f.sharing, candidate.evidence.thesaurus.value_or(0));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::fputs("hybrid_features KB GOLD [THESAURUS]\n", stderr);
    return 2;
  }
  const KbFolder folder = open_kb_folder(argv[1]);
  const auto parts = searchable_parts(folder, {});
  const auto encoder =
      TextEncoder::open(folder.manifest.model.value().path, folder.manifest.model->precision);
  std::unique_ptr<const Thesaurus> thesaurus;
  if (argc == 4) thesaurus = open_thesaurus(argv[3]);
  const HybridRetriever retriever(parts, encoder, thesaurus.get());
  std::set<std::string> lines;
  std::ifstream gold(argv[2]);
  for (std::string line; std::getline(gold, line);) lines.insert(line);
  std::vector<std::string> mentions, codes;
  const auto flush = [&] {
    SearchOptions options;
    options.workers = machine_workers();
    const auto proposed = retriever.propose(mentions, options);
    for (std::size_t i = 0; i < proposed.size(); ++i) print(codes[i], proposed[i]);
    mentions.clear();
    codes.clear();
  };
  for (const std::string& line : lines) {
    const std::size_t tab = line.find('\t');
    mentions.push_back(line.substr(0, tab));
    codes.push_back(line.substr(tab + 1));
    if (mentions.size() == kTogether) flush();
  }
  flush();
  return 0;
}
