// Any bytes are an index whose files stay in their folder, or throw Error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/error.h"
#include "nn/shard_index.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto index =
        enlace::parse_shard_index({reinterpret_cast<const char*>(data), size}, "fuzz");
    for (const auto& file : index.files) {
      if (file.find('/') != std::string::npos || file.front() == '.') std::abort();
    }
    for (const auto& [tensor, file] : index.places) {
      if (file >= index.files.size()) std::abort();
    }
  } catch (const enlace::Error&) {
  }
  return 0;
}
