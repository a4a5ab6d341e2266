#include "encode/blend_models.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "encode/model_folder.h"
#include "encode/optional_json.h"
#include "encode/quantize_model.h"
#include "io/json_copy.h"
#include "io/publish.h"
#include "nn/model_config.h"

namespace enlace {
namespace {

std::span<float> as_floats(std::span<std::byte> bytes) noexcept {
  return {reinterpret_cast<float*>(bytes.data()), bytes.size() / sizeof(float)};
}

/// Values of a row of the first extent.
std::size_t row_size(const Tensor& tensor) noexcept {
  return tensor.shape.empty() ? 1 : tensor.count() / std::max<std::size_t>(tensor.shape[0], 1);
}

/// Throws unless weights of both are between each other's: of one family, with heads of one size.
void require_alike(const ModelConfig& initial, const ModelConfig& trained,
                   const std::filesystem::path& where) {
  if (initial.type == trained.type && initial.heads == trained.heads) return;
  throw Error(ErrorKind::kInvalidArgument,
              "{}: expected a {} model with {} heads, found {} with {}", where.string(),
              trained.type, trained.heads, initial.type, initial.heads);
}

/// Copies the blends of `record` into the array that is open.
void copy_steps(const OptionalJson& record, JsonWriter& json) {
  const auto steps = record.find("steps");
  if (!steps) return;
  for (const JsonElement step : json_as<simdjson::dom::array>(*steps, "steps", record.where())) {
    copy_json(step, json);
  }
}

/// The blends that made the trained model, and this one, with what made `initial`: the command that
/// trained it, and its own blends.
std::string record_of(const std::filesystem::path& initial, const std::filesystem::path& trained,
                      float share) {
  JsonWriter json;
  json.object().key("steps").array();
  copy_steps(OptionalJson(trained / "blending.json"), json);
  const OptionalJson training(initial / "training.json"), blending(initial / "blending.json");
  json.object().member("initial", without_slash(initial.lexically_normal()).filename().string());
  json.member("share", share);
  if (const auto command = training.find("command")) {
    json.key("command");
    copy_json(*command, json);
  }
  if (blending.find("steps")) {
    json.key("steps").array();
    copy_steps(blending, json);
    json.close();
  }
  return json.close().close().close().text() + "\n";
}

}  // namespace

void blend(const Checkpoint& initial, float share, std::vector<NewTensor>& tensors) {
  for (NewTensor& tensor : tensors) {
    const CheckpointTensor* before = initial.locate(tensor.name);
    if (before == nullptr || before->tensor.shape != tensor.shape) {
      throw Error(ErrorKind::kInvalidArgument, "{}: {}: expected shape {}, found {}",
                  initial.file_name(before == nullptr ? 0 : before->file), tensor.name,
                  shape_text(tensor.shape),
                  before == nullptr ? "none" : shape_text(before->tensor.shape));
    }
    check_values(before->tensor, initial.file_name(before->file));
    tensor.fill = [&old = before->tensor, share, trained = std::move(tensor.fill)](
                      std::size_t first, std::span<std::byte> out) {
      trained(first, out);
      const std::span<float> values = as_floats(out);
      std::vector<float> start(values.size());
      read_values(old, first * row_size(old), start);
      for (std::size_t i = 0; i < start.size(); ++i) {
        values[i] = std::lerp(start[i], values[i], share);
      }
    };
  }
}

void blend_models(const std::filesystem::path& initial, const std::filesystem::path& trained,
                  float share, const std::filesystem::path& out, const Progress& progress) {
  const std::filesystem::path encoder = read_model_usage(initial).encoder;
  NewModel model;
  model.initial = trained;
  model.usage = read_model_usage(trained);
  require_alike(read_model_config(encoder), read_model_config(model.usage.encoder), initial);
  const Checkpoint from = Checkpoint::open(encoder);
  const Checkpoint to = Checkpoint::open(model.usage.encoder);
  model.tensors = converted_tensors(to, WeightType::kF32);
  blend(from, share, model.tensors);
  model.files["blending.json"] = record_of(initial, trained, share);
  write_model_folder(out, model, progress);
}

}  // namespace enlace
