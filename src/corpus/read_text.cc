#include "corpus/read_text.h"

#include <algorithm>

#include "base/error.h"
#include "base/utf8.h"
#include "io/line_reader.h"

namespace enlace {

Document read_text(const std::filesystem::path& path) {
  LineReader reader(path);
  Document document{path == "-" ? "stdin" : path.stem().string(), reader.rest(), "", {}};
  const std::string_view text = document.text;
  if (const std::size_t bad = first_invalid_utf8(text); bad < text.size()) {
    const std::string_view before = text.substr(0, bad);
    throw Error(ErrorKind::kCorrupt, "{}:{}:{}: expected UTF-8, found another byte", reader.name(),
                1 + std::count(before.begin(), before.end(), '\n'),
                bad - (before.rfind('\n') + 1) + 1);
  }
  if (text.empty()) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected a text, found an empty file",
                reader.name());
  }
  return document;
}

}  // namespace enlace
