#include "sources/xml_scanner.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/utf8.h"

namespace enlace {
namespace {

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Whether `text` begins with a line end of two characters, of which XML takes the second.
bool ends_line_in_two(std::string_view text) noexcept {
  return text.starts_with("\r\n");
}

bool is_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == ':';
}

bool is_xml_character(char32_t c) noexcept {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xD800) ||
         (c >= 0xE000 && c <= 0x10FFFF && c != 0xFFFE && c != 0xFFFF);
}

struct Entity {
  std::string_view name;
  char value;
};
constexpr Entity kEntities[] = {
    {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};

}  // namespace

XmlScanner::Event XmlScanner::next() {
  if (pending_close_) {
    pending_close_ = false;
    open_.pop_back();
    return Event::kClose;
  }
  for (;;) {
    began_ = at_;
    if (at_ == text_.size()) {
      if (!open_.empty()) refuse("the end of an element");
      if (!root_seen_) refuse("an element");
      return Event::kEnd;
    }
    if (take("<?")) {
      skip_past("?>", "the end of an instruction");
    } else if (take("<!--")) {
      skip_past("-->", "the end of a comment");
    } else if (!root_seen_ && take("<!DOCTYPE")) {
      skip_document_type();
    } else if (take("</")) {
      return close_tag();
    } else if (text_[at_] == '<' && !text_.substr(at_).starts_with("<!")) {
      return open_tag();
    } else if (!open_.empty()) {
      return text_run();
    } else if (is_blank(text_[at_])) {
      skip_blanks();
    } else {
      refuse("an element");
    }
  }
}

XmlScanner::Event XmlScanner::open_tag() {
  if (open_.empty() && root_seen_) refuse("one element at the top");
  root_seen_ = true;
  ++at_;
  element_ = scan_name();
  attributes_.clear();
  for (;;) {
    const std::size_t before = at_;
    skip_blanks();
    if (take("/>")) {
      pending_close_ = true;
      break;
    }
    if (take(">")) break;
    if (at_ == before) refuse("a blank or the end of a tag");
    scan_attribute();
  }
  open_.push_back(element_);
  return Event::kOpen;
}

XmlScanner::Event XmlScanner::close_tag() {
  element_ = scan_name();
  skip_blanks();
  if (!take(">")) refuse("the end of a tag");
  if (open_.empty() || open_.back() != element_) {
    at_ = began_;
    refuse("the end tag of the open element");
  }
  open_.pop_back();
  return Event::kClose;
}

XmlScanner::Event XmlScanner::text_run() {
  piece_.clear();
  if (take("<![CDATA[")) {
    const std::size_t begin = at_;
    skip_past("]]>", "the end of a CDATA section");
    const auto text = text_.substr(begin, at_ - 3 - begin);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (!ends_line_in_two(text.substr(i))) piece_ += text[i];
    }
    return Event::kText;
  }
  if (text_[at_] == '<') refuse("an element, a comment or CDATA");
  while (at_ < text_.size() && text_[at_] != '<') {
    if (text_[at_] == '&') {
      append_entity(piece_);
    } else {
      append_character(piece_);
    }
  }
  return Event::kText;
}

std::string_view XmlScanner::scan_name() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_name(text_[at_])) ++at_;
  if (at_ == begin) refuse("a name");
  return text_.substr(begin, at_ - begin);
}

void XmlScanner::scan_attribute() {
  const auto key = scan_name();
  skip_blanks();
  if (!take("=")) refuse("an equals sign");
  skip_blanks();
  if (at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\'')) refuse("a quote");
  const char quote = text_[at_++];
  std::string value;
  while (at_ < text_.size() && text_[at_] != quote) {
    if (text_[at_] == '<') refuse("no < in an attribute");
    if (text_[at_] == '&') {
      append_entity(value);
    } else {
      append_character(value);
    }
  }
  if (at_ == text_.size()) refuse("a closing quote");
  ++at_;
  if (!attributes_.emplace(key, std::move(value)).second) refuse("an attribute only once");
}

void XmlScanner::append_character(std::string& out) {
  if (!ends_line_in_two(text_.substr(at_))) out += text_[at_];
  ++at_;
}

void XmlScanner::append_entity(std::string& out) {
  const std::size_t end = text_.find(';', at_);
  if (end == std::string_view::npos) refuse("an entity that ends");
  const auto name = text_.substr(at_ + 1, end - at_ - 1);
  if (name.starts_with('#')) {
    const bool hex = name.starts_with("#x");
    const auto digits = name.substr(hex ? 2 : 1);
    std::uint32_t value = 0;
    const auto [stop, code] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
    if (code != std::errc{} || stop != digits.data() + digits.size() || !is_xml_character(value)) {
      refuse("the number of a character");
    }
    append_utf8(out, value);
  } else {
    const auto* found = std::find_if(std::begin(kEntities), std::end(kEntities),
                                     [&](const Entity& entity) { return entity.name == name; });
    if (found == std::end(kEntities)) refuse("an entity of amp lt gt quot apos");
    out += found->value;
  }
  at_ = end + 1;
}

void XmlScanner::skip_blanks() noexcept {
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
}

void XmlScanner::skip_document_type() {
  while (!take(">")) {
    const std::size_t found = text_.find_first_of("[<>\"'", at_);
    if (found == std::string_view::npos) {
      at_ = text_.size();
      refuse("the end of a document type");
    }
    at_ = found;
    if (text_[at_] == '>') continue;
    if (text_[at_] == '[' || text_[at_] == '<') {
      refuse("a document type without declarations of its own");
    }
    const std::size_t quote = at_++;
    skip_past(text_.substr(quote, 1), "a closing quote");
  }
}

void XmlScanner::skip_past(std::string_view end, std::string_view what) {
  const std::size_t found = text_.find(end, at_);
  if (found == std::string_view::npos) refuse(what);
  at_ = found + end.size();
}

bool XmlScanner::take(std::string_view expected) noexcept {
  if (!text_.substr(at_).starts_with(expected)) return false;
  at_ += expected.size();
  return true;
}

std::string_view XmlScanner::attribute(std::string_view key) const noexcept {
  const auto found = attributes_.find(key);
  return found == attributes_.end() ? std::string_view{} : std::string_view(found->second);
}

std::string XmlScanner::place() const {
  const auto passed = text_.substr(counted_, began_ - counted_);
  const std::size_t feed = passed.rfind('\n');
  if (feed != std::string_view::npos) column_ = 1;
  column_ += count_code_points(feed == std::string_view::npos ? passed : passed.substr(feed + 1));
  line_ += std::size_t(std::count(passed.begin(), passed.end(), '\n'));
  counted_ = began_;
  return fmt::format("{}:{}:{}", name_, line_, column_);
}

void XmlScanner::refuse(std::string_view expected) const {
  const auto before = text_.substr(0, at_);
  const std::size_t feed = before.rfind('\n');
  const auto line = feed == std::string_view::npos ? before : before.substr(feed + 1);
  throw Error(ErrorKind::kCorrupt, "{}:{}:{}: expected {}, found {}", name_,
              std::count(before.begin(), before.end(), '\n') + 1, count_code_points(line) + 1,
              expected, at_ == text_.size() ? "the end of the file" : "something else");
}

}  // namespace enlace
