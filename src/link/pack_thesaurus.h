// Packing the names of a knowledge base into a thesaurus.
#pragma once

#include <cstddef>
#include <filesystem>

#include "base/progress.h"

namespace enlace {

/// What a packed thesaurus has.
struct PackedCounts {
  std::size_t concepts = 0, names = 0;
};

/// Writes the names of the knowledge base at `kb`, with its changes, as a packed thesaurus
/// (link/packed_thesaurus.h) to `out`: a new file, or in the place of another such file, in one
/// step. Concepts whose names all have one stem key are left out: they
/// lead nowhere. Equal names give equal bytes.
/// Throws as open_kb_folder, SectionWriter and replace_file do, and as SectionFile::open does if
/// another file is at `out`; Error(kCancelled); kNotFound without a folder for `out`;
/// kInvalidArgument if no concept is left.
PackedCounts pack_thesaurus(const std::filesystem::path& kb, const std::filesystem::path& out,
                            const Progress& progress = {});

}  // namespace enlace
