// Any bytes, cut at form feeds, are the files of a Tryton module that is read, or throw Error.
#include "any_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace::testing_fuzz;
  constexpr std::string_view kFiles[] = {"data/disease_categories.xml", "data/diseases.xml",
                                         "locale/es.po"};
  input_files(kFiles, text_of(data, size));
  read_any("tryton=" + input_folder().string());
  return 0;
}
