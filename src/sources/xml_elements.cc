#include "sources/xml_elements.h"

#include "base/ascii.h"

namespace enlace {

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
