// Models whose weights take fewer bytes, and models made readable for others again.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "nn/checkpoint.h"
#include "nn/input_statistics.h"
#include "nn/safetensors_writer.h"

namespace enlace {

/// What the numbers of a model folder are stored as. Not nn/precision.h: that is what they are
/// multiplied as, whatever the folder has.
enum class WeightType { kF32, kBf16, kInt8 };

/// "f32", "bf16" or "int8".
std::string_view name_of(WeightType type) noexcept;

/// Nothing if there is none of that name.
std::optional<WeightType> weight_type_named(std::string_view name) noexcept;

/// The encoder's tensors in `model` as `type`, by BERT's names. Borrows `model`.
///
/// - f32: the same values; of I8 and I4 the products with their scales.
/// - bf16: rounded to nearest, ties to even.
/// - int8: matrices, the embeddings among them, as bytes with a scale for each row r:
///   s[r] = max |w[r]| / 127, q = w / s[r] rounded to nearest, or for matrices whose inputs are
///   like `inputs` so that their products change little (nn/rounding.h), the tensors "x" of I8 and
///   "x_scale" of F32. A matrix of I8 or I4 stays as it is, and one that I4 (nn/tensor.h) holds
///   without a change becomes that, with half the bytes: published models whose blocks of 32 values
///   came from Q4_0 of ggml. Vectors (biases and norms) become f32.
///
/// Throws Error as load_values does.
std::vector<NewTensor> converted_tensors(const Checkpoint& model, WeightType type,
                                         const EncoderStatistics* inputs = nullptr);

/// Writes `folder`, a model folder (encode/model_folder.h), as `model` with its weights as `type`.
/// In int8 they are rounded for inputs that encode/calibrate.h finds.
///
/// transformers loads the first two; the third only this engine, as README.md in it then says:
/// conversion back to f32 makes it loadable anywhere, with the values that int8 has.
/// Throws Error as read_model_usage, Checkpoint::open, load_values, write_model_folder and, in
/// int8, TextEncoder::open do.
void convert_model(const std::filesystem::path& model, WeightType type,
                   const std::filesystem::path& folder, const Progress& progress = {});

}  // namespace enlace
