#include <filesystem>
#include <memory>
#include <string>

#include <fmt/core.h>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "link/pack_thesaurus.h"

namespace enlace::cli {
namespace {

struct Options {
  std::string kb, out;
};

void run(const Options& options) {
  const PackedCounts packed = [&] {
    TerminalProgress terminal;
    return pack_thesaurus(options.kb, options.out, terminal.progress());
  }();
  fmt::print("{}: {} of {}, {} bytes\n", options.out, counted(packed.names, "name"),
             counted(packed.concepts, "concept"), std::filesystem::file_size(options.out));
}

}  // namespace

void add_thesaurus_verb(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "thesaurus", "Pack which names of a knowledge base mean the same, without the names");
  verb->add_option("kb", options->kb, "Knowledge base folder, as enlace build made it")->required();
  verb->add_option("--out", options->out, "The file, for link --thesaurus")->required();
  verb->callback([options] { run(*options); });
}

}  // namespace enlace::cli
