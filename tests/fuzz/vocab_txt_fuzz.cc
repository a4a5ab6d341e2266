// Any lines are a WordPiece vocabulary that encodes, or throw Error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "text/vocabulary_tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const enlace::Tokenizer tokenizer = enlace::parse_vocab_txt(
        {reinterpret_cast<const char*>(data), size}, enlace::TokenizerConfig{}, "fuzz");
    tokenizer.encode("Dolor de  pecho, NIÑO <mask> 12 x\u0301\u4e2d", 64);
  } catch (const enlace::Error&) {
  }
  return 0;
}
