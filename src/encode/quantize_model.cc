#include "encode/quantize_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "encode/calibrate.h"
#include "encode/matrix_rounding.h"
#include "encode/model_folder.h"
#include "encode/model_tokenizer.h"
#include "encode/model_usage.h"
#include "math/kernels.h"
#include "nn/linear.h"

namespace enlace {
namespace {

constexpr std::array<std::pair<std::string_view, WeightType>, 3> kNames{
    {{"f32", WeightType::kF32}, {"bf16", WeightType::kBf16}, {"int8", WeightType::kInt8}}};

constexpr std::string_view kByteReadme =
    "# A model in bytes\n"
    "\n"
    "The matrices in `model.safetensors` are of type I8, each with a tensor `…_scale` that has "
    "the\n"
    "step of every row; or, where that changes nothing, of U8 with two numbers of 4 bits a byte "
    "and\n"
    "the step of every 32. The program `enlace` reads that; transformers and "
    "sentence-transformers\n"
    "do not. For them, write it in f32 again:\n"
    "\n"
    "    enlace model quantise THIS --to f32 --out OTHER\n"
    "\n"
    "What the rounding changes is in `receipt.json`, if it was measured.\n";

std::size_t row_size(const Tensor& tensor) noexcept {
  std::size_t size = 1;
  for (std::size_t i = 1; i < tensor.shape.size(); ++i) size *= tensor.shape[i];
  return size;
}

/// Values of whole rows, from `first` on, as many as there are.
std::vector<float> rows_of(const Tensor& tensor, std::size_t first, std::size_t count) {
  std::vector<float> values(count);
  read_values(tensor, first * row_size(tensor), values);
  return values;
}

NewTensor as_floats(const Tensor& tensor, const std::string& name) {
  NewTensor result{name, TensorType::kF32, tensor.shape, {}, {}};
  result.fill = [&tensor](std::size_t first, std::span<std::byte> out) {
    const auto values = rows_of(tensor, first, out.size() / sizeof(float));
    std::memcpy(out.data(), values.data(), out.size());
  };
  return result;
}

NewTensor as_bf16(const Tensor& tensor, const std::string& name) {
  NewTensor result{name, TensorType::kBf16, tensor.shape, {}, {}};
  result.fill = [&tensor](std::size_t first, std::span<std::byte> out) {
    const auto values = rows_of(tensor, first, out.size() / sizeof(Bf16));
    std::vector<Bf16> halves(values.size());
    kernels().to_bf16(values.data(), values.size(), halves.data());
    std::memcpy(out.data(), halves.data(), out.size());
  };
  return result;
}

using Scales = std::shared_ptr<const std::vector<float>>;

Scales scales_of(const Tensor& tensor) {
  auto scales = std::make_shared<std::vector<float>>();
  for (std::size_t row = 0; row < tensor.shape.front(); ++row) {
    float greatest = 0;
    for (const float value : rows_of(tensor, row, row_size(tensor))) {
      greatest = std::max(greatest, std::fabs(value));
    }
    scales->push_back(greatest / 127);
  }
  return scales;
}

NewTensor as_bytes_of(const Tensor& tensor, const std::string& name, const Scales& scales,
                      std::vector<RoundingPlan> plans) {
  NewTensor result{name, TensorType::kI8, tensor.shape, {}, {}};
  result.fill = [&tensor, scales, plans = std::move(plans)](std::size_t first,
                                                            std::span<std::byte> out) {
    const std::size_t width = row_size(tensor);
    const auto values = rows_of(tensor, first, out.size());
    std::ranges::fill(out, std::byte(0));
    for (std::size_t at = 0; at < values.size(); at += width) {
      const float scale = (*scales)[first + at / width];
      if (!(scale > 0)) continue;  // one that underflowed has nothing to tell apart
      for (std::size_t slice = 0; slice < plans.size(); ++slice) {
        const std::size_t begin = at + slice * kSliceDepth;
        const std::size_t count = plans[slice].order.size();
        round_weights(plans[slice], std::span(values).subspan(begin, count), scale,
                      reinterpret_cast<std::int8_t*>(&out[begin]));
      }
    }
  };
  return result;
}

/// The scale of a block by the rule of Q4_0: its widest value becomes -8.
std::uint16_t block_scale(std::span<const float> block) noexcept {
  const float widest = *std::max_element(
      block.begin(), block.end(), [](float a, float b) { return std::fabs(a) < std::fabs(b); });
  return to_half(widest / -8);
}

/// What `value` is in a block of that scale, 0 .. 15.
unsigned half_byte(float value, float scale) noexcept {
  const float step = scale != 0 ? value / scale : 0;
  return unsigned(std::lrint(std::clamp(step, -8.0F, 7.0F)) + 8);
}

/// Whether I4 holds every value of `tensor`.
bool fits_blocks(const Tensor& tensor) {
  if (tensor.shape.size() != 2 || tensor.shape.back() % kI4Block != 0) return false;
  for (std::size_t row = 0; row < tensor.shape.front(); ++row) {
    const auto values = rows_of(tensor, row, row_size(tensor));
    for (std::size_t at = 0; at < values.size(); at += kI4Block) {
      const auto block = std::span(values).subspan(at, kI4Block);
      const float scale = from_half(block_scale(block));
      const bool fits = std::ranges::all_of(block, [scale](float value) {
        return scale * (float(half_byte(value, scale)) - 8) == value;
      });
      if (!fits) return false;
    }
  }
  return true;
}

/// Requires fits_blocks(tensor).
NewTensor as_pairs(const Tensor& tensor, const std::string& name) {
  NewTensor result{name, TensorType::kU8, tensor.shape, {}, {}};
  result.shape.back() /= 2;
  result.fill = [&tensor](std::size_t first, std::span<std::byte> out) {
    constexpr std::size_t kPairs = kI4Block / 2;
    const auto values = rows_of(tensor, first, 2 * out.size());
    for (std::size_t at = 0; at < out.size(); at += kPairs) {
      const auto block = std::span(values).subspan(2 * at, kI4Block);
      const float scale = from_half(block_scale(block));
      for (std::size_t j = 0; j < kPairs; ++j) {
        out[at + j] =
            std::byte(half_byte(block[j], scale) | half_byte(block[j + kPairs], scale) << 4);
      }
    }
  };
  return result;
}

NewTensor pair_scales(const Tensor& tensor, const std::string& name) {
  NewTensor result{
      name + "_scale", TensorType::kF16, {tensor.shape[0], tensor.shape[1] / kI4Block}, {}, {}};
  result.fill = [&tensor](std::size_t first, std::span<std::byte> out) {
    std::vector<std::uint16_t> scales(out.size() / sizeof(std::uint16_t));
    const auto values = rows_of(tensor, first, scales.size() * kI4Block);
    for (std::size_t i = 0; i < scales.size(); ++i) {
      scales[i] = block_scale(std::span(values).subspan(i * kI4Block, kI4Block));
    }
    std::memcpy(out.data(), scales.data(), out.size());
  };
  return result;
}

NewTensor scale_tensor(const std::string& name, const Scales& scales) {
  NewTensor result{name + "_scale", TensorType::kF32, {scales->size()}, {}, {}};
  result.fill = [scales](std::size_t first, std::span<std::byte> out) {
    std::memcpy(out.data(), &(*scales)[first], out.size());
  };
  return result;
}

EncoderStatistics inputs_of(const ModelUsage& usage, const Checkpoint& checkpoint) {
  const ModelConfig config = read_model_config(usage.encoder);
  const auto weights = load_encoder_weights(config, checkpoint, usage.encoder.string());
  return calibrate(weights, ModelTokenizer(usage, config));
}

/// Whether `checkpoint` has a matrix that int8 would round.
bool has_floats(const Checkpoint& checkpoint) noexcept {
  return std::ranges::any_of(checkpoint.tensors(), [](const CheckpointTensor& entry) {
    const TensorType type = entry.tensor.type;
    return entry.tensor.shape.size() > 1 && type != TensorType::kI8 && type != TensorType::kI4;
  });
}

}  // namespace

std::string_view name_of(WeightType type) noexcept {
  return kNames[std::size_t(type)].first;
}

std::optional<WeightType> weight_type_named(std::string_view name) noexcept {
  for (const auto& [known, type] : kNames) {
    if (known == name) return type;
  }
  return std::nullopt;
}

std::vector<NewTensor> converted_tensors(const Checkpoint& model, WeightType type,
                                         const EncoderStatistics* inputs) {
  std::vector<NewTensor> tensors;
  for (const CheckpointTensor& entry : model.tensors()) {
    const Tensor& tensor = entry.tensor;
    if (tensor.type == TensorType::kOther) continue;  // position_ids: counted, not learnt
    check_values(tensor, model.file_name(entry.file));
    if (type == WeightType::kBf16) {
      tensors.push_back(as_bf16(tensor, entry.name));
    } else if (type == WeightType::kF32 || tensor.shape.size() < 2) {
      tensors.push_back(as_floats(tensor, entry.name));
    } else if (tensor.type == TensorType::kI8 || tensor.type == TensorType::kI4) {  // not twice
      for (NewTensor& copy : copies_of(tensor, entry.name)) tensors.push_back(std::move(copy));
    } else if (fits_blocks(tensor)) {
      tensors.push_back(as_pairs(tensor, entry.name));
      tensors.push_back(pair_scales(tensor, entry.name));
    } else {
      const Scales scales = scales_of(tensor);
      tensors.push_back(as_bytes_of(tensor, entry.name, scales,
                                    matrix_rounding(entry.name, row_size(tensor), inputs)));
      tensors.push_back(scale_tensor(entry.name, scales));
    }
  }
  return tensors;
}

void convert_model(const std::filesystem::path& model, WeightType type,
                   const std::filesystem::path& folder, const Progress& progress) {
  const ModelUsage usage = read_model_usage(model);
  const Checkpoint checkpoint = Checkpoint::open(usage.encoder);
  std::optional<EncoderStatistics> inputs;
  if (type == WeightType::kInt8 && has_floats(checkpoint)) inputs = inputs_of(usage, checkpoint);
  NewModel result;
  result.initial = model;
  result.usage = usage;
  result.tensors = converted_tensors(checkpoint, type, inputs ? &*inputs : nullptr);
  if (type == WeightType::kInt8) result.files.emplace("README.md", kByteReadme);
  write_model_folder(folder, result, progress);
}

}  // namespace enlace
