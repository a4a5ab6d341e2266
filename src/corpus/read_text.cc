#include "corpus/read_text.h"

#include <utility>

#include "base/error.h"
#include "base/utf8.h"

namespace enlace {

Document read_text(const std::filesystem::path& path, WaitHook waiting) {
  LineReader reader(path, std::move(waiting));
  Document document{path == "-" ? "stdin" : path.stem().string(), reader.rest(), "", {}};
  if (const auto fault = utf8_fault(document.text, reader.name())) {
    throw Error(ErrorKind::kCorrupt, "{}", *fault);
  }
  if (document.text.empty()) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected a text, found an empty file",
                reader.name());
  }
  return document;
}

}  // namespace enlace
