// Any bytes are a file of tensors whose values can be read, or throw Error.
#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "nn/checkpoint.h"
#include "nn/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto file = enlace::parse_safetensors(std::as_bytes(std::span(data, size)), "fuzz");
    const enlace::Checkpoint checkpoint(file, "fuzz");
    for (const auto& entry : checkpoint.tensors()) enlace::load_values(entry.tensor, "fuzz");
  } catch (const enlace::Error&) {
  }
  return 0;
}
