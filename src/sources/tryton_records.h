// The records of a data file of a Tryton module.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/progress.h"

namespace enlace {

/// <record model="gnuhealth.pathology" id="A00"><field name="code">A00</field>…</record>
struct TrytonRecord {
  std::string place;  // "diseases.xml:17": its first line
  std::string model, id;
  std::map<std::string, std::string, std::less<>> fields;  // text without blanks at its ends
  std::map<std::string, std::string, std::less<>> refs;    // attributes `ref` of fields

  /// Empty if there is no such field.
  std::string_view field(std::string_view name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string_view{} : std::string_view(found->second);
  }
  std::string_view ref(std::string_view name) const {
    const auto found = refs.find(name);
    return found == refs.end() ? std::string_view{} : std::string_view(found->second);
  }
};

/// Calls `use` with every record of the file, plain or gzip, which is read into memory.
/// Throws as LineReader does; Error(kCorrupt) with line and column unless it is UTF-8 and XML as
/// kb/xml_scanner.h takes it, with <tryton> at the top; kCancelled.
void read_tryton_records(const std::filesystem::path& path, const Progress& progress,
                         const std::function<void(const TrytonRecord&)>& use);

}  // namespace enlace
