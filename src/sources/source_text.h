// The whole text of a source, without a copy where the file allows it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "io/mapped_file.h"

namespace enlace {

/// A plain file is mapped, so that the system may drop what has been read; a gzip file or a pipe is
/// read into memory. A byte-order mark is not part of the text.
class SourceText {
 public:
  /// Throws as LineReader does; Error(kCorrupt) with line and column if it is not UTF-8, or at a
  /// zero byte.
  explicit SourceText(const std::filesystem::path& path);
  SourceText(const SourceText&) = delete;
  SourceText& operator=(const SourceText&) = delete;

  std::string_view text() const noexcept { return text_; }
  const std::string& name() const noexcept { return name_; }

 private:
  std::string name_, read_;
  std::optional<MappedFile> mapped_;
  std::string_view text_;  // in one of the two
};

/// Throws zero_byte_error of the first zero byte of a whole text.
void refuse_zero_byte(std::string_view text, std::string_view name);

/// The complaint about a zero byte, which only a binary file has: byte `at`, counted from 0, of the
/// line that `where` names.
Error zero_byte_error(std::string_view where, std::size_t at);

}  // namespace enlace
