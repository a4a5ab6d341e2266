// Any bytes are a table of translations, or throw Error.
#include "any_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace::testing_fuzz;
  read_any("babelon=" + input_file("input", text_of(data, size)).string() + ",status=any");
  return 0;
}
