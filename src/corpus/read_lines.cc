#include "corpus/read_lines.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/utf8.h"
#include "io/line_reader.h"

namespace enlace {
namespace {

Document document_of(std::string_view line, std::size_t number, LineIs what) {
  Document document{std::to_string(number), std::string(line), "", {}};
  const std::string_view mention = trimmed(line);
  if (what == LineIs::kMention && !mention.empty()) {
    const auto begin = std::size_t(mention.data() - line.data());
    document.mentions.push_back(mention_at(line, begin, begin + mention.size()));
  }
  return document;
}

}  // namespace

void read_lines(const std::filesystem::path& path, LineIs what, const DocumentSink& sink,
                const RefusalSink& refused, WaitHook waiting) {
  LineReader reader(path, std::move(waiting));
  for (std::string_view line; reader.next(line);) {
    if (const auto fault = utf8_fault(line, reader.name(), reader.number())) {
      refused(reader.number(), *fault);
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
