// Any bytes are a classification in ClaML, or throw Error.
#include "any_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace::testing_fuzz;
  read_any("claml=" + input_file("input", text_of(data, size)).string() + ",modifiers=expand");
  return 0;
}
