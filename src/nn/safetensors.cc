#include "nn/safetensors.h"

#include <algorithm>
#include <array>
#include <string>

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
    TypeInfo{"I8", 8, TensorType::kI8},         TypeInfo{"U64", 64, TensorType::kOther},
    TypeInfo{"U32", 32, TensorType::kOther},    TypeInfo{"U16", 16, TensorType::kOther},
    TypeInfo{"U8", 8, TensorType::kU8},         TypeInfo{"BOOL", 8, TensorType::kOther},
    TypeInfo{"F64", 64, TensorType::kOther},    TypeInfo{"C64", 64, TensorType::kOther},
    TypeInfo{"F8_E5M2", 8, TensorType::kOther}, TypeInfo{"F8_E4M3", 8, TensorType::kOther},
    TypeInfo{"F8_E8M0", 8, TensorType::kOther}, TypeInfo{"F6_E2M3", 6, TensorType::kOther},
    TypeInfo{"F6_E3M2", 6, TensorType::kOther}, TypeInfo{"F4", 4, TensorType::kOther}};

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
  const std::size_t size = bytes_of_shape(tensor.shape, type->bits, context);
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

}  // namespace

TensorFile parse_safetensors(std::span<const std::byte> file, std::string_view where) {
  const std::string_view header = header_of(file, where);
  const auto data = file.subspan(8 + header.size());
  JsonParser parser;
  const JsonElement root = parse_json(parser, header, where);
  TensorFile result;
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

}  // namespace enlace
