#include "corpus/read_text.h"

#include "base/error.h"
#include "base/utf8.h"
#include "io/line_reader.h"

namespace enlace {

Document read_text(const std::filesystem::path& path) {
  LineReader reader(path);
  Document document{path == "-" ? "stdin" : path.stem().string(), "", "", {}};
  for (std::string_view line; reader.next(line);) {
    if (const std::size_t bad = first_invalid_utf8(line); bad < line.size()) {
      throw Error(ErrorKind::kCorrupt, "{}:{}:{}: expected UTF-8, found another byte",
                  reader.name(), reader.number(), bad + 1);
    }
    if (reader.number() > 1) document.text += '\n';
    document.text += line;
  }
  if (reader.number() == 0) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected a text, found an empty file",
                reader.name());
  }
  return document;
}

}  // namespace enlace
