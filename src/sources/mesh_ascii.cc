#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "sources/mesh_records.h"

namespace enlace {
namespace {

constexpr std::string_view kNewRecord = "*NEWRECORD";

/// The parts of `text` between bars, empty ones included.
std::vector<std::string_view> split_bars(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t bar = text.find('|');
    parts.push_back(trimmed(text.substr(0, bar)));
    if (bar == text.npos) return parts;
    text.remove_prefix(bar + 1);
  }
}

/// "Fevers|T184|NON|EQV|UNK (19XX)|010101|abcdef" taken apart: the last part has a letter for each
/// other one, d being the relation.
MeshTerm entry_term(std::string_view value) {
  const auto parts = split_bars(value);
  MeshTerm term{std::string(parts.front()), Scope::kExact, "ET"};
  const std::string_view letters = parts.back();
  const std::size_t at = letters.find('d');
  if (parts.size() < 2 || letters.size() + 1 != parts.size() || at == letters.npos) return term;
  if (parts[at] == "NRW") term.scope = Scope::kNarrower;
  if (parts[at] == "BRD") term.scope = Scope::kBroader;
  if (parts[at] == "REL") term.scope = Scope::kRelated;
  return term;
}

void take_field(std::string_view key, std::string_view value, bool descriptor, MeshRecord& record) {
  const auto text = [&] { return std::string(value); };
  if (key == "UI") {
    record.code = value;
  } else if (key == (descriptor ? "MH" : "NM")) {
    record.terms.insert(record.terms.begin(),
                        {text(), Scope::kPreferred, descriptor ? "MH" : "NM"});
  } else if (key == "ENTRY" || key == "PRINT ENTRY" || key == "SY") {
    record.terms.push_back(entry_term(value));
  } else if (key == "MN") {
    record.tree_numbers.push_back(text());
  } else if (key == "ST") {
    record.types.push_back(text());
  } else if (key == (descriptor ? "MS" : "NO")) {
    record.scope_note = value;
  }
}

}  // namespace

void read_mesh_ascii(std::string_view text, std::string_view name, const UseMeshRecord& use,
                     const std::function<void()>& other,
                     const std::function<void(std::string_view place)>& bad) {
  MeshRecord record;
  std::string_view type;
  std::vector<std::pair<std::string_view, std::string_view>> fields;
  bool begun = false;
  const auto finish = [&] {
    if (!begun) return;
    if (type == "D" || type == "C") {
      for (const auto& [key, value] : fields) take_field(key, value, type == "D", record);
      use(record);
    } else {
      other();
    }
  };
  for (std::size_t line_number = 1; !text.empty(); ++line_number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    if (line == kNewRecord) {
      finish();
      begun = true;
      record = {};
      record.place = fmt::format("{}:{}", name, line_number);
      type = {};
      fields.clear();
    } else if (!begun) {
      throw Error(ErrorKind::kCorrupt, "{}:{}: expected XML or *NEWRECORD, found another line",
                  name, line_number);
    } else if (const std::size_t sign = line.find('='); sign != line.npos) {
      const auto key = trimmed(line.substr(0, sign));
      const auto value = trimmed(line.substr(sign + 1));
      if (key == "RECTYPE") {
        type = value;
      } else {
        fields.emplace_back(key, value);
      }
    } else {
      bad(fmt::format("{}:{}:1", name, line_number));
    }
  }
  finish();
}

}  // namespace enlace
