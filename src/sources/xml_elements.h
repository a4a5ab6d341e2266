// What the elements of an XML document hold.
#pragma once

#include <string>

#include "sources/xml_scanner.h"

namespace enlace {

/// The text of the element that `xml` has just opened and of those in it, blanks trimmed at both
/// ends; `xml` is then behind it. Throws as XmlScanner::next does.
std::string text_of_element(XmlScanner& xml);

/// Passes over the rest of the element that `xml` has just opened.
void skip_element(XmlScanner& xml);

/// Calls `use` when an element right inside the one that has just been opened is opened; `use` must
/// take the scanner behind it. Text between them is passed over.
template <class Use>
void for_each_child(XmlScanner& xml, Use use) {
  for (auto event = xml.next();
       event != XmlScanner::Event::kClose && event != XmlScanner::Event::kEnd; event = xml.next()) {
    if (event == XmlScanner::Event::kOpen) use();
  }
}

}  // namespace enlace
