// Any vocab.json and merges.txt, with a zero byte between, encode or throw Error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "text/vocabulary_tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view json = bytes.substr(0, bytes.find('\0'));
  const std::string_view merges = bytes.substr(json.size() < size ? json.size() + 1 : size);
  try {
    const enlace::Tokenizer tokenizer =
        enlace::parse_vocab_json(json, merges, enlace::TokenizerConfig{}, "fuzz", "merges");
    tokenizer.encode("Dolor de  pecho, NIÑO <mask> 12 x\u0301\u4e2d", 64);
  } catch (const enlace::Error&) {
  }
  return 0;
}
