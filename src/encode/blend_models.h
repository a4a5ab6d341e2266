// Models between two others of one shape.
#pragma once

#include <filesystem>
#include <vector>

#include "base/progress.h"
#include "nn/checkpoint.h"
#include "nn/safetensors_writer.h"

namespace enlace {

/// Turns each of `tensors`, which are f32 with a fill, into initial + share (it - initial): with a
/// share below 1 a trained model keeps more of what it knew (Wortsman et al. 2022, CVPR,
/// arXiv:2109.01903). Borrows `initial`. Throws Error(kInvalidArgument) if it has not a tensor of
/// that name and shape.
void blend(const Checkpoint& initial, float share, std::vector<NewTensor>& tensors);

/// Makes `out` the model folder of `trained` with weights between those of `initial` and its own,
/// and notes it in blending.json.
/// Throws as Checkpoint::open, read_model_usage, blend and write_model_folder do.
void blend_models(const std::filesystem::path& initial, const std::filesystem::path& trained,
                  float share, const std::filesystem::path& out, const Progress& progress = {});

}  // namespace enlace
