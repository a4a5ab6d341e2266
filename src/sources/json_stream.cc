#include "sources/json_stream.h"

#include <algorithm>

#include "base/error.h"
#include "base/utf8.h"
#include "io/line_reader.h"
#include "sources/source_text.h"

namespace enlace {
namespace {

/// Where a string holds a control character, or else where one begins that does not end; npos if
/// neither. These are the faults that simdjson sees before it walks, and does not say where.
std::size_t string_fault(std::string_view json) {
  std::size_t opened = json.npos;
  for (std::size_t at = 0; at < json.size(); ++at) {
    if (json[at] == '"') {
      opened = opened == json.npos ? at : json.npos;
    } else if (opened != json.npos && json[at] == '\\') {
      ++at;
    } else if (opened != json.npos && json[at] >= 0 && json[at] < ' ') {
      return at;
    }
  }
  return opened;
}

}  // namespace

JsonStream::JsonStream(const std::filesystem::path& path) {
  LineReader reader(path);
  name_ = reader.name();
  text_ = reader.rest();
  if (text_.starts_with("\xEF\xBB\xBF")) std::fill_n(text_.begin(), 3, ' ');
  if (const auto fault = utf8_fault(text_, name_)) throw Error(ErrorKind::kCorrupt, "{}", *fault);
  refuse_zero_byte(text_, name_);
  text_.reserve(text_.size() + simdjson::SIMDJSON_PADDING);
}

simdjson::ondemand::document JsonStream::begin() {
  simdjson::ondemand::document document;
  if (text_.empty()) {
    throw Error(ErrorKind::kCorrupt, "{}:1: expected JSON, found an empty file", name_);
  }
  const simdjson::padded_string_view padded(text_.data(), text_.size(), text_.capacity());
  if (const auto code = parser_.iterate(padded).get(document)) {
    const std::size_t at = string_fault(text_);
    throw Error(ErrorKind::kCorrupt, "{}: expected JSON, found a fault: {}",
                at == text_.npos ? name_ : place(text_.data() + at), simdjson::error_message(code));
  }
  return document;
}

std::string JsonStream::place(const char* at) {
  const auto offset = std::size_t(at - text_.data());
  if (offset < counted_) counted_ = 0, line_ = 1;
  line_ += std::size_t(std::count(text_.begin() + std::ptrdiff_t(counted_),
                                  text_.begin() + std::ptrdiff_t(offset), '\n'));
  counted_ = offset;
  return fmt::format("{}:{}", name_, line_);
}

void JsonStream::refuse(simdjson::error_code code, simdjson::ondemand::document& document) {
  const char* at = nullptr;
  const bool known = document.current_location().get(at) == simdjson::SUCCESS &&
                     at >= text_.data() && at < text_.data() + text_.size();
  throw Error(ErrorKind::kCorrupt, "{}: expected JSON, found a fault: {}",
              known ? place(at) : name_, simdjson::error_message(code));
}

}  // namespace enlace
