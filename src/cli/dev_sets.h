// How good a model is at development sets while it is trained.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "base/progress.h"

namespace enlace::cli {

/// A folder that goes when this does.
struct ScratchFolder {
  std::filesystem::path path;

  ~ScratchFolder();
};

/// Throws Error(kNotFound) unless each of `folders` has kb.tsv and gold.tsv: before a long
/// training, not after it.
void require_dev_sets(std::span<const std::string> folders);

/// Links the mentions of each folder's gold.tsv to its kb.tsv by the vectors of `model`, and says
/// on standard error how often the first, one of 5 and one of 25 candidates is right. Knowledge
/// bases are built at `scratch` and removed again. Throws what building and linking do.
void report_accuracy(const std::filesystem::path& model, std::span<const std::string> folders,
                     const std::filesystem::path& scratch, std::size_t workers,
                     const Progress& progress);

}  // namespace enlace::cli
