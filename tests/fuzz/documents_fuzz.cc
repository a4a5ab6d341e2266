// Any bytes are documents as JSON lines, as lines, or as one text, are refused, or throw Error.
#include "any_document.h"
#include "base/error.h"
#include "corpus/read_jsonl.h"
#include "corpus/read_lines.h"
#include "corpus/read_text.h"
#include "input_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace;
  using namespace enlace::testing_fuzz;
  const auto path = input_file("input", text_of(data, size));
  const auto read = [](const auto& body) {
    try {
      body();
    } catch (const Error&) {
    }
  };
  read([&] { read_jsonl(path, require_sound, ignore_refusal); });
  read([&] { read_lines(path, LineIs::kMention, require_sound, ignore_refusal); });
  read([&] { require_sound(read_text(path)); });
  return 0;
}
