#include "kb/xml_document.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/utf8.h"
#include "io/line_reader.h"

namespace enlace {

std::string read_xml_document(const std::filesystem::path& path) {
  LineReader reader(path);
  std::string document;
  std::string_view line;
  while (reader.next(line)) {
    if (const std::size_t zero = line.find('\0'); zero != line.npos) {
      throw Error(ErrorKind::kCorrupt, "{}:{}: byte {}: expected text, found a zero byte",
                  reader.name(), reader.number(), zero + 1);
    }
    const std::size_t invalid = first_invalid_utf8(line);
    if (invalid < line.size()) {
      throw Error(ErrorKind::kCorrupt, "{}:{}:{}: expected UTF-8, found byte 0x{:02X}",
                  reader.name(), reader.number(), count_code_points(line.substr(0, invalid)) + 1,
                  static_cast<unsigned char>(line[invalid]));
    }
    document.append(line).append("\n");
  }
  return document;
}

std::string text_of_element(XmlScanner& xml) {
  std::string text;
  for (int depth = 1; depth > 0;) {
    switch (xml.next()) {
      case XmlScanner::Event::kOpen: ++depth; break;
      case XmlScanner::Event::kClose: --depth; break;
      case XmlScanner::Event::kText: text += xml.text(); break;
      case XmlScanner::Event::kEnd: depth = 0; break;
    }
  }
  return std::string(trimmed(text));
}

void skip_element(XmlScanner& xml) {
  text_of_element(xml);
}

}  // namespace enlace
