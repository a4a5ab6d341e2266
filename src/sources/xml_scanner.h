// A strict scanner for the plain XML that data files of modules are written in.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace enlace {

/// Gives a document piece by piece: elements with attributes, text with the five named and all
/// numeric entities resolved, CDATA as text, line ends as a line feed. Comments and processing
/// instructions are passed over. A document type is passed over if all of it is in other files,
/// which are never read; one with declarations of its own, and so with entities, is refused.
/// Elements must nest and there must be exactly one at the top.
class XmlScanner {
 public:
  enum class Event { kOpen, kClose, kText, kEnd };

  /// `text` is the whole document in UTF-8, `name` its file; both must outlive the scanner.
  XmlScanner(std::string_view text, std::string_view name) noexcept : text_(text), name_(name) {}

  /// What comes next; after kEnd, kEnd again. `<a/>` gives kOpen and kClose. Text may come in
  /// several pieces. Throws Error(kCorrupt) with line and column.
  Event next();

  // Of the last event, until the next one:
  std::string_view element() const noexcept { return element_; }  // kOpen, kClose
  const std::string& text() const noexcept { return piece_; }     // kText
  /// An attribute of kOpen; empty if there is none.
  std::string_view attribute(std::string_view key) const noexcept;
  /// "file:17:4": where the last event began.
  std::string place() const;

 private:
  Event open_tag();
  Event close_tag();
  Event text_run();
  std::string_view scan_name();
  void scan_attribute();
  void skip_blanks() noexcept;
  void skip_document_type();
  void skip_past(std::string_view end, std::string_view what);
  bool take(std::string_view expected) noexcept;
  void append_character(std::string& out);
  void append_entity(std::string& out);
  [[noreturn]] void refuse(std::string_view expected) const;

  std::string_view text_, name_;
  std::size_t at_ = 0;                                       // the next byte
  std::size_t began_ = 0;                                    // the first byte of the last event
  mutable std::size_t counted_ = 0, line_ = 1, column_ = 1;  // of byte counted_
  std::string_view element_;
  std::string piece_;
  std::map<std::string, std::string, std::less<>> attributes_;
  std::vector<std::string_view> open_;
  bool pending_close_ = false;
  bool root_seen_ = false;
};

}  // namespace enlace
