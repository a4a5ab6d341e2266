// A JSON document too large to be held as a tree, walked in the order it is written in.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <simdjson.h>

namespace enlace {

/// The bytes of a JSON file, plain or gzip, ready for simdjson's on-demand parser, with places for
/// complaints. Takes the size of the text and, while it is walked, about two thirds of it again.
class JsonStream {
 public:
  /// Throws Error as LineReader does; kCorrupt with line and column if it is not UTF-8.
  explicit JsonStream(const std::filesystem::path& path);

  /// The document, to be walked once; lives in this object.
  /// Throws Error(kCorrupt) if it is no JSON; later faults are refuse()d by the caller.
  simdjson::ondemand::document begin();

  /// "path:17": the line of the byte at `at`, a part of this document. Fast if called for later and
  /// later bytes.
  std::string place(const char* at);
  const std::string& name() const noexcept { return name_; }

  /// Throws Error(kCorrupt): what simdjson found where it stopped.
  [[noreturn]] void refuse(simdjson::error_code code, simdjson::ondemand::document& document);

 private:
  std::string name_, text_;
  std::size_t counted_ = 0, line_ = 1;  // lines up to byte counted_
  simdjson::ondemand::parser parser_;
};

}  // namespace enlace
