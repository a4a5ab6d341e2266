#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  CLI::App app("enlace: links clinical mentions to concepts");
  app.set_version_flag("--version", ENLACE_VERSION);
  CLI11_PARSE(app, argc, argv);
  return 0;
}
