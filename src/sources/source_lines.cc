#include "sources/source_lines.h"

#include <algorithm>

#include "base/error.h"
#include "base/utf8.h"
#include "sources/source_text.h"

namespace enlace {

void require_readable_twice(const std::filesystem::path& path) {
  std::error_code ignored;
  const bool there = path == "-" || std::filesystem::exists(path, ignored);
  if (!there || std::filesystem::is_regular_file(path, ignored)) return;
  throw Error(ErrorKind::kInvalidArgument,
              "{}: expected a file, which is looked into first, found "
              "a pipe or a folder",
              path == "-" ? "<stdin>" : path.string());
}

bool SourceLines::next(std::string_view& line) {
  while (next_raw(line)) {
    const std::string broken = broken_utf8(line);
    if (broken.empty()) return true;
    ++report_.rows.rows;
    report_.refuse(kBrokenUtf8, "{}", broken);
  }
  return false;
}

bool SourceLines::next_raw(std::string_view& line) {
  constexpr std::size_t kLinesPerReport = 4096;
  if (!reader_.next(line)) return false;
  if (reader_.number() % kLinesPerReport == 0) progress_.tell("reading", reader_.number());
  if (const std::size_t zero = line.find('\0'); zero != std::string_view::npos) {
    throw zero_byte_error(place(), zero);
  }
  return true;
}

std::string SourceLines::broken_utf8(std::string_view line) const {
  const std::size_t invalid = first_invalid_utf8(line);
  if (invalid == line.size()) return {};
  return fmt::format("{}: expected UTF-8, found byte 0x{:02X}",
                     place(line.substr(0, invalid), invalid),
                     static_cast<unsigned char>(line[invalid]));
}

std::string SourceLines::place(std::string_view line, std::size_t offset) const {
  return fmt::format("{}:{}:{}", reader_.name(), reader_.number(),
                     count_code_points(line.substr(0, offset)) + 1);
}

std::vector<std::string_view> split_tabs(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t tab = line.find('\t');
    fields.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

void require_names(const SourceReport& report) {
  require_found(report, report.names + report.duplicates, "name");
}

void require_found(const SourceReport& report, std::size_t found, std::string_view what) {
  if (found > 0) return;
  std::string why;
  for (const auto& [reason, count] : report.left_out) {
    why += fmt::format("; {} left out: {}", count, reason);
  }
  for (const auto& [reason, count] : report.refused) {
    why += fmt::format("; {} refused: {}", count, reason);
  }
  if (!report.rows.complaints.empty()) why += "; first: " + report.rows.complaints.front();
  const auto kind = report.rows.rows == 0 ? ErrorKind::kInvalidArgument : ErrorKind::kCorrupt;
  throw Error(kind, "{}: expected at least one {}, found none in {} rows{}", report.path, what,
              report.rows.rows, why);
}

}  // namespace enlace
