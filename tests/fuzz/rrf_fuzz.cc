// Any bytes, cut at form feeds, are the tables of a UMLS release that is read, or throw Error.
#include "any_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace::testing_fuzz;
  constexpr std::string_view kFiles[] = {"MRCONSO.RRF", "MRHIER.RRF", "MRREL.RRF",
                                         "MRSTY.RRF",   "MRDEF.RRF",  "MRCUI.RRF",
                                         "MRSAB.RRF",   "MRRANK.RRF", "MRFILES.RRF"};
  input_files(kFiles, text_of(data, size));
  const std::string spec = "rrf=" + input_folder().string();
  read_any(spec + ",tradenames=yes,definitions=yes,hier=all");
  read_any(spec + ",code=source,sab=MSH,sty=T184,retired=any");
  return 0;
}
