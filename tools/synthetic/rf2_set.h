// A synthetic SNOMED CT: the concepts that the synthetic UMLS of the same seed says are in it.
#pragma once

#include <cstdint>
#include <filesystem>

namespace enlace::synthetic {

struct Rf2Options {
  std::uint64_t seed = 1;
  double scale = 1;        // 1: half a million concepts
  bool extension = false;  // the Spanish one too
};

/// Writes an International snapshot of 2023-07-31, a delta of 2023-08-31 and, if asked for, the
/// Spanish extension of the snapshot, each in a folder of its own inside `folder`.
void write_rf2(const std::filesystem::path& folder, const Rf2Options& options);

}  // namespace enlace::synthetic
