// The verbs of the command line. Each lives in its own verb_<name>.cc.
#pragma once

#include <CLI/CLI.hpp>

#include "base/error.h"

namespace enlace::cli {

/// Each adds its verb to `app`; the verb runs while the command line is parsed.
void add_build_verb(CLI::App& app);
void add_inspect_verb(CLI::App& app);
void add_verify_verb(CLI::App& app);
void add_link_verb(CLI::App& app);
void add_eval_verb(CLI::App& app);
void add_embed_verb(CLI::App& app);
void add_model_verb(CLI::App& app);
void add_index_verb(CLI::App& app);
void add_update_verb(CLI::App& app);
void add_compact_verb(CLI::App& app);
void add_pairs_verb(CLI::App& app);
void add_thesaurus_verb(CLI::App& app);
void add_train_verb(CLI::App& app);

/// The process exit code for a failure: stable, documented in docs/CLI.md.
constexpr int exit_code(ErrorKind kind) noexcept {
  switch (kind) {  // no default: a new kind must choose its code, or -Wswitch stops the build
    case ErrorKind::kInvalidArgument: return 2;
    case ErrorKind::kNotFound: return 3;
    case ErrorKind::kCorrupt: return 4;
    case ErrorKind::kUnsupported: return 5;
    case ErrorKind::kIo: return 6;
    case ErrorKind::kCancelled: return 130;  // as a shell reports SIGINT
    case ErrorKind::kInternal: return 70;
  }
  return 70;
}

}  // namespace enlace::cli
