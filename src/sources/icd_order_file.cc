#include "sources/icd_order_file.h"

#include <algorithm>
#include <unordered_set>

#include "base/ascii.h"
#include "base/hash.h"
#include "io/line_reader.h"
#include "sources/code_hierarchy.h"
#include "sources/source_lines.h"

namespace enlace {
namespace {

constexpr std::size_t kCodeAt = 6, kCodeSize = 7, kFlagAt = 14, kBriefAt = 16, kBriefSize = 60,
                      kTitleAt = 77;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Where character `column` of `line` begins; its size if it has fewer.
std::size_t place_of(std::string_view line, std::size_t column) noexcept {
  std::size_t at = 0;
  for (; at < line.size(); ++at) {
    const bool continues = (static_cast<unsigned char>(line[at]) & 0xC0U) == 0x80;
    if (!continues && column-- == 0) break;
  }
  return at;
}

/// Letters and digits, at least three of them.
bool is_code(std::string_view code) noexcept {
  return code.size() >= 3 && std::all_of(code.begin(), code.end(), [](char c) {
           return is_digit(c) || (c >= 'A' && c <= 'Z');
         });
}

}  // namespace

void read_icd_order_file(const std::filesystem::path& path, SourceReport& report,
                         const Progress& progress,
                         const std::function<void(const IcdOrderRow&)>& use) {
  SourceLines lines(path, report, progress);
  std::unordered_set<std::string, StringHash, std::equal_to<>> seen;
  std::string_view line;
  while (lines.next(line)) {
    if (trimmed(line).empty()) continue;
    ++report.rows.rows;
    const auto number = line.substr(0, std::min<std::size_t>(5, line.size()));
    if (line.size() <= kBriefAt || !std::all_of(number.begin(), number.end(), is_digit) ||
        line[5] != ' ' || line[kCodeAt + kCodeSize] != ' ' || line[kFlagAt + 1] != ' ') {
      report.refuse("wrong columns",
                    "{}: expected a number, code, flag and titles in their columns, found another "
                    "line",
                    lines.place(line, 0));
      continue;
    }
    const auto code = trimmed(line.substr(kCodeAt, kCodeSize));
    const std::size_t brief_end = place_of(line, kBriefAt + kBriefSize);
    const auto brief = trimmed(line.substr(kBriefAt, brief_end - kBriefAt));
    const std::size_t title_at = place_of(line, kTitleAt);
    const auto title = title_at < line.size() ? trimmed(line.substr(title_at)) : brief;
    if (!is_code(code)) {
      report.refuse("bad code", "{}: expected a code of 3 to 7 letters and digits, found another",
                    lines.place(line, kCodeAt));
    } else if (line[kFlagAt] != '0' && line[kFlagAt] != '1') {
      report.refuse("bad flag", "{}: expected 0 or 1, found something else",
                    lines.place(line, kFlagAt));
    } else if (title.empty()) {
      report.refuse("no name", "{}: expected a title, found none", lines.place(line, kBriefAt));
    } else if (!seen.emplace(code).second) {
      report.refuse("duplicate code", "{}: expected a code once, found it again",
                    lines.place(line, kCodeAt));
    } else {
      use({lines.place(), code, brief, title});
    }
  }
}

void add_icd_order_file(const std::filesystem::path& path, std::string_view source,
                        const std::function<std::string(std::string_view code)>& written,
                        KbDraft& draft, SourceReport& report, const Progress& progress) {
  CodeHierarchy codes;
  read_icd_order_file(path, report, progress, [&](const IcdOrderRow& row) {
    codes.add(row.code);
    const std::string code = written(row.code);
    draft.add(NameRecord{code, row.title, "en", source, Scope::kPreferred, "long"}, report);
    if (row.brief.empty()) return;
    draft.add(NameRecord{code, row.brief, "en", source, Scope::kExact, "short"}, report);
  });
  for (const std::string& code : codes.codes()) {
    const auto parent = codes.parent(code);
    if (!parent.empty()) draft.add(RelationRecord{written(code), written(parent)});
  }
}

bool looks_like_xml(const std::filesystem::path& path) {
  require_readable_twice(path);
  LineReader reader(path);
  std::string_view line;
  while (reader.next(line)) {
    if (const auto text = trimmed(line); !text.empty()) return text.front() == '<';
  }
  return false;
}

}  // namespace enlace
