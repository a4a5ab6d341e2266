#include "sources/claml_document.h"

#include "base/ascii.h"
#include "base/error.h"
#include "sources/source_text.h"
#include "sources/xml_elements.h"
#include "sources/xml_scanner.h"

namespace enlace {
namespace {

using Event = XmlScanner::Event;

constexpr char kReference = '\x01';  // stands for one until the label is tidied; no XML has it

/// One blank between words, none before closing punctuation; a reference goes with the brackets
/// around it.
std::string tidied(std::string_view text) {
  std::string out;
  const auto ends_with_open = [&] {
    return out.ends_with('(') || out.ends_with('[') || out.ends_with('{');
  };
  std::size_t emptied = 0;  // brackets opened that held a reference only, so far
  bool blank = false;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      blank = true;
    } else if (c == kReference) {
      if (ends_with_open()) emptied = out.size();
    } else if ((c == ')' || c == ']' || c == '}') && ends_with_open() && emptied == out.size()) {
      out.pop_back();
      out.resize(out.find_last_not_of(' ') + 1);
      emptied = 0;
    } else {
      const bool joins = out.empty() || ends_with_open() || c == ')' || c == ']' || c == '}' ||
                         c == ',' || c == ';';
      if (blank && !joins) out += ' ';
      blank = false;
      if (emptied != 0 && emptied == out.size() && (c == ',' || c == ';')) continue;
      out += c;
    }
  }
  return std::string(trimmed(out));
}

/// Whether an element of a label stands apart from what is around it.
bool stands_apart(std::string_view element) noexcept {
  return element != "Term";
}

/// The text of the label that has just been opened.
std::string read_label(XmlScanner& xml) {
  std::string text;
  std::vector<bool> apart;
  for (;;) {
    switch (xml.next()) {
      case Event::kOpen:
        if (xml.element() == "Reference") {
          skip_element(xml);
          text += kReference;
        } else {
          apart.push_back(stands_apart(xml.element()));
          if (apart.back()) text += ' ';
        }
        break;
      case Event::kClose:
        if (apart.empty()) return tidied(text);
        if (apart.back()) text += ' ';
        apart.pop_back();
        break;
      case Event::kText: text += xml.text(); break;
      case Event::kEnd: return {};
    }
  }
}

std::string attribute(const XmlScanner& xml, std::string_view key) {
  return std::string(trimmed(xml.attribute(key)));
}

void read_rubric(XmlScanner& xml, std::vector<ClamlLabel>& labels) {
  const std::string kind = attribute(xml, "kind");
  for_each_child(xml, [&] {
    if (xml.element() != "Label") return skip_element(xml);
    std::string language = attribute(xml, "xml:lang");
    labels.push_back({kind, std::move(language), read_label(xml)});
  });
}

ClamlModification read_modification(XmlScanner& xml) {
  ClamlModification modification;
  modification.modifier = attribute(xml, "code");
  modification.all = xml.attribute("all") != "false";
  for_each_child(xml, [&] {
    if (xml.element() == "ValidModifierClass") modification.valid.push_back(attribute(xml, "code"));
    skip_element(xml);
  });
  return modification;
}

ClamlClass read_class(XmlScanner& xml) {
  ClamlClass read;
  read.place = xml.place();
  read.code = attribute(xml, "code");
  read.kind = attribute(xml, "kind");
  for_each_child(xml, [&] {
    const auto element = xml.element();
    if (element == "Rubric") return read_rubric(xml, read.labels);
    if (element == "ModifiedBy") return read.modified_by.push_back(read_modification(xml));
    if (element == "SuperClass") read.parents.push_back(attribute(xml, "code"));
    if (element == "ExcludeModifier") read.excluded_modifiers.push_back(attribute(xml, "code"));
    skip_element(xml);
  });
  return read;
}

ClamlModifierClass read_modifier_class(XmlScanner& xml) {
  ClamlModifierClass read;
  read.place = xml.place();
  read.modifier = attribute(xml, "modifier");
  read.code = attribute(xml, "code");
  for_each_child(xml, [&] {
    if (xml.element() == "Rubric") return read_rubric(xml, read.labels);
    if (xml.element() == "Meta" && xml.attribute("name") == "excludeOnPrecedingModifier") {
      const auto value = attribute(xml, "value");
      const std::size_t blank = value.find(' ');
      if (blank != std::string::npos) {
        read.not_after.emplace_back(value.substr(0, blank),
                                    trimmed(std::string_view(value).substr(blank)));
      }
    }
    skip_element(xml);
  });
  return read;
}

}  // namespace

ClamlDocument read_claml_document(const std::filesystem::path& path, const Progress& progress) {
  constexpr std::size_t kClassesPerReport = 1024;
  const SourceText text(path);
  XmlScanner xml(text.text(), text.name());
  if (xml.next() != Event::kOpen || xml.element() != "ClaML") {
    throw Error(ErrorKind::kCorrupt, "{}: expected the element ClaML, found another", xml.place());
  }
  ClamlDocument document;
  for_each_child(xml, [&] {
    if (xml.element() == "Class") {
      document.classes.push_back(read_class(xml));
      if (document.classes.size() % kClassesPerReport == 0) {
        progress.tell("reading", document.classes.size());
      }
    } else if (xml.element() == "ModifierClass") {
      document.modifier_classes.push_back(read_modifier_class(xml));
    } else {
      if (xml.element() == "Title") document.title = attribute(xml, "name");
      skip_element(xml);
    }
  });
  while (xml.next() != Event::kEnd) {
  }
  return document;
}

}  // namespace enlace
