// Any bytes, cut at form feeds, are the tables of a SNOMED CT release that is read, or throw Error.
#include "any_source.h"

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
  input_files(kFiles, text_of(data, size));
  const std::string folder = input_folder().string();
  read_any("rf2=" + folder + ",view=full,maps=yes,delta=" + folder);
  return 0;
}
