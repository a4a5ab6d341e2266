// A classification in ClaML 2.0 (CEN/TS 14463), as far as names and hierarchy go.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.h"

namespace enlace {

struct ClamlLabel {
  std::string kind;      // of its rubric: "preferred", "inclusion", …
  std::string language;  // as it stands; may be empty
  std::string text;      // on one line, without references
};

/// <ModifiedBy code="S04E10_4" all="false"><ValidModifierClass code=".0"/></ModifiedBy>
struct ClamlModification {
  std::string modifier;
  bool all = true;
  std::vector<std::string> valid;  // codes of modifier classes, unless all are
};

struct ClamlClass {
  std::string place;  // "icd.xml:17": its first line
  std::string code, kind;
  std::vector<std::string> parents;
  std::vector<ClamlModification> modified_by;
  std::vector<std::string> excluded_modifiers;
  std::vector<ClamlLabel> labels;
};

/// What a modifier may add to a code.
struct ClamlModifierClass {
  std::string place;
  std::string modifier, code;
  std::vector<std::pair<std::string, std::string>> not_after;  // modifier and code before it
  std::vector<ClamlLabel> labels;
};

struct ClamlDocument {
  std::string title;  // the name, such as "ICD-10-GM"
  std::vector<ClamlClass> classes;
  std::vector<ClamlModifierClass> modifier_classes;
};

/// Labels are flattened: terms, fragments, paragraphs and list items are put together with blanks;
/// references, whose text is a code, are left out with the brackets around them.
/// Throws as SourceText and XmlScanner do; Error(kCorrupt) unless the top is <ClaML>;
/// kCancelled.
ClamlDocument read_claml_document(const std::filesystem::path& path, const Progress& progress);

}  // namespace enlace
