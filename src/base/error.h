// The engine's one exception type, and the closed list of what can go wrong.
#pragma once

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace enlace {

/// Why an operation failed, named by what the caller can do about it.
enum class ErrorKind {
  kInvalidArgument,  // fix the call
  kNotFound,         // fix the path or the identifier
  kCorrupt,          // fix or re-create the file
  kUnsupported,      // upgrade the engine, or rebuild the file with this one
  kIo,               // retry, or fix the machine
  kCancelled,        // nothing: the caller asked for it
  kInternal,         // report a bug
};

/// The only exception this engine throws of its own accord.
///
/// The message says what was read, where, what was expected and what was found:
/// `concepts.rrf:17: expected 18 fields, found 12`. It does not repeat the kind and
/// does not end in a full stop, so that a caller can put its own context before it.
class Error : public std::runtime_error {
 public:
  template <class... Args>
  Error(ErrorKind kind, fmt::format_string<Args...> text, Args&&... args)
      : std::runtime_error(fmt::format(text, std::forward<Args>(args)...)), kind_(kind) {}

  ErrorKind kind() const noexcept { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace enlace
