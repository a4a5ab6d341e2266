// Any bytes are rows of mention and code, both there, or throw Error.
#include "base/error.h"
#include "corpus/read_gold.h"
#include "input_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace;
  try {
    ReadReport report;
    const auto path = testing_fuzz::input_file("input", testing_fuzz::text_of(data, size));
    for (const GoldMention& mention : read_gold(path, report)) {
      if (mention.text.empty() || mention.code.empty()) __builtin_trap();
      alternatives_of(mention.code);
    }
  } catch (const Error&) {
  }
  return 0;
}
