#include "corpus/read_lines.h"

#include "base/error.h"
#include "base/utf8.h"
#include "io/line_reader.h"

namespace enlace {
namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

Document document_of(std::string_view line, std::size_t number, LineIs what) {
  Document document{std::to_string(number), std::string(line), "", {}};
  const std::size_t begin = line.find_first_not_of(kBlanks);
  if (what == LineIs::kMention && begin != line.npos) {
    document.mentions.push_back(mention_at(line, begin, line.find_last_not_of(kBlanks) + 1));
  }
  return document;
}

}  // namespace

void read_lines(const std::filesystem::path& path, LineIs what, const DocumentSink& sink,
                const RefusalSink& refused) {
  LineReader reader(path);
  for (std::string_view line; reader.next(line);) {
    if (const std::size_t bad = first_invalid_utf8(line); bad < line.size()) {
      refused(reader.number(), fmt::format("{}:{}:{}: expected UTF-8, found another byte",
                                           reader.name(), reader.number(), bad + 1));
      continue;
    }
    sink(document_of(line, reader.number(), what));
  }
  if (reader.number() == 0) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected lines of text, found an empty file",
                reader.name());
  }
}

}  // namespace enlace
