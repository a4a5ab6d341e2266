#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/error.h"
#include "base/hash.h"
#include "sources/icd_order_file.h"
#include "sources/readers.h"
#include "sources/source_text.h"
#include "sources/xml_elements.h"
#include "sources/xml_scanner.h"

namespace enlace {
namespace {

using Event = XmlScanner::Event;

constexpr std::size_t kCategorySize = 3;  // what stands before the dot
constexpr std::size_t kFullSize = 7;      // of a code with its extension, without the dot
constexpr std::size_t kDeepest = 32;      // diagnoses in each other; ICD-10-CM has 5

bool choice(const SourceSpec& spec, std::string_view key, bool otherwise) {
  const auto given = spec.option(key, otherwise ? "yes" : "no");
  if (given != "yes" && given != "no") {
    throw Error(ErrorKind::kInvalidArgument, "source {}: expected {}=yes or {}=no", spec.kind, key,
                key);
  }
  return given == "yes";
}

std::string without_dot(std::string_view code) {
  std::string bare(code);
  std::erase(bare, '.');
  return bare;
}

std::string with_dot(std::string_view code) {
  std::string dotted(without_dot(code));
  if (dotted.size() > kCategorySize) dotted.insert(kCategorySize, 1, '.');
  return dotted;
}

/// The seventh characters that codes below get, and what each adds to their names.
using Extensions = std::vector<std::pair<std::string, std::string>>;

/// <diag> as far as it has been read, without the diagnoses in it.
struct Diagnosis {
  std::string place, code, title;
  std::vector<std::string> inclusions;
  Extensions extensions;  // its own
};

class Icd10CmReader {
 public:
  Icd10CmReader(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                const Progress& progress)
      : path_(spec.path),
        source_(spec.option("source", "ICD-10-CM")),
        dots_(choice(spec, "dots", true)),
        extend_(choice(spec, "extensions", false)),
        draft_(draft),
        report_(report),
        progress_(progress) {}

  void read() {
    if (looks_like_xml(path_)) {
      read_tabular();
    } else {
      read_order();
    }
  }

 private:
  void read_order() {
    add_icd_order_file(
        path_, source_, [this](std::string_view code) { return shown(code); }, draft_, report_,
        progress_);
  }

  void read_tabular() {
    const SourceText document(path_);
    XmlScanner xml(document.text(), document.name());
    if (xml.next() != Event::kOpen || xml.element() != "ICD10CM.tabular") {
      throw Error(ErrorKind::kCorrupt, "{}: expected the element ICD10CM.tabular, found another",
                  xml.place());
    }
    for_each_child(xml, [&] {
      if (xml.element() == "chapter") {
        read_chapter(xml);
      } else {
        skip_element(xml);
      }
    });
    while (xml.next() != Event::kEnd) {
    }
  }

  void read_chapter(XmlScanner& xml) {
    chapter_.clear();
    for_each_child(xml, [&] {
      if (xml.element() == "desc") {
        chapter_ = without_range(text_of_element(xml));
      } else if (xml.element() == "section") {
        read_section(xml);
      } else {
        skip_element(xml);
      }
    });
    progress_.tell("reading", report_.rows.rows);
  }

  /// "Cholera (A00-A09)" without the codes at its end, which begin with a letter and a digit.
  static std::string without_range(std::string title) {
    const std::size_t open = title.rfind('(');
    if (!title.ends_with(')') || open == std::string::npos || open + 2 >= title.size())
      return title;
    const char letter = title[open + 1], digit = title[open + 2];
    if (letter < 'A' || letter > 'Z' || digit < '0' || digit > '9') return title;
    return std::string(trimmed(std::string_view(title).substr(0, open)));
  }

  void read_section(XmlScanner& xml) {
    const std::string place = xml.place();
    const std::string id(trimmed(xml.attribute("id")));
    ++report_.rows.rows;
    if (id.empty())
      report_.refuse("no code", "{}: expected a section with an id, found none", place);
    for_each_child(xml, [&] {
      if (xml.element() == "desc") {
        const std::string title = without_range(text_of_element(xml));
        if (!id.empty() && !title.empty()) {
          add_name(id, title, Scope::kPreferred, "desc");
          add_chapter(id);
        }
      } else if (xml.element() == "diag") {
        read_diagnosis(xml, id, {}, 0);
      } else {
        skip_element(xml);
      }
    });
  }

  /// A <diag> that has just been opened, and those in it. The extensions of those above hold unless
  /// it has its own.
  void read_diagnosis(XmlScanner& xml, const std::string& parent, const Extensions& above,
                      std::size_t depth) {
    if (depth == kDeepest) {
      throw Error(ErrorKind::kCorrupt,
                  "{}: expected at most {} diagnoses in each other, found more", xml.place(),
                  kDeepest);
    }
    ++report_.rows.rows;
    Diagnosis read;
    read.place = xml.place();
    bool added = false, good = false, leaf = true;
    for_each_child(xml, [&] {
      const auto element = xml.element();
      if (element == "diag") {
        if (!added) good = add_diagnosis(read, parent);
        added = true;
        leaf = false;
        read_diagnosis(xml, good ? shown(read.code) : parent,
                       read.extensions.empty() ? above : read.extensions, depth + 1);
      } else if (element == "name") {
        read.code = text_of_element(xml);
      } else if (element == "desc") {
        read.title = text_of_element(xml);
      } else if (element == "inclusionTerm") {
        for_each_child(xml, [&] { read.inclusions.push_back(text_of_element(xml)); });
      } else if (element == "sevenChrDef") {
        for_each_child(xml, [&] { read_extension(xml, read.extensions); });
      } else {
        skip_element(xml);
      }
    });
    if (!added) good = add_diagnosis(read, parent);
    const Extensions& extensions = read.extensions.empty() ? above : read.extensions;
    if (good && leaf && !extensions.empty()) add_extended(read, extensions);
  }

  void read_extension(XmlScanner& xml, Extensions& extensions) {
    if (xml.element() != "extension") return skip_element(xml);
    const std::string place = xml.place();
    std::string character(trimmed(xml.attribute("char")));
    std::string text = text_of_element(xml);
    if (character.size() != 1 || text.empty()) {
      report_.refuse("bad extension", "{}: expected one character and a text, found another",
                     place);
      return;
    }
    extensions.emplace_back(std::move(character), std::move(text));
  }

  /// False if the diagnosis is refused.
  bool add_diagnosis(const Diagnosis& read, const std::string& parent) {
    const std::string bare = without_dot(read.code);
    if (bare.empty()) {
      report_.refuse("no code", "{}: expected a name, which is its code, found none", read.place);
      return false;
    }
    if (read.title.empty()) {
      report_.refuse("no name", "{}: expected a desc, found none", read.place);
      return false;
    }
    if (!seen_.insert(bare).second) {
      report_.refuse("duplicate code", "{}: expected a code once, found it again", read.place);
      return false;
    }
    const std::string code = shown(read.code);
    add_name(code, read.title, Scope::kPreferred, "desc");
    add_chapter(code);
    for (const std::string& inclusion : read.inclusions) {
      if (!inclusion.empty()) add_name(code, inclusion, Scope::kExact, "inclusionTerm");
    }
    const bool own_section = parent == code;  // of one category, with its code
    if (!parent.empty() && !own_section) draft_.add(RelationRecord{code, parent});
    return true;
  }

  /// The codes that the seventh characters make, with X where a shorter code has nothing.
  void add_extended(const Diagnosis& read, const Extensions& extensions) {
    std::string base = without_dot(read.code);
    if (base.size() >= kFullSize) return;
    if (!extend_) return report_.leave_out("codes of a code with seventh characters");
    base.resize(kFullSize - 1, 'X');
    const std::string parent = shown(read.code);
    for (const auto& [character, text] : extensions) {
      const std::string bare = base + character;
      if (!seen_.insert(bare).second) {
        report_.refuse("duplicate code", "{}: expected a code once, found it again", read.place);
        continue;
      }
      const std::string code = dots_ ? with_dot(bare) : bare;
      add_name(code, read.title + ", " + text, Scope::kPreferred, "desc");
      add_chapter(code);
      draft_.add(RelationRecord{code, parent});
    }
  }

  void add_name(std::string_view code, std::string_view text, Scope scope,
                std::string_view term_type) {
    draft_.add(NameRecord{code, text, "en", source_, scope, term_type}, report_);
  }

  void add_chapter(std::string_view code) {
    if (!chapter_.empty()) draft_.add(TypeRecord{code, chapter_});
  }

  std::string shown(std::string_view code) const {
    return dots_ ? with_dot(code) : without_dot(code);
  }

  std::filesystem::path path_;
  std::string_view source_;
  bool dots_, extend_;
  KbDraft& draft_;
  SourceReport& report_;
  const Progress& progress_;
  std::string chapter_;
  std::unordered_set<std::string, StringHash, std::equal_to<>> seen_;  // codes without dots
};

}  // namespace

void read_icd10cm(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                  const Progress& progress) {
  Icd10CmReader(spec, draft, report, progress).read();
}

}  // namespace enlace
