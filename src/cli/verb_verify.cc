#include <memory>

#include <fmt/core.h>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "link/kb_folder.h"

namespace enlace::cli {
namespace {

void run(const std::string& kb) {
  const Stopwatch watch;
  verify_kb_folder(kb);
  std::uint64_t bytes = 0;
  const Manifest manifest = read_manifest(kb);
  for (const ManifestFile& file : manifest.files) bytes += file.size;
  fmt::print("{}: all checksums hold: {}, {} bytes; {:.2f} s\n", kb,
             counted(manifest.files.size(), "file"), bytes, watch.seconds());
}

}  // namespace

void add_verify_verb(CLI::App& app) {
  auto kb = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("verify", "Prove every checksum of a knowledge base");
  verb->add_option("kb", *kb, "Knowledge base folder")->required();
  verb->callback([kb] { run(*kb); });
}

}  // namespace enlace::cli
