// Any text and annotations, cut at a form feed, are a BRAT document, are refused, or throw Error.
#include "any_document.h"
#include "base/error.h"
#include "corpus/read_brat.h"
#include "input_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace::testing_fuzz;
  constexpr std::string_view kFiles[] = {"note.txt", "note.ann"};
  input_files(kFiles, text_of(data, size));
  try {
    enlace::read_brat(input_folder(), require_sound, ignore_refusal);
  } catch (const enlace::Error&) {
  }
  return 0;
}
