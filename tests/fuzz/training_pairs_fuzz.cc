// Any bytes are training pairs, each found again under its label, or throw Error.
#include <algorithm>

#include "base/error.h"
#include "input_file.h"
#include "train/pair_set.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace;
  PairSet set;
  try {
    read_pairs(testing_fuzz::input_file("input", testing_fuzz::text_of(data, size)), set);
  } catch (const Error&) {
    return 0;
  }
  set.finish();
  for (std::uint32_t i = 0; i < set.size(); ++i) {
    const TextPair pair = set.pair(i);
    const auto alike = set.with_label(pair.label);
    if (pair.x.empty() || pair.y.empty() || set.code(pair.label).empty() ||
        std::find(alike.begin(), alike.end(), i) == alike.end()) {
      __builtin_trap();
    }
  }
  return 0;
}
