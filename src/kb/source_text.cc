#include "kb/source_text.h"

#include <algorithm>

#include "base/error.h"
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
  if (const std::size_t zero = text_.find('\0'); zero != text_.npos) {
    const auto line = 1 + std::count(text_.begin(), text_.begin() + std::ptrdiff_t(zero), '\n');
    throw Error(ErrorKind::kCorrupt, "{}:{}: expected text, found a zero byte", name_, line);
  }
}

}  // namespace enlace
