// Any bytes are tables or an order file of ICD-10-PCS, or throw Error.
#include "any_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace::testing_fuzz;
  read_any("icd10pcs=" + input_file("input", text_of(data, size)).string());
  return 0;
}
