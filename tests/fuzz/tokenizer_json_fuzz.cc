// Any bytes are a tokenizer that encodes, or throw Error.
#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "text/load_tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const enlace::Tokenizer tokenizer =
        enlace::parse_tokenizer({reinterpret_cast<const char*>(data), size}, "fuzz");
    tokenizer.encode("Dolor de  pecho, NIÑO [MASK] 12 x\u0301\u4e2d", 64);
  } catch (const enlace::Error&) {
  }
  return 0;
}
