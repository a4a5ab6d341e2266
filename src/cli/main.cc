#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <fmt/core.h>

#include "cli/terminal.h"
#include "cli/verbs.h"

namespace {

using enlace::ErrorKind;

/// Takes the places of closed standard streams, so that no file that is opened later becomes one.
/// Using them still fails.
void hold_closed_streams() {
  for (const int stream : {0, 1, 2}) {
    if (::fcntl(stream, F_GETFD) >= 0) continue;
    (void)::open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY);  // takes the lowest free number
  }
}

int fail(std::string_view message, ErrorKind kind) {
  enlace::cli::end_by_closed_pipe();  // without a word: what failed is that nobody listens
  enlace::cli::complain(fmt::format("enlace: {}\n", message));
  return enlace::cli::exit_code(kind);
}

int fail(const std::filesystem::filesystem_error& error) {
  const bool absent = error.code() == std::errc::no_such_file_or_directory ||
                      error.code() == std::errc::not_a_directory;
  return fail(fmt::format("{}: {}", error.path1().string(), error.code().message()),
              absent ? ErrorKind::kNotFound : ErrorKind::kIo);
}

bool is_verb(CLI::App& app, const char* word) {
  const auto verbs = app.get_subcommands([](CLI::App*) { return true; });
  return std::ranges::any_of(verbs, [&](CLI::App* verb) { return verb->check_name(word); });
}

/// The answers count only if they have arrived.
int done() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return 0;
  return fail("<stdout>: cannot be written", ErrorKind::kIo);
}

}  // namespace

int main(int argc, char** argv) {
  hold_closed_streams();
  enlace::cli::note_closed_pipes();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error like a full disk
  CLI::App app("enlace: links clinical mentions to concepts of a terminology");
  app.set_version_flag("--version", ENLACE_VERSION);
  app.require_subcommand(1);
  enlace::cli::add_build_verb(app);
  enlace::cli::add_link_verb(app);
  enlace::cli::add_eval_verb(app);
  enlace::cli::add_update_verb(app);
  enlace::cli::add_compact_verb(app);
  enlace::cli::add_inspect_verb(app);
  enlace::cli::add_verify_verb(app);
  enlace::cli::add_embed_verb(app);
  enlace::cli::add_model_verb(app);
  enlace::cli::add_index_verb(app);
  enlace::cli::add_pairs_verb(app);
  enlace::cli::add_thesaurus_verb(app);
  enlace::cli::add_train_verb(app);
  if (argc > 1 && argv[1][0] != '-' && !is_verb(app, argv[1])) {
    return fail(fmt::format("expected a verb of enlace --help, found {}", argv[1]),
                ErrorKind::kInvalidArgument);
  }
  try {
    app.parse(argc, argv);
    return done();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? done() : enlace::cli::exit_code(ErrorKind::kInvalidArgument);
  } catch (const enlace::Error& error) {
    return fail(error.what(), error.kind());
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(error);
  } catch (const std::system_error& error) {  // no thread to be had, or standard output is full
    return fail(error.code().message(), ErrorKind::kIo);
  } catch (const std::bad_alloc&) {
    return fail("no memory left", ErrorKind::kIo);
  } catch (const std::exception&) {  // a bug; its text might quote the input
    return fail("internal error", ErrorKind::kInternal);
  }
}
