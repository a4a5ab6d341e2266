// Any bytes are a program that describes tensors, or throw Error; nothing is executed.
#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "nn/tensor_pickle.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    enlace::read_tensor_pickle(std::as_bytes(std::span(data, size)), "fuzz");
  } catch (const enlace::Error&) {
  }
  return 0;
}
