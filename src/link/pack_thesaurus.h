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
/// (link/packed_thesaurus.h) to `out`, which is replaced in one step. Concepts whose names all have
/// one stem key are left out: they lead nowhere. Equal names give equal bytes.
/// Throws as open_kb_folder and replace_file do; Error(kCancelled); kInvalidArgument if no concept
/// is left.
PackedCounts pack_thesaurus(const std::filesystem::path& kb, const std::filesystem::path& out,
                            const Progress& progress = {});

}  // namespace enlace
