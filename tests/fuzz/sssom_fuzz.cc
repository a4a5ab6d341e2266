// Any bytes are an SSSOM table, or throw Error.
#include "any_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace::testing_fuzz;
  read_any("sssom=" + input_file("input", text_of(data, size)).string());
  return 0;
}
