// The other tables of a UMLS release: types, hierarchies, relations, definitions, retired concepts.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "kb/draft.h"
#include "sources/rrf_names.h"
#include "sources/rrf_options.h"
#include "sources/rrf_table.h"

namespace enlace::rrf {

/// Asks a table to be read no further: because the other thread failed, or the caller wants so.
struct Stop {
  const Progress& progress;
  std::atomic<bool> failed = false;

  bool requested() const noexcept {
    return failed.load(std::memory_order_relaxed) || progress.stop_requested();
  }
};

/// That a concept is of a type.
struct TypeOf {
  std::uint32_t cui, type;  // an id in Types::names
  std::uint32_t line;       // that says so
};

/// MRSTY, in the order of the file.
struct Types {
  std::vector<TypeOf> rows;
  StringPool names;  // "Sign or Symptom"
  std::string file;  // for complaints about them
  SourceReport report;
};
Types read_types(const Release& release, const Stop& stop);

/// The CUIs, sorted, with a type whose TUI or name is wanted.
std::vector<std::uint32_t> cuis_of_types(const Release& release, const Choice& wanted,
                                         SourceReport& report);

/// A step of a path to a root: an atom of a concept lies below another atom.
struct Step {
  std::uint32_t cui, atom, parent;  // atoms
  std::uint64_t line;               // where it was first said
  friend auto operator<=>(const Step&, const Step&) = default;
};

/// The distinct steps of the wanted hierarchies, sorted: of MRHIER, or of the rows PAR and CHD of
/// MRREL where there is no MRHIER.
struct Steps {
  std::vector<Step> steps;
  std::string file;  // for complaints about them
  SourceReport report;
};
Steps read_steps(const Release& release, const Options& options, const Stop& stop);

/// Adds the steps as relations of concepts, sorted.
void add_relations(const Steps& steps, const Atoms& atoms, KbDraft& draft, SourceReport& report);

/// Adds the types of concepts that MRCONSO has.
void add_types(const Types& types, const Atoms& atoms, KbDraft& draft, SourceReport& report);

/// The rows of MRREL whose RELA is has_tradename, sorted.
std::vector<TradeName> read_trade_names(const Release& release, SourceReport& report);

void read_definitions(const Release& release, const Options& options,
                      const Vocabularies& vocabularies, const Atoms& atoms, KbDraft& draft,
                      SourceReport& report);

/// MRCUI. Nothing with code=source, whose codes it does not know.
void read_retired(const Release& release, const Options& options, KbDraft& draft,
                  SourceReport& report);

}  // namespace enlace::rrf
