// Options that several verbs share.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "link/linker.h"
#include "nn/precision.h"

namespace enlace::cli {

/// The choices of a linker as they stand on a command line.
struct LinkerFlags {
  std::string kb;
  std::string retriever;  // empty: the knowledge base decides
  std::string model;
  std::string thesaurus;
  std::string ties = "short";
  NameFilter filter;
  std::size_t threads = 0;  // 0: one per core

  /// Throws Error(kInvalidArgument) for a word that is none of the choices.
  LinkerOptions options(std::size_t k) const;
};

/// --kb, --retriever, --model, --thesaurus, --ties, --threads and the filters.
void add_linker_flags(CLI::App& verb, LinkerFlags& flags);

/// --precision, as one of the names of nn/precision.h.
CLI::Option* add_precision_flag(CLI::App& verb, Precision& precision);

/// `threads`, or one per core if it is 0.
std::size_t workers_of(std::size_t threads) noexcept;

}  // namespace enlace::cli
