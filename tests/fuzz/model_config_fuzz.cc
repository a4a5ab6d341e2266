// Any bytes are a config.json whose sizes fit each other, or throw Error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/error.h"
#include "nn/model_config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto config =
        enlace::parse_model_config({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (config.hidden % config.heads != 0 || config.first_position >= config.positions)
      std::abort();
  } catch (const enlace::Error&) {
  }
  return 0;
}
