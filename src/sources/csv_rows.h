// The rows of a table as spreadsheets and databases write it (RFC 4180).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sources/source_lines.h"

namespace enlace {

struct CsvDialect {
  char separator = ',';
  bool quotes = true;  // whether a field that begins with " ends with one
};

/// Reads rows from lines. Between quotes a separator and a line end are text (the latter a single
/// line feed) and "" is a quote; a quote elsewhere in a field is text. Empty lines are passed over.
class CsvRows {
 public:
  /// Throws as LineReader does. `report` and `progress` must outlive the object.
  CsvRows(const std::filesystem::path& path, CsvDialect dialect, SourceReport& report,
          const Progress& progress)
      : lines_(path, report, progress), report_(report), dialect_(dialect) {}

  /// Whether there was a further row, its fields now in `fields` until the next call. A row that
  /// is not UTF-8, or has text between a closing quote and the next separator, is counted, refused
  /// and passed over, with all its lines.
  /// Throws as SourceLines::next does; Error(kCorrupt) if a quote is not closed within 16 MB.
  bool next(std::vector<std::string_view>& fields);

  /// "path:17": the first line of the last row.
  std::string place() const { return fmt::format("{}:{}", lines_.name(), first_line_); }
  /// "path:17: field 3", of `field` counted from 0.
  std::string place(std::size_t field) const {
    return fmt::format("{}: field {}", place(), field + 1);
  }
  const std::string& name() const noexcept { return lines_.name(); }

 private:
  bool next_line(std::string_view& line);
  bool take_line(std::string_view line);
  std::string_view take_quoted(std::string_view rest);

  SourceLines lines_;
  SourceReport& report_;
  CsvDialect dialect_;
  std::size_t first_line_ = 0;
  std::string broken_;             // the first complaint of the row's lines, or empty
  std::string text_;               // the fields of the row, one after the other
  std::vector<std::size_t> ends_;  // where each ends in text_
};

}  // namespace enlace
