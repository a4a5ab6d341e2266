// Any bytes are an obographs document, or throw Error.
#include "any_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace::testing_fuzz;
  read_any("obograph=" + input_file("input", text_of(data, size)).string() +
           ",scopes=exact,related,broad,narrow");
  return 0;
}
