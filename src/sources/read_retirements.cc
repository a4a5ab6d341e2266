#include "sources/read_retirements.h"

#include "base/ascii.h"
#include "kb/language_tag.h"
#include "sources/source_lines.h"

namespace enlace {

std::vector<Retirement> read_retirements(const std::filesystem::path& path, SourceReport& report,
                                         const Progress& progress) {
  SourceLines lines(path, report, progress);
  std::vector<Retirement> retirements;
  std::string_view line;
  while (lines.next(line)) {
    if (trimmed(line).empty()) continue;
    ++report.rows.rows;
    const auto fields = split_tabs(line);
    const auto field = [&](std::size_t i) {
      return i < fields.size() ? trimmed(fields[i]) : std::string_view();
    };
    const auto language = canonical_language(field(2));
    if (field(0).empty()) {
      report.refuse("no code", "{}: expected a code, found none", lines.place(line, 0));
    } else if (fields.size() > 1 && field(1).empty()) {
      report.refuse("no name", "{}: expected a name or nothing behind the code, found a blank",
                    lines.place(line, std::size_t(fields[1].data() - line.data())));
    } else if (!field(2).empty() && !language) {
      report.refuse("unknown language", "{}: expected a language tag, found none that is known",
                    lines.place(line, std::size_t(fields[2].data() - line.data())));
    } else {
      retirements.push_back({std::string(field(0)), std::string(field(1)),
                             field(2).empty() ? std::string() : *language});
    }
  }
  return retirements;
}

}  // namespace enlace
