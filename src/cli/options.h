// Options that several verbs share.
#pragma once

#include <filesystem>
#include <optional>
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
  std::optional<std::string> thesaurus;      // a path or none; unset: what comes with enlace
  std::optional<std::string> abbreviations;  // clinical, none or a file; unset: by the retriever
  std::string ties = "short";
  NameFilter filter;
  std::size_t threads = 0;  // 0: one per core
};

/// The linker of these choices, for k candidates a mention. Says so on standard error if hybrid
/// asks no thesaurus because none came with the program. Throws as Linker::open and
/// read_abbreviations do; Error(kInvalidArgument) for a word that is none of the choices.
Linker open_linker(const LinkerFlags& flags, std::size_t k);

/// --kb, --retriever, --model, --thesaurus, --abbreviations, --ties, --threads and the filters.
void add_linker_flags(CLI::App& verb, LinkerFlags& flags);

/// The highest number that an option takes where nothing else limits it.
inline constexpr double kAnyNumber = 0x1p53;

/// Refuses a value that is not a number from `low` to `high`: below 0 an unsigned one would wrap,
/// and no comparison is true of NaN.
CLI::Validator within(double low, double high);

/// For a model that takes long to make: throws before it begins. Error(kInvalidArgument) if there
/// is something at `path`, since a model is not written over; as FolderPublication does if no
/// folder can be made there.
void require_new_path(const std::filesystem::path& path);

/// --threads: 0 for one per core.
void add_threads_flag(CLI::App& verb, std::size_t& threads);

/// --precision, as one of the names of nn/precision.h.
CLI::Option* add_precision_flag(CLI::App& verb, Precision& precision);

/// `threads`, or one per core if it is 0.
std::size_t workers_of(std::size_t threads) noexcept;

}  // namespace enlace::cli
