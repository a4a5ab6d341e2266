#include "corpus/text_reader.h"

#include <charconv>
#include <optional>

#include "base/ascii.h"
#include "base/error.h"
#include "base/utf8.h"

namespace enlace {
namespace {

/// Takes the field before the next tab from the front of `line`; nothing if none is left.
std::optional<std::string_view> take_field(std::optional<std::string_view>& line) {
  if (!line) return std::nullopt;
  const std::size_t tab = line->find('\t');
  const std::string_view field = line->substr(0, tab);
  line = tab == std::string_view::npos ? std::nullopt : std::optional(line->substr(tab + 1));
  return field;
}

std::optional<std::size_t> number_in(std::string_view text) {
  std::size_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

}  // namespace

TextReader::TextReader(const std::filesystem::path& path, TextPlace place, WaitHook waiting)
    : lines_(path, std::move(waiting)), place_(std::move(place)) {
  if (place_.kind == TextPlace::Kind::kColumn) column_ = find_column();
}

std::size_t TextReader::find_column() {
  if (const auto number = number_in(place_.name)) {
    if (*number > 0) return *number - 1;
    throw Error(ErrorKind::kInvalidArgument, "{}: expected a column from 1, found 0", name());
  }
  std::string_view line;
  std::optional<std::string_view> rest;
  if (next_line(line)) rest = line;
  std::size_t count = 0, times = 0, found = 0;
  while (const auto field = take_field(rest)) {
    if (*field == place_.name) {
      found = count;
      ++times;
    }
    ++count;
  }
  if (times != 1) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}:1: expected one column \"{}\", found {} in {} columns", name(), place_.name,
                times, count);
  }
  return found;
}

bool TextReader::next_line(std::string_view& line) {
  if (!lines_.next(line)) return false;
  if (const auto fault = utf8_fault(line, name(), number())) {
    throw Error(ErrorKind::kCorrupt, "{}", *fault);
  }
  return true;
}

bool TextReader::next(std::string& text) {
  std::string_view line;
  if (!next_line(line)) return false;
  switch (place_.kind) {
    case TextPlace::Kind::kLine: text = line; return true;
    case TextPlace::Kind::kColumn: {
      std::optional<std::string_view> rest = line;
      for (std::size_t column = 0; column < column_ && rest; ++column) take_field(rest);
      if (!rest) {
        throw Error(ErrorKind::kCorrupt, "{}:{}: expected at least {} columns, found fewer", name(),
                    number(), column_ + 1);
      }
      text = *take_field(rest);
      return true;
    }
    case TextPlace::Kind::kMember: {
      while (trimmed(line).empty()) {
        if (!next_line(line)) return false;
      }
      const std::string where = fmt::format("{}:{}", name(), number());
      text = json_get<std::string_view>(parse_json(parser_, line, where), place_.name, where);
      if (!is_utf8(text)) {  // an escape of half a surrogate pair
        throw Error(ErrorKind::kCorrupt, "{}: {}: expected Unicode, found another code", where,
                    place_.name);
      }
      return true;
    }
  }
  return false;
}

}  // namespace enlace
