// Any bytes are texts: lines, a column of a table, members of JSON lines; or throw Error.
#include "base/error.h"
#include "corpus/text_reader.h"
#include "input_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace;
  const auto path = testing_fuzz::input_file("input", testing_fuzz::text_of(data, size));
  using Kind = TextPlace::Kind;
  const TextPlace places[] = {
      {}, {Kind::kColumn, "name"}, {Kind::kColumn, "2"}, {Kind::kMember, "text"}};
  for (const TextPlace& place : places) {
    try {
      TextReader reader(path, place);
      for (std::string text; reader.next(text);) {
      }
    } catch (const Error&) {
    }
  }
  return 0;
}
