// The records of Medical Subject Headings, out of either of their two formats.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/name_record.h"

namespace enlace {

struct MeshTerm {
  std::string text;
  Scope scope;
  std::string_view term_type;  // MH, NM, ET, PM (permuted)
};

/// A descriptor or a supplementary record.
struct MeshRecord {
  std::string place;  // "desc.xml:17", where it begins
  std::string code;   // D000001, C000002
  std::vector<MeshTerm> terms;
  std::vector<std::string> types;         // T109
  std::vector<std::string> tree_numbers;  // D03.438.221
  std::vector<std::string> headings;      // the codes that a supplementary record is mapped to
  std::string scope_note;
};

using UseMeshRecord = std::function<void(MeshRecord&)>;

/// Gives every record of a DescriptorRecordSet or SupplementalRecordSet in XML, as NLM publishes
/// them: a term is preferred if it is its preferred concept's, exact if of that concept, else what
/// the relation between the concepts says (NRW narrower, BRD broader), related if nothing does.
/// `language` is called once with the LanguageCode of the set and its place. `text` is UTF-8,
/// `name` its file. Throws Error(kCorrupt) with line and column if it is another document.
void read_mesh_xml(
    std::string_view text, std::string_view name,
    const std::function<void(std::string_view code, std::string_view place)>& language,
    const UseMeshRecord& use);

/// Gives every record of type D and C of the ASCII format, and calls `other` for one of any other
/// type, `bad` with the place of a line that is no field. An entry term is exact unless its
/// relation says NRW, BRD or REL. Throws Error(kCorrupt) if the text does not begin with
/// *NEWRECORD.
void read_mesh_ascii(std::string_view text, std::string_view name, const UseMeshRecord& use,
                     const std::function<void()>& other,
                     const std::function<void(std::string_view place)>& bad);

}  // namespace enlace
