#include "sources/csv_rows.h"

#include "base/ascii.h"
#include "base/error.h"

namespace enlace {

bool CsvRows::next(std::vector<std::string_view>& fields) {
  std::string_view line;
  while (broken_.clear(), next_line(line)) {
    if (trimmed(line).empty()) continue;
    first_line_ = lines_.number();
    const bool whole = take_line(line);
    if (!broken_.empty()) {
      ++report_.rows.rows;
      report_.refuse(SourceLines::kBrokenUtf8, "{}", broken_);
      continue;
    }
    if (!whole) {
      ++report_.rows.rows;
      report_.refuse("text after a quote",
                     "{}: expected a separator after the closing quote, found other text",
                     place(ends_.size()));
      continue;
    }
    fields.clear();
    std::size_t begin = 0;
    for (const std::size_t end : ends_) {
      fields.push_back(std::string_view(text_).substr(begin, end - begin));
      begin = end;
    }
    return true;
  }
  return false;
}

/// The next line of the file, with a look at whether it is UTF-8.
bool CsvRows::next_line(std::string_view& line) {
  if (!lines_.next_raw(line)) return false;
  if (broken_.empty()) broken_ = lines_.broken_utf8(line);
  return true;
}

/// Takes the row that begins with `line` apart, reading further lines inside quotes; false if a
/// closing quote is followed by text.
bool CsvRows::take_line(std::string_view line) {
  text_.clear();
  ends_.clear();
  for (std::string_view rest = line;;) {
    if (dialect_.quotes && rest.starts_with('"')) {
      rest = take_quoted(rest.substr(1));
      if (!rest.empty() && rest.front() != dialect_.separator) return false;
    } else {
      const std::size_t end = std::min(rest.find(dialect_.separator), rest.size());
      text_.append(rest.substr(0, end));
      rest.remove_prefix(end);
    }
    ends_.push_back(text_.size());
    if (rest.empty()) return true;
    rest.remove_prefix(1);
  }
}

/// Appends what stands up to the closing quote, and gives what follows it on its line.
std::string_view CsvRows::take_quoted(std::string_view rest) {
  constexpr std::size_t kLongest = 16 << 20;
  const std::size_t begin = text_.size();
  for (;;) {
    const std::size_t quote = rest.find('"');
    text_.append(rest.substr(0, quote));
    if (quote != rest.npos) {
      rest.remove_prefix(quote + 1);
      if (!rest.starts_with('"')) return rest;
      text_ += '"';
      rest.remove_prefix(1);
    } else {
      text_ += '\n';
      if (text_.size() - begin > kLongest || !next_line(rest)) {
        throw Error(ErrorKind::kCorrupt, "{}: expected a closing quote, found {}",
                    place(ends_.size()),
                    text_.size() - begin > kLongest ? "none in 16 MB" : "the end of the file");
      }
    }
  }
}

}  // namespace enlace
