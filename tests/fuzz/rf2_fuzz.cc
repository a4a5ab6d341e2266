// Any bytes, cut at form feeds, are the tables of a SNOMED CT release that is read, or throw Error.
#include <algorithm>

#include "source_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace enlace::testing_fuzz;
  constexpr std::string_view kFiles[] = {
      "sct2_Concept_Full_INT_20240131.txt",
      "sct2_Description_Full-en_INT_20240131.txt",
      "der2_cRefset_LanguageFull-en_INT_20240131.txt",
      "sct2_Relationship_Full_INT_20240131.txt",
      "der2_cRefset_AssociationFull_INT_20240131.txt",
      "der2_iisssccRefset_ExtendedMapFull_INT_20240131.txt",
      "sct2_TextDefinition_Full-en_INT_20240131.txt",
      "sct2_Concept_Delta_INT_20240229.txt",
  };
  std::string_view rest = text_of(data, size);
  for (const std::string_view name : kFiles) {
    const auto table = rest.substr(0, rest.find('\f'));
    rest.remove_prefix(std::min(rest.size(), table.size() + 1));
    source_file(name, table);
  }
  const std::string folder = source_folder().string();
  read_any("rf2=" + folder + ",view=full,maps=yes,delta=" + folder);
  return 0;
}
