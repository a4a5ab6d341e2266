#include "sources/source_text.h"

#include <algorithm>

#include "base/utf8.h"
#include "io/line_reader.h"

namespace enlace {

SourceText::SourceText(const std::filesystem::path& path) : name_(path.string()) {
  if (std::filesystem::is_regular_file(path)) {
    mapped_.emplace(path);
    text_ = mapped_->text();
  }
  if (!mapped_ || text_.starts_with("\x1F\x8B")) {
    LineReader reader(path);
    name_ = reader.name();
    read_ = reader.rest();
    text_ = read_;
    mapped_.reset();
  }
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  if (const auto fault = utf8_fault(text_, name_)) throw Error(ErrorKind::kCorrupt, "{}", *fault);
  refuse_zero_byte(text_, name_);
}

void refuse_zero_byte(std::string_view text, std::string_view name) {
  const std::size_t zero = text.find('\0');
  if (zero == text.npos) return;
  const auto before = text.substr(0, zero);
  const std::size_t line = 1 + std::size_t(std::count(before.begin(), before.end(), '\n'));
  throw zero_byte_error(fmt::format("{}:{}", name, line), zero - (before.rfind('\n') + 1));
}

Error zero_byte_error(std::string_view where, std::size_t at) {
  return {ErrorKind::kCorrupt, "{}: byte {}: expected text, found a zero byte", where, at + 1};
}

}  // namespace enlace
