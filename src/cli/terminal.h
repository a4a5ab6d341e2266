// What a person at the terminal sees of long work, and how they stop it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/progress.h"
#include "encode/text_encoder.h"

namespace enlace::cli {

/// Shows progress on standard error, on one line that is rewritten, if that is a terminal; says
/// nothing otherwise. The destructor clears the line. SIGINT and SIGTERM stop the work that the
/// progress is passed to; a second signal ends the process at once. After note_closed_pipes()
/// SIGPIPE stops it too.
class TerminalProgress {
 public:
  TerminalProgress();
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;
  ~TerminalProgress();

  /// To be passed to the library. Refers to this object.
  Progress progress();

 private:
  void show(std::string_view stage, std::uint64_t done, std::uint64_t total);
  void clear() const;

  using Clock = std::chrono::steady_clock;
  bool is_terminal_;
  std::string stage_;
  Clock::time_point shown_{};
  Clock::time_point stage_began_{};
};

/// From now on SIGPIPE does not end the process at once: writing fails, and what is half done can
/// be cleared away.
void note_closed_pipes() noexcept;

/// Ends the process by SIGPIPE, as programs end whose reader has gone, if it has come.
void end_by_closed_pipe() noexcept;

/// Seconds that went by since it was made.
class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Writes `text` to standard error. Where that is closed or full, the text is lost and nothing
/// else.
void complain(std::string_view text) noexcept;

/// "3 names", "1 name": `count` with a noun, in the plural where it is due.
std::string counted(std::uint64_t count, std::string_view noun);

/// What became of `seconds` in which texts were embedded and then `rest` was done: ", of which 3 %
/// tokenising, 60 % encoding, 37 % search"; nothing if nothing was embedded.
std::string shares_of_time(double seconds, const EncodeTimes& embedding, std::string_view rest);

}  // namespace enlace::cli
