#include "cli/terminal.h"

#include <csignal>
#include <cstdio>

#include <fmt/core.h>
#include <unistd.h>

namespace enlace::cli {
namespace {

std::atomic<bool> stop_requested = false;  // written by the signal handlers
std::atomic<bool> reader_gone = false;

extern "C" void request_stop(int signal_number) {
  stop_requested = true;
  std::signal(signal_number, SIG_DFL);
}

/// Whoever read what is printed has enough: work stops as if asked to, and leaves nothing half
/// done.
extern "C" void note_closed_pipe(int /*signal_number*/) {
  reader_gone = true;
  stop_requested = true;
}

/// Not if whoever started this said that it should go on (nohup).
void heed(int signal_number, void (*handler)(int)) noexcept {
  if (std::signal(signal_number, handler) == SIG_IGN) std::signal(signal_number, SIG_IGN);
}

}  // namespace

TerminalProgress::TerminalProgress() : is_terminal_(::isatty(STDERR_FILENO) != 0) {
  std::signal(SIGINT, request_stop);
  std::signal(SIGTERM, request_stop);
  heed(SIGHUP, request_stop);  // of a terminal that is closed
}

TerminalProgress::~TerminalProgress() {
  clear();
}

Progress TerminalProgress::progress() {
  Progress progress;
  progress.cancelled = &stop_requested;
  if (is_terminal_) {
    progress.report = [this](std::string_view stage, std::uint64_t done, std::uint64_t total) {
      show(stage, done, total);
    };
  }
  return progress;
}

void TerminalProgress::show(std::string_view stage, std::uint64_t done, std::uint64_t total) {
  const auto now = Clock::now();
  const std::string_view name = stage.substr(0, stage.find(','));
  if (name != stage_) {
    stage_ = name;
    stage_began_ = now;
  } else if (now - shown_ < std::chrono::milliseconds(100)) {
    return;
  }
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - stage_began_).count();
  if (total > 0 && done > 0) {
    const double left = seconds * double(total - std::min(done, total)) / double(done);
    complain(fmt::format("\r\033[K{}: {} of {} ({}%), {:.0f} s left", stage, done, total,
                         done * 100 / total, left));
  } else {
    complain(fmt::format("\r\033[K{}: {}", stage, done));
  }
}

void TerminalProgress::clear() const {
  if (!is_terminal_ || stage_.empty()) return;
  complain("\r\033[K");
}

void note_closed_pipes() noexcept {
  heed(SIGPIPE, note_closed_pipe);
}

void end_by_closed_pipe() noexcept {
  if (!reader_gone) return;
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
}

void complain(std::string_view text) noexcept {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string shares_of_time(double seconds, const EncodeTimes& embedding, std::string_view rest) {
  const double both = embedding.tokenizing + embedding.passing;
  if (both <= 0 || seconds <= 0) return "";
  const double percent = 100 * embedding.calls / seconds;
  return fmt::format(", of which {:.0f} % tokenising, {:.0f} % encoding, {:.0f} % {}",
                     percent * embedding.tokenizing / both, percent * embedding.passing / both,
                     100 - percent, rest);
}

}  // namespace enlace::cli
