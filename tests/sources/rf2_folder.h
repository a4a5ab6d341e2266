// SNOMED CT releases of a few rows, written for a test.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "kb/scratch.h"

namespace enlace::testing_kb {

inline constexpr std::string_view kConceptHeader =
    "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId";
inline constexpr std::string_view kDescriptionHeader =
    "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\t"
    "caseSignificanceId";
inline constexpr std::string_view kRelationshipHeader =
    "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\ttypeId\t"
    "characteristicTypeId\tmodifierId";
inline constexpr std::string_view kLanguageHeader =
    "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tacceptabilityId";
inline constexpr std::string_view kAssociationHeader =
    "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\ttargetComponentId";
inline constexpr std::string_view kMapHeader =
    "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tmapGroup\tmapPriority\t"
    "mapRule\tmapAdvice\tmapTarget\tcorrelationId\tmapCategoryId";
inline constexpr std::string_view kDependencyHeader =
    "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tsourceEffectiveTime\t"
    "targetEffectiveTime";

/// Rows collected by file, then written. In what is given to them, every number stands for an id:
/// "fsn", "syn", "def", "pref", "acc", "isa", "inf", "US", "GB", "ES", "same", "possible" and
/// "core" are written out.
class Rf2Folder {
 public:
  Rf2Folder(std::string folder, std::string view, std::string date, std::string name_space = "INT",
            std::string edition = "")
      : folder_(std::move(folder)),
        view_(edition + view),
        date_(std::move(date)),
        name_space_(std::move(name_space)) {}

  Rf2Folder& concepts(std::string_view rows) {
    return add("sct2_Concept_" + view_, kConceptHeader, rows);
  }
  Rf2Folder& descriptions(std::string_view rows, std::string_view language = "en") {
    return add("sct2_Description_" + view_ + "-" + std::string(language), kDescriptionHeader, rows);
  }
  Rf2Folder& definitions(std::string_view rows) {
    return add("sct2_TextDefinition_" + view_ + "-en", kDescriptionHeader, rows);
  }
  Rf2Folder& relationships(std::string_view rows) {
    return add("sct2_Relationship_" + view_, kRelationshipHeader, rows);
  }
  Rf2Folder& dialects(std::string_view rows) {
    return add("der2_cRefset_Language" + view_ + "-en", kLanguageHeader, rows);
  }
  Rf2Folder& associations(std::string_view rows) {
    return add("der2_cRefset_AssociationReference" + view_, kAssociationHeader, rows);
  }
  Rf2Folder& maps(std::string_view rows) {
    return add("der2_iisssccRefset_ExtendedMap" + view_, kMapHeader, rows);
  }
  Rf2Folder& dependencies(std::string_view rows) {
    return add("der2_ssRefset_ModuleDependency" + view_, kDependencyHeader, rows);
  }

  /// Writes the files and says where, as "rf2=FOLDER".
  std::string spec() const {
    for (const auto& [name, content] : files_) {
      written(folder_ + "/Terminology/" + name + "_" + name_space_ + "_" + date_ + ".txt", content);
    }
    return "rf2=" + path();
  }
  std::string path() const { return (scratch("x").parent_path() / folder_).string(); }

 private:
  /// Rows are lines with fields between "|", without the id of reference set members, which is
  /// made.
  Rf2Folder& add(const std::string& name, std::string_view header, std::string_view rows) {
    std::string& content = files_[name];
    if (content.empty()) content.append(header).append("\n");
    const bool member = name.starts_with("der2");
    while (!rows.empty()) {
      const auto row = rows.substr(0, rows.find('\n'));
      rows.remove_prefix(std::min(rows.size(), row.size() + 1));
      if (member) content += fmt::format("80000000-0000-0000-0000-{:012}\t", content.size());
      content.append(written_out(row)).append("\n");
    }
    return *this;
  }

  static std::string written_out(std::string_view row) {
    static const std::map<std::string, std::string, std::less<>> words = {
        {"fsn", "900000000000003001"},
        {"syn", "900000000000013009"},
        {"def", "900000000000550004"},
        {"pref", "900000000000548007"},
        {"acc", "900000000000549004"},
        {"isa", "116680003"},
        {"inf", "900000000000011006"},
        {"stated", "900000000000010007"},
        {"US", "900000000000509007"},
        {"GB", "900000000000508004"},
        {"ES", "448879004"},
        {"same", "900000000000527005"},
        {"replaced", "900000000000526001"},
        {"possible", "900000000000523009"},
        {"core", "900000000000207008"},
        {"icd", "447562003"}};
    std::string out;
    for (;;) {
      const auto field = row.substr(0, row.find('|'));
      const auto word = words.find(field);
      out += word == words.end() ? field : std::string_view(word->second);
      if (field.size() == row.size()) return out;
      out += '\t';
      row.remove_prefix(field.size() + 1);
    }
  }

  std::string folder_, view_, date_, name_space_;
  std::map<std::string, std::string> files_;
};

}  // namespace enlace::testing_kb
