// Any bytes are an OBO ontology, or throw Error.
#include "source_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace::testing_fuzz;
  read_any("obo=" + source_file("input", text_of(data, size)).string() +
           ",scopes=exact,related,broad,narrow");
  return 0;
}
