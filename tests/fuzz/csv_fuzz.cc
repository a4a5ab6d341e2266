// Any bytes are a table in every dialect, with and without a header, or throw Error.
#include "any_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace::testing_fuzz;
  const std::string source = "csv=" + input_file("input", text_of(data, size)).string() +
                             ",lang=en,columns=code:0;name:1;synonyms@es:2;lang:3;parent:4;"
                             "preferred:5;definition:6;xref@X:7;type:8";
  read_any(source);
  read_any(source + ",header=no,separator=tab");
  read_any(source + ",header=no,separator=bar,quotes=yes,split=;");
  return 0;
}
