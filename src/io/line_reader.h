// The lines of a text file, plain or gzip.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace enlace {

/// Hears that a reader has to wait: of a pipe or terminal there is nothing to read at the moment.
/// It hears so again, five times a second, until there is; what it throws ends the wait.
using WaitHook = std::function<void()>;

/// The longest line that a LineReader gives, in bytes, unless it is told another: what is longer is
/// no text, and would fill the memory.
inline constexpr std::size_t kLongestLine = std::size_t{1} << 30;

/// Reads a file line by line; a gzip file is recognised by its first bytes, whatever its name.
/// Line ends are LF or CRLF and are not part of a line; a byte-order mark at the start is skipped.
/// Nothing is said about the encoding: a caller that needs UTF-8 checks each line.
/// A line of a pipe or a terminal is given when it has arrived, whatever follows it.
class LineReader {
 public:
  /// Throws Error: kNotFound, kIo; kInvalidArgument if `path` is a directory or a device.
  /// A pipe is allowed; "-" is standard input. `waiting` is called, if given, before and during
  /// each wait.
  explicit LineReader(const std::filesystem::path& path, WaitHook waiting = {},
                      std::size_t longest = kLongestLine);
  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;
  ~LineReader();

  /// Whether there was a further line, now in `line` until the next call.
  /// Throws Error: kCorrupt if a gzip file is damaged or ends early or the line is too long, kIo if
  /// reading fails.
  bool next(std::string_view& line);

  /// All that next() has not given, as it stands, line ends and byte-order mark included.
  /// Throws as next() does.
  std::string rest();

  /// The number of the line that next() gave last, from 1; 0 before the first.
  std::size_t number() const noexcept;

  /// The path, for messages.
  const std::string& name() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace enlace
