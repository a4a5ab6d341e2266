// Any bytes are a table of short forms with long ones, or throw Error.
#include "base/error.h"
#include "input_file.h"
#include "text/read_abbreviations.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace::testing_fuzz;
  try {
    enlace::read_abbreviations(input_file("input", text_of(data, size)));
  } catch (const enlace::Error&) {
  }
  return 0;
}
