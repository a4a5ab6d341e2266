#include "nn/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>

#include "base/utf8.h"
#include "io/bytes.h"
#include "io/json.h"

namespace enlace {
namespace {

constexpr std::uint64_t kMaxHeader = 100'000'000;

struct TypeInfo {
  std::string_view name;
  std::size_t bits;
  TensorType type;
};

constexpr std::array kTypes{
    TypeInfo{"F32", 32, TensorType::kF32},      TypeInfo{"F16", 16, TensorType::kF16},
    TypeInfo{"BF16", 16, TensorType::kBf16},    TypeInfo{"I64", 64, TensorType::kOther},
    TypeInfo{"I32", 32, TensorType::kOther},    TypeInfo{"I16", 16, TensorType::kOther},
    TypeInfo{"I8", 8, TensorType::kOther},      TypeInfo{"U64", 64, TensorType::kOther},
    TypeInfo{"U32", 32, TensorType::kOther},    TypeInfo{"U16", 16, TensorType::kOther},
    TypeInfo{"U8", 8, TensorType::kOther},      TypeInfo{"BOOL", 8, TensorType::kOther},
    TypeInfo{"F64", 64, TensorType::kOther},    TypeInfo{"C64", 64, TensorType::kOther},
    TypeInfo{"F8_E5M2", 8, TensorType::kOther}, TypeInfo{"F8_E4M3", 8, TensorType::kOther},
    TypeInfo{"F8_E8M0", 8, TensorType::kOther}, TypeInfo{"F6_E2M3", 6, TensorType::kOther},
    TypeInfo{"F6_E3M2", 6, TensorType::kOther}, TypeInfo{"F4", 4, TensorType::kOther}};

std::size_t width_of(TensorType type) noexcept {
  return type == TensorType::kF32 ? 4 : 2;
}

/// The header's text, once its length and its outline are sound.
std::string_view header_of(std::span<const std::byte> file, std::string_view where) {
  ByteReader reader(file, where);
  const auto size = reader.read<std::uint64_t>();
  if (size > kMaxHeader) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a header of at most {} bytes, found {}", where,
                kMaxHeader, size);
  }
  const auto bytes = reader.take(size);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!is_utf8(text)) {
    throw Error(ErrorKind::kCorrupt, "{}@{}: expected a header in UTF-8, found other bytes", where,
                8 + first_invalid_utf8(text));
  }
  const std::size_t last = text.find_last_not_of(' ');
  if (text.empty() || text.front() != '{' || text[last] != '}') {
    throw Error(ErrorKind::kCorrupt, "{}: expected a header from '{{' to '}}' and spaces", where);
  }
  return text;
}

/// How many bytes a tensor of that shape takes. Throws if they cannot be counted.
std::size_t size_of(std::span<const std::size_t> shape, std::size_t bits,
                    const std::string& context) {
  std::size_t total = bits;
  bool overflow = false;
  for (const std::size_t extent : shape) overflow |= __builtin_mul_overflow(total, extent, &total);
  if (overflow || total % 8 != 0) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a shape that takes whole bytes, found {}",
                context, shape_text(shape));
  }
  return total / 8;
}

Tensor parse_tensor(std::string_view name, JsonElement entry, std::span<const std::byte> data,
                    std::string_view where) {
  using simdjson::dom::array;
  const std::string context = fmt::format("{}: tensor {}", where, name);
  const auto type_name = json_get<std::string_view>(entry, "dtype", context);
  const auto type = std::find_if(kTypes.begin(), kTypes.end(),
                                 [type_name](const TypeInfo& t) { return t.name == type_name; });
  if (type == kTypes.end()) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a dtype of the format, found another", context);
  }
  Tensor tensor{std::string(name), type->type, {}, {}};
  for (const JsonElement extent : json_get<array>(entry, "shape", context)) {
    tensor.shape.push_back(json_as<std::uint64_t>(extent, "shape", context));
  }
  const auto offsets = json_get<array>(entry, "data_offsets", context);
  if (offsets.size() != 2) {
    throw Error(ErrorKind::kCorrupt, "{}: expected 2 data_offsets, found {}", context,
                offsets.size());
  }
  const auto begin = json_as<std::uint64_t>(offsets.at(0), "data_offsets", context);
  const auto end = json_as<std::uint64_t>(offsets.at(1), "data_offsets", context);
  const std::size_t size = size_of(tensor.shape, type->bits, context);
  if (begin > end || end > data.size() || end - begin != size) {
    throw Error(ErrorKind::kCorrupt,
                "{}: expected {} bytes for shape {} within {} bytes of data, found [{}, {})",
                context, size, shape_text(tensor.shape), data.size(), begin, end);
  }
  tensor.bytes = data.subspan(begin, size);
  return tensor;
}

/// Refuses holes, overlaps and a tail.
void check_order(std::span<const Tensor> tensors, std::span<const std::byte> data,
                 std::string_view where) {
  std::vector<const Tensor*> order;
  for (const Tensor& tensor : tensors) order.push_back(&tensor);
  // An empty tensor lies before the one that begins where it does.
  std::sort(order.begin(), order.end(), [](const Tensor* a, const Tensor* b) {
    return a->bytes.data() != b->bytes.data() ? a->bytes.data() < b->bytes.data()
                                              : a->bytes.size() < b->bytes.size();
  });
  std::size_t expected = 0;
  for (const Tensor* tensor : order) {
    const auto begin = static_cast<std::size_t>(tensor->bytes.data() - data.data());
    if (begin != expected) {
      throw Error(ErrorKind::kCorrupt, "{}: tensor {}: expected to begin at {}, found {}", where,
                  tensor->name, expected, begin);
    }
    expected += tensor->bytes.size();
  }
  if (expected != data.size()) {
    throw Error(ErrorKind::kCorrupt, "{}: expected {} bytes of tensors, found {}", where, expected,
                data.size());
  }
}

void check_metadata(JsonElement metadata, std::string_view where) {
  for (const auto [key, value] : json_as<simdjson::dom::object>(metadata, "__metadata__", where)) {
    json_as<std::string_view>(value, "__metadata__", where);
  }
}

float from_half(std::uint16_t half) noexcept {
  const std::uint32_t sign = (half & 0x8000U) << 16;
  const std::uint32_t exponent = half >> 10 & 0x1FU;
  const std::uint32_t fraction = half & 0x3FFU;
  if (exponent == 0) {  // zero or subnormal: fraction / 2^24
    const float value = float(fraction) * 0x1p-24F;
    return sign != 0 ? -value : value;
  }
  const std::uint32_t wide = exponent == 31 ? 255 : exponent + 127 - 15;
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

}  // namespace

std::size_t Tensor::count() const noexcept {
  std::size_t product = 1;
  for (const std::size_t extent : shape) product *= extent;
  return product;
}

const Tensor* Safetensors::find(std::string_view name) const noexcept {
  const auto at = std::lower_bound(tensors.begin(), tensors.end(), name,
                                   [](const Tensor& t, std::string_view n) { return t.name < n; });
  return at != tensors.end() && at->name == name ? &*at : nullptr;
}

Safetensors parse_safetensors(std::span<const std::byte> file, std::string_view where) {
  const std::string_view header = header_of(file, where);
  const auto data = file.subspan(8 + header.size());
  JsonParser parser;
  const JsonElement root = parse_json(parser, header, where);
  Safetensors result;
  for (const auto [name, entry] : json_as<simdjson::dom::object>(root, "header", where)) {
    if (name == "__metadata__") {
      check_metadata(entry, where);
    } else {
      result.tensors.push_back(parse_tensor(name, entry, data, where));
    }
  }
  check_order(result.tensors, data, where);
  std::sort(result.tensors.begin(), result.tensors.end(),
            [](const Tensor& a, const Tensor& b) { return a.name < b.name; });
  return result;
}

void read_values(const Tensor& tensor, std::size_t first, std::span<float> out) noexcept {
  assert(tensor.type != TensorType::kOther);
  const std::byte* from = tensor.bytes.data() + first * width_of(tensor.type);
  if (tensor.type == TensorType::kF32) {
    if (!out.empty()) std::memcpy(out.data(), from, out.size_bytes());
    return;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint16_t half;
    std::memcpy(&half, from + 2 * i, sizeof half);
    out[i] = tensor.type == TensorType::kF16 ? from_half(half)
                                             : std::bit_cast<float>(std::uint32_t(half) << 16);
  }
}

void check_values(const Tensor& tensor, std::string_view where) {
  if (tensor.type == TensorType::kOther) {
    throw Error(ErrorKind::kUnsupported, "{}: tensor {}: expected F32, F16 or BF16, found another",
                where, tensor.name);
  }
  std::array<float, 4096> values;
  for (std::size_t first = 0; first < tensor.count(); first += values.size()) {
    const auto part = std::span(values).first(std::min(values.size(), tensor.count() - first));
    read_values(tensor, first, part);
    std::uint32_t largest =
        0;  // magnitude, as bits: those of infinity and NaN are beyond all others
    for (const float value : part) {
      largest = std::max(largest, std::bit_cast<std::uint32_t>(value) & 0x7FFFFFFFU);
    }
    if (largest < 0x7F800000U) continue;
    const auto bad = std::find_if_not(part.begin(), part.end(),
                                      [](float value) { return std::isfinite(value); });
    throw Error(ErrorKind::kCorrupt, "{}: tensor {}: expected finite values, found another at {}",
                where, tensor.name, first + static_cast<std::size_t>(bad - part.begin()));
  }
}

std::vector<float> load_values(const Tensor& tensor, std::string_view where) {
  check_values(tensor, where);
  std::vector<float> values(tensor.count());
  read_values(tensor, 0, values);
  return values;
}

std::string shape_text(std::span<const std::size_t> shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

}  // namespace enlace
