#include <array>
#include <string>
#include <unordered_map>
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

constexpr std::size_t kAxes = 7;
constexpr std::size_t kTableAxes = 3;       // section, body system and operation head a table
constexpr std::size_t kMostCodes = 200000;  // of a row of a table; ICD-10-PCS has some thousands

/// One character of a code and what it stands for.
struct Value {
  std::string character, label;
};
using Axis = std::vector<Value>;
using Axes = std::array<Axis, kAxes>;

/// The beginning of a code and its name.
struct Prefix {
  std::string code, name;
};

class Icd10PcsReader {
 public:
  Icd10PcsReader(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                 const Progress& progress)
      : path_(spec.path),
        source_(spec.option("source", "ICD-10-PCS")),
        draft_(draft),
        report_(report),
        progress_(progress) {}

  void read() {
    if (looks_like_xml(path_)) {
      read_tables();
    } else {
      read_order();
    }
  }

 private:
  void read_order() {
    add_icd_order_file(
        path_, source_, [](std::string_view code) { return std::string(code); }, draft_, report_,
        progress_);
  }

  void read_tables() {
    const SourceText document(path_);
    XmlScanner xml(document.text(), document.name());
    if (xml.next() != XmlScanner::Event::kOpen || !xml.element().starts_with("ICD10PCS")) {
      throw Error(ErrorKind::kCorrupt, "{}: expected the element ICD10PCS.tabular, found another",
                  xml.place());
    }
    for_each_child(xml, [&] {
      if (xml.element() == "pcsTable") {
        read_table(xml);
        progress_.tell("reading", report_.rows.rows);
      } else {
        skip_element(xml);
      }
    });
    while (xml.next() != XmlScanner::Event::kEnd) {
    }
  }

  void read_table(XmlScanner& xml) {
    Axes axes;
    for_each_child(xml, [&] {
      if (xml.element() == "axis") {
        read_axis(xml, axes);
      } else if (xml.element() == "pcsRow") {
        read_row(xml, axes);
      } else {
        skip_element(xml);
      }
    });
  }

  void read_axis(XmlScanner& xml, Axes& axes) {
    const std::string place = xml.place();
    const auto pos = trimmed(xml.attribute("pos"));
    const bool known = pos.size() == 1 && pos[0] >= '1' && pos[0] <= '7';
    Axis axis;
    const std::size_t at = known ? std::size_t(pos[0] - '1') : 0;
    for_each_child(xml, [&] {
      if (xml.element() != "label") return skip_element(xml);
      const std::string label_place = xml.place();
      std::string character(trimmed(xml.attribute("code")));
      std::string label = text_of_element(xml);
      if (character.size() != 1 || label.empty()) {
        report_.refuse("bad label",
                       "{}: expected a label with a code of one character, found "
                       "another",
                       label_place);
      } else {
        axis.push_back({std::move(character), std::move(label)});
      }
    });
    if (known) {
      axes[at] = std::move(axis);
    } else {
      report_.refuse("bad axis", "{}: expected an axis with a position of 1 to 7, found another",
                     place);
    }
  }

  /// All codes of a row: every choice of one value an axis.
  void read_row(XmlScanner& xml, const Axes& heads) {
    ++report_.rows.rows;
    const std::string place = xml.place();
    Axes axes = heads;
    for (std::size_t at = kTableAxes; at < kAxes; ++at) axes[at].clear();
    for_each_child(xml, [&] {
      if (xml.element() == "axis") {
        read_axis(xml, axes);
      } else {
        skip_element(xml);
      }
    });
    std::size_t count = 1;
    for (std::size_t at = 0; at < kAxes; ++at) {
      if (axes[at].empty()) {
        report_.refuse("missing axis", "{}: expected values of axis {}, found none", place, at + 1);
        return;
      }
      count *= axes[at].size();
      if (count > kMostCodes) {
        report_.refuse("too many codes", "{}: expected at most {} codes in a row, found more",
                       place, kMostCodes);
        return;
      }
    }
    std::vector<Prefix> prefixes{{}};
    for (std::size_t at = 0; at < kAxes; ++at) {
      std::vector<Prefix> longer;
      for (const Prefix& prefix : prefixes) {
        for (const Value& value : axes[at]) {
          longer.push_back({prefix.code + value.character, name_of(at, prefix, value)});
          add_prefix(longer.back(), prefix.code);
        }
      }
      prefixes = std::move(longer);
    }
  }

  /// Titles as the order file has those of tables: "Central Nervous System, Bypass", then one
  /// further value after the other, without those that only say that there is none.
  static std::string name_of(std::size_t axis, const Prefix& prefix, const Value& value) {
    if (axis <= 1) return value.label;  // a section, a body system
    if (value.label == "No Device" || value.label == "No Qualifier") return prefix.name;
    return prefix.name + ", " + value.label;
  }

  void add_prefix(const Prefix& prefix, const std::string& parent) {
    const auto [place, is_new] = seen_.emplace(prefix.code, prefix.name);
    if (!is_new) {
      if (place->second != prefix.name) {
        report_.leave_out("other name of a code");
      } else if (prefix.code.size() == kAxes) {  // shorter ones are those of many rows
        ++report_.duplicates;
      }
      return;
    }
    add_name(prefix.code, prefix.name, Scope::kPreferred, "table");
    if (!parent.empty()) draft_.add(RelationRecord{prefix.code, parent});
  }

  void add_name(std::string_view code, std::string_view text, Scope scope,
                std::string_view term_type) {
    draft_.add(NameRecord{code, text, "en", source_, scope, term_type}, report_);
  }

  std::filesystem::path path_;
  std::string_view source_;
  KbDraft& draft_;
  SourceReport& report_;
  const Progress& progress_;
  std::unordered_map<std::string, std::string, StringHash, std::equal_to<>> seen_;
};

}  // namespace

void read_icd10pcs(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                   const Progress& progress) {
  Icd10PcsReader(spec, draft, report, progress).read();
}

}  // namespace enlace
