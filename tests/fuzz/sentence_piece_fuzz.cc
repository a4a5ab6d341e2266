// Any bytes are a SentencePiece model of the family that the first byte names and encode, or throw
// Error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "text/vocabulary_tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kFamilies[] = {"", "XLMRoberta", "Camembert", "DebertaV2"};
  if (size == 0) return 0;
  enlace::TokenizerConfig config;
  config.family = kFamilies[data[0] % 4];
  try {
    const enlace::Tokenizer tokenizer = enlace::parse_sentencepiece(
        {reinterpret_cast<const char*>(data) + 1, size - 1}, config, "fuzz");
    tokenizer.encode("Dolor de  pecho, NIÑO <mask> 12 x\u0301\u4e2d", 64);
  } catch (const enlace::Error&) {
  }
  return 0;
}
