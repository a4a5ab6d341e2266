#include "sources/po_file.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "base/error.h"
#include "sources/source_lines.h"

namespace enlace {
namespace {

/// The text of `"…"`; nothing if `quoted` is not one string and nothing else.
std::optional<std::string> unquoted(std::string_view quoted) {
  if (quoted.size() < 2 || quoted.front() != '"' || quoted.back() != '"') return std::nullopt;
  quoted = quoted.substr(1, quoted.size() - 2);
  std::string text;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] == '"') return std::nullopt;
    if (quoted[i] != '\\') {
      text += quoted[i];
      continue;
    }
    if (++i == quoted.size()) return std::nullopt;
    const char c = quoted[i];
    text += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
  }
  return text;
}

/// Gathers the lines of one entry after the other.
class PoReader {
 public:
  PoReader(const std::filesystem::path& path, SourceReport& report, const Progress& progress,
           const std::function<void(const PoEntry&)>& use)
      : lines_(path, report, progress), report_(report), use_(use) {}

  void read() {
    std::string_view line;
    while (lines_.next(line)) take_line(line);
    finish();
    if (lines_.number() == 0) {
      throw Error(ErrorKind::kCorrupt, "{}:1: expected translations, found an empty file",
                  lines_.name());
    }
  }

 private:
  void take_line(std::string_view line) {
    const auto text = trimmed(line);
    if (text.empty()) return;
    if (text.starts_with("#~")) {
      if (text.starts_with("#~ msgid ")) report_.leave_out("obsolete translation");
    } else if (text.starts_with('#')) {
      if (translated_) finish();
      if (text.starts_with("#,") && text.find("fuzzy") != std::string_view::npos) {
        entry_.fuzzy = true;
      }
    } else if (text.starts_with('"')) {
      append(line, text);
    } else {
      take_keyword(line, text);
    }
  }

  void take_keyword(std::string_view line, std::string_view text) {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    const auto keyword = text.substr(0, end);
    if (translated_ && !keyword.starts_with("msgstr")) finish();
    if (entry_.place.empty()) entry_.place = lines_.place();
    if (keyword == "msgctxt") {
      into_ = &entry_.context;
    } else if (keyword == "msgid") {
      into_ = &entry_.id;
    } else if (keyword == "msgstr") {
      into_ = &entry_.translation;
      translated_ = true;
    } else if (keyword == "msgid_plural" || keyword.starts_with("msgstr[")) {
      into_ = &ignored_;
      plural_ = true;
      translated_ |= keyword != "msgid_plural";
    } else {
      return refuse(line, text, "msgctxt, msgid, msgstr or a comment");
    }
    append(line, trimmed(text.substr(end)));
  }

  void append(std::string_view line, std::string_view quoted) {
    const auto text = unquoted(quoted);
    if (!text || into_ == nullptr) return refuse(line, quoted, "a string between quotes");
    into_->append(*text);
  }

  void refuse(std::string_view line, std::string_view at, std::string_view expected) {
    report_.refuse("bad line", "{}: expected {}, found something else",
                   lines_.place(line, std::size_t(at.data() - line.data())), expected);
    bad_ = true;
  }

  void finish() {
    const bool is_header = entry_.context.empty() && entry_.id.empty();
    if (translated_) {
      if (!is_header) ++report_.rows.rows;
      if (!bad_ && !plural_) use_(entry_);
    }
    entry_ = {};
    into_ = nullptr;
    translated_ = plural_ = bad_ = false;
  }

  SourceLines lines_;
  SourceReport& report_;
  const std::function<void(const PoEntry&)>& use_;
  PoEntry entry_;
  std::string ignored_;
  std::string* into_ = nullptr;  // what a continued string continues
  bool translated_ = false, plural_ = false, bad_ = false;
};

}  // namespace

void read_po(const std::filesystem::path& path, SourceReport& report, const Progress& progress,
             const std::function<void(const PoEntry&)>& use) {
  PoReader(path, report, progress, use).read();
}

}  // namespace enlace
