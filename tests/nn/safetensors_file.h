// Safetensors files made by tests.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace enlace::testing_nn {

inline std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// A file with that header and those bytes of tensors.
inline std::string safetensors_of(const std::string& header, const std::string& data) {
  const std::uint64_t size = header.size();
  std::string file(sizeof size, '\0');
  std::memcpy(file.data(), &size, sizeof size);
  return file + header + data;
}

/// A file with one F32 tensor of shape [1] for each name and value.
inline std::string safetensors_of(const std::vector<std::pair<std::string, float>>& tensors) {
  std::string header = "{";
  std::string data;
  for (const auto& [name, value] : tensors) {
    if (!data.empty()) header += ",";
    header += "\"" + name + R"(":{"dtype":"F32","shape":[1],"data_offsets":[)" +
              std::to_string(data.size()) + "," + std::to_string(data.size() + 4) + "]}";
    data.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  return safetensors_of(header + "}", data);
}

}  // namespace enlace::testing_nn
