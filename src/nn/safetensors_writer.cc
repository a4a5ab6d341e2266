#include "nn/safetensors_writer.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <tuple>

#include "io/json_writer.h"
#include "io/publish.h"
#include "io/write_all.h"

namespace enlace {
namespace {

constexpr std::size_t kChunk = 1U << 20;

std::size_t row_count(const NewTensor& tensor) noexcept {
  return tensor.shape.empty() ? 1 : tensor.shape.front();
}

std::size_t row_bytes(const NewTensor& tensor) noexcept {
  std::size_t size = width_of(tensor.type);
  for (std::size_t i = 1; i < tensor.shape.size(); ++i) size *= tensor.shape[i];
  return size;
}

std::string header_of(std::span<const NewTensor> tensors) {
  JsonWriter json;
  json.object().key("__metadata__").object().member("format", "pt").close();
  std::size_t begin = 0;
  for (const NewTensor& tensor : tensors) {
    const std::size_t end = begin + row_count(tensor) * row_bytes(tensor);
    json.key(tensor.name).object().member("dtype", name_of(tensor.type)).key("shape").array();
    for (const std::size_t extent : tensor.shape) json.integer(extent);
    json.close().key("data_offsets").array().integer(begin).integer(end).close().close();
    begin = end;
  }
  json.close();
  std::string text = json.text();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

void write_rows(const NewTensor& tensor, FilePublication& file) {
  if (!tensor.fill) {
    assert(tensor.bytes.size() == row_count(tensor) * row_bytes(tensor));
    return write_all(file.descriptor(), tensor.bytes, file.staging());
  }
  const std::size_t width = row_bytes(tensor);
  if (width == 0) return;
  const std::size_t most = std::max<std::size_t>(1, kChunk / width);
  std::vector<std::byte> chunk;
  for (std::size_t first = 0; first < row_count(tensor); first += most) {
    chunk.resize(std::min(most, row_count(tensor) - first) * width);
    tensor.fill(first, chunk);
    write_all(file.descriptor(), chunk, file.staging());
  }
}

}  // namespace

std::vector<NewTensor> copies_of(const Tensor& tensor, const std::string& name) {
  std::vector<NewTensor> copies = {{name, tensor.type, tensor.shape, tensor.bytes, {}}};
  if (tensor.type == TensorType::kI4) {
    copies.front().type = TensorType::kU8;
    copies.front().shape.back() /= 2;
  }
  if (!tensor.scales.empty()) {
    const ScalesForm form = scales_form(tensor);
    copies.push_back({name + "_scale", form.type, form.shape, tensor.scales, {}});
  }
  return copies;
}

void write_safetensors(const std::filesystem::path& path, std::vector<NewTensor> tensors) {
  std::sort(tensors.begin(), tensors.end(), [](const NewTensor& a, const NewTensor& b) {
    return std::make_tuple(width_of(b.type), std::string_view(a.name)) <
           std::make_tuple(width_of(a.type), std::string_view(b.name));
  });
  FilePublication file(path);
  const std::string header = header_of(tensors);
  const std::uint64_t size = header.size();
  write_all(file.descriptor(), std::as_bytes(std::span(&size, 1)), file.staging());
  write_all(file.descriptor(), std::as_bytes(std::span(header)), file.staging());
  for (const NewTensor& tensor : tensors) write_rows(tensor, file);
  file.publish();
}

}  // namespace enlace
