#include <fmt/core.h>

#include "cli/verbs.h"

namespace {

int fail(std::string_view message, enlace::ErrorKind kind) {
  fmt::print(stderr, "enlace: {}\n", message);
  return enlace::cli::exit_code(kind);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("enlace: links clinical mentions to concepts of a terminology");
  app.set_version_flag("--version", ENLACE_VERSION);
  app.require_subcommand(1);
  enlace::cli::add_build_verb(app);
  enlace::cli::add_link_verb(app);
  enlace::cli::add_eval_verb(app);
  enlace::cli::add_inspect_verb(app);
  enlace::cli::add_verify_verb(app);
  enlace::cli::add_embed_verb(app);
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : enlace::cli::exit_code(enlace::ErrorKind::kInvalidArgument);
  } catch (const enlace::Error& error) {
    return fail(error.what(), error.kind());
  } catch (const std::bad_alloc&) {
    return fail("no memory left", enlace::ErrorKind::kIo);
  } catch (const std::exception&) {  // a bug; its text might quote the input
    return fail("internal error", enlace::ErrorKind::kInternal);
  }
}
