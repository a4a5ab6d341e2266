// Texts one after the other, for work that wants nothing but texts: the lines of a file, a column
// of a table, or a member of JSON objects.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "io/json.h"
#include "io/line_reader.h"

namespace enlace {

/// Which part of each line is a text.
struct TextPlace {
  enum class Kind {
    kLine,    // all of it; `name` is not used
    kColumn,  // fields between tabs: `name` stands in the first line, or is a number, from 1, and
              // there is no such first line
    kMember,  // JSON lines: the string member `name`; blank lines are passed over
  };
  Kind kind = Kind::kLine;
  std::string name = {};
};

/// Reads the texts of a file in memory for one line.
class TextReader {
 public:
  /// "-" is standard input; gzip is recognised. `waiting` hears of each wait for a line that has
  /// not arrived.
  /// Throws Error as LineReader does; kInvalidArgument if the first line does not name the column
  /// exactly once, or its number is 0.
  TextReader(const std::filesystem::path& path, TextPlace place, WaitHook waiting = {});

  /// Whether there was a further text, now in `text`. Throws Error as LineReader::next does;
  /// kCorrupt with the place if a line is not UTF-8, has no such field or member, or is no JSON:
  /// to pass over it would give every later text another number.
  bool next(std::string& text);

  /// The line of the text that next() gave last, from 1.
  std::size_t number() const noexcept { return lines_.number(); }

  /// The path, for messages.
  const std::string& name() const noexcept { return lines_.name(); }

 private:
  bool next_line(std::string_view& line);
  std::size_t find_column();

  LineReader lines_;
  TextPlace place_;
  std::size_t column_ = 0;  // from 0
  JsonParser parser_;
};

}  // namespace enlace
