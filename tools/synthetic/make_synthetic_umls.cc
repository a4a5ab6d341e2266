// make_synthetic_umls: terminologies of the size and shape of UMLS and SNOMED CT, of invented
// words.
#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>

#include "rf2_set.h"
#include "rrf_set.h"

int main(int argc, char** argv) {
  using namespace enlace::synthetic;
  CLI::App app("Writes a synthetic UMLS (RRF), or a synthetic SNOMED CT (RF2).");
  RrfOptions options;
  std::string folder;
  bool rf2 = false, extension = false;
  app.add_option("--out", folder, "the folder to write into")->required();
  app.add_option("--seed", options.seed, "equal seeds give equal bytes");
  app.add_option("--scale", options.scale, "1: 3.3 million concepts; 0.01: a hundredth of them");
  app.add_option("--mrrel", options.mrrel, "rows of MRREL at scale 1");
  app.add_flag("--rf2", rf2, "an International snapshot of SNOMED CT and a delta in place of RRF");
  app.add_flag("--rf2-extension", extension, "its Spanish extension too");
  CLI11_PARSE(app, argc, argv);
  try {
    if (rf2 || extension) {
      write_rf2(folder, {.seed = options.seed, .scale = options.scale, .extension = extension});
    } else {
      write_rrf(folder, options);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
