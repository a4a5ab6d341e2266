#include "text/read_abbreviations.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/utf8.h"
#include "io/line_reader.h"

namespace enlace {

Abbreviations read_abbreviations(const std::filesystem::path& path) {
  LineReader reader(path);
  Abbreviations table;
  for (std::string_view line; reader.next(line);) {
    if (trimmed(line).empty()) continue;
    if (const auto fault = utf8_fault(line, reader.name(), reader.number())) {
      throw Error(ErrorKind::kCorrupt, "{}", *fault);
    }
    const std::size_t tab = line.find('\t');
    if (tab == line.npos) {
      throw Error(ErrorKind::kCorrupt, "{}:{}:1: expected short form, tab, long form, found no tab",
                  reader.name(), reader.number());
    }
    const std::string_view short_form = trimmed(line.substr(0, tab));
    const std::string_view long_form =
        trimmed(line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1));
    if (short_form.empty() || long_form.empty()) {
      throw Error(ErrorKind::kCorrupt, "{}:{}:{}: expected a {} form, found nothing", reader.name(),
                  reader.number(),
                  short_form.empty() ? 1 : count_code_points(line.substr(0, tab)) + 2,
                  short_form.empty() ? "short" : "long");
    }
    if (!add_abbreviation(table, short_form, long_form)) {
      throw Error(ErrorKind::kCorrupt,
                  "{}:{}:1: expected letters, numbers, dots and hyphens, found another short form",
                  reader.name(), reader.number());
    }
  }
  if (table.empty()) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}: expected rows of short form and long form, found none", reader.name());
  }
  return table;
}

}  // namespace enlace
