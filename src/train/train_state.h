// What a training run leaves behind to go on from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "math/buffer.h"
#include "train/batch_sampler.h"
#include "train/optimizer.h"
#include "train/parameters.h"

namespace enlace {

/// Where a run stands between two steps.
struct TrainProgress {
  std::uint64_t step = 0;
  Neighbours neighbours;
  std::vector<float> losses;  // one a step
};

/// Writes everything that the next step depends on to `path`, in one step: a section file
/// (io/section_file.h) of kind "train1". `options` is what the run was begun with, a line
/// `name=value` each. Throws Error(kIo); the old file is then still
/// there.
void save_training(const std::filesystem::path& path, const std::string& options,
                   const ParameterLayout& layout, const float* parameters,
                   const Optimizer& optimizer, const TrainProgress& progress);

/// The options that `path` was begun with. Throws as SectionFile::open does.
std::string training_options(const std::filesystem::path& path);

/// Puts a saved run into `parameters` and `optimizer`, and returns where it stood. Every byte is
/// verified. Throws Error(kCorrupt) if it does not fit the layout.
TrainProgress resume_training(const std::filesystem::path& path, const ParameterLayout& layout,
                              float* parameters, Optimizer& optimizer);

}  // namespace enlace
