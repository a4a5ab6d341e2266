// The lines of a source that are text, with their places for complaints.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "io/line_reader.h"
#include "kb/source_report.h"

namespace enlace {

/// Throws Error(kInvalidArgument) if `path` is a pipe or standard input: for a format whose kind is
/// told by a look into the file, which is then read from its beginning.
void require_readable_twice(const std::filesystem::path& path);

/// A LineReader (plain or gzip) whose lines are well-formed UTF-8: one that is not is counted
/// as a row, refused in the report and skipped.
class SourceLines {
 public:
  static constexpr std::string_view kBrokenUtf8 = "broken UTF-8";  // why a line is refused

  /// Throws as LineReader does. `report` and `progress` must outlive the object.
  SourceLines(const std::filesystem::path& path, SourceReport& report, const Progress& progress)
      : reader_(path, [&progress] { progress.check("reading"); }),
        report_(report),
        progress_(progress) {}

  /// The next good line. Throws as LineReader::next does; Error(kCorrupt) at a zero byte, which
  /// only a binary file has; Error(kCancelled) if a stop was asked for.
  bool next(std::string_view& line);

  /// The next line, whether it is UTF-8 or not, for a row that goes on in it. Throws as next does.
  bool next_raw(std::string_view& line);

  /// What next() complains of in `line`, which was given last; empty if it is UTF-8.
  std::string broken_utf8(std::string_view line) const;

  /// "path:17": the line that next() gave last.
  std::string place() const { return fmt::format("{}:{}", reader_.name(), reader_.number()); }
  /// "path:17:4": the character at byte `offset` of that line, counted from 1.
  std::string place(std::string_view line, std::size_t offset) const;

  std::size_t number() const noexcept { return reader_.number(); }
  const std::string& name() const noexcept { return reader_.name(); }

 private:
  LineReader reader_;
  SourceReport& report_;
  const Progress& progress_;
};

/// The fields of a line between tabs, as they stand.
std::vector<std::string_view> split_tabs(std::string_view line);

/// Throws Error unless the source gave at least one name, old or new: kInvalidArgument if it has no
/// rows, else kCorrupt.
void require_names(const SourceReport& report);

/// The same of `found` things called `what`, such as "mapping".
void require_found(const SourceReport& report, std::size_t found, std::string_view what);

}  // namespace enlace
