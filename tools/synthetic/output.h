// Tables of text, written row by row.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace enlace::synthetic {

/// A file of rows, in one of two formats.
class Table {
 public:
  enum class Format : std::uint8_t {
    kRrf,  // '|' after every field, LF
    kRf2,  // tabs between fields, CRLF
  };

  Table(const std::filesystem::path& path, Format format)
      : path_(path),
        file_(std::fopen(path.c_str(), "wb")),
        format_(format),
        separator_(format == Format::kRrf ? '|' : '\t') {
    if (!file_) throw Error(ErrorKind::kIo, "{}: cannot be written", path.string());
    buffer_.reserve(kFlushAt + 4096);
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table() = default;

  Table& operator<<(std::string_view field) {
    buffer_ += field;
    buffer_ += separator_;
    return *this;
  }
  Table& operator<<(std::uint64_t value) { return number("", value, 1); }

  /// A field such as A0012345: `prefix`, then `value` in at least `digits` digits.
  Table& number(std::string_view prefix, std::uint64_t value, std::size_t digits) {
    append_number(prefix, value, digits);
    buffer_ += separator_;
    return *this;
  }
  void append_number(std::string_view prefix, std::uint64_t value, std::size_t digits) {
    char text[20];
    std::size_t at = sizeof text;
    for (; value != 0 || sizeof text - at < digits; value /= 10)
      text[--at] = char('0' + value % 10);
    buffer_ += prefix;
    buffer_.append(text + at, sizeof text - at);
  }

  void end_row() {
    if (format_ == Format::kRf2) buffer_.back() = '\r';
    buffer_ += '\n';
    ++rows_;
    if (buffer_.size() >= kFlushAt) flush();
  }
  /// The row so far, for fields that are put together by hand.
  std::string& row() { return buffer_; }

  /// Throws Error(kIo). To be called once all rows are there.
  void close() {
    flush();
    if (std::fclose(file_.release()) != 0) {
      throw Error(ErrorKind::kIo, "{}: cannot be written", path_.string());
    }
  }
  std::uint64_t rows() const { return rows_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kFlushAt = std::size_t{1} << 20;
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void flush() {
    if (std::fwrite(buffer_.data(), 1, buffer_.size(), file_.get()) != buffer_.size()) {
      throw Error(ErrorKind::kIo, "{}: cannot be written", path_.string());
    }
    bytes_ += buffer_.size();
    buffer_.clear();
  }

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::string buffer_;
  Format format_;
  char separator_;
  std::uint64_t rows_ = 0, bytes_ = 0;
};

}  // namespace enlace::synthetic
