#include "io/json_writer.h"

#include <cassert>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "base/utf8.h"

namespace enlace {
namespace {

constexpr std::string_view kLineSeparators = "\xE2\x80";  // U+2028 and U+2029, less the last byte

/// The escape of one byte; empty if it stands for itself.
std::string escape_of(char byte) {
  switch (byte) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    case '<': return "\\u003c";
    default: break;
  }
  const auto value = static_cast<unsigned char>(byte);
  return value < 0x20 || value == 0x7F ? fmt::format("\\u{:04x}", value) : std::string();
}

}  // namespace

void JsonWriter::separate() {
  if (comma_due_) text_.push_back(',');
  comma_due_ = true;
}

void JsonWriter::quote(std::string_view value) {
  text_.push_back('"');
  std::size_t bad = first_invalid_utf8(value);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i == bad) {
      text_ += "\\ufffd";
      bad = i + 1 + first_invalid_utf8(value.substr(i + 1));
      continue;
    }
    if (value.substr(i).starts_with(kLineSeparators) && i + 2 < value.size() &&
        (value[i + 2] == '\xA8' || value[i + 2] == '\xA9')) {
      text_ += value[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
      continue;
    }
    const std::string escape = escape_of(value[i]);
    if (escape.empty()) {
      text_.push_back(value[i]);
    } else {
      text_ += escape;
    }
  }
  text_.push_back('"');
}

JsonWriter& JsonWriter::object() {
  separate();
  text_.push_back('{');
  closers_.push_back('}');
  comma_due_ = false;
  return *this;
}

JsonWriter& JsonWriter::array() {
  separate();
  text_.push_back('[');
  closers_.push_back(']');
  comma_due_ = false;
  return *this;
}

JsonWriter& JsonWriter::close() {
  assert(!closers_.empty());
  text_.push_back(closers_.back());
  closers_.pop_back();
  comma_due_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  quote(name);
  text_.push_back(':');
  comma_due_ = false;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
  separate();
  quote(value);
  return *this;
}

JsonWriter& JsonWriter::integer(std::uint64_t value) {
  separate();
  fmt::format_to(std::back_inserter(text_), "{}", value);
  return *this;
}

JsonWriter& JsonWriter::signed_integer(std::int64_t value) {
  separate();
  fmt::format_to(std::back_inserter(text_), "{}", value);
  return *this;
}

JsonWriter& JsonWriter::number(float value) {
  if (!std::isfinite(value)) return null();
  separate();
  fmt::format_to(std::back_inserter(text_), "{}", value);
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  if (!std::isfinite(value)) return null();
  separate();
  fmt::format_to(std::back_inserter(text_), "{}", value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  separate();
  text_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  separate();
  text_ += "null";
  return *this;
}

void JsonWriter::clear() {
  text_.clear();
  closers_.clear();
  comma_due_ = false;
}

}  // namespace enlace
