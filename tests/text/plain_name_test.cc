#include "text/plain_name.h"

#include <utility>

#include <gtest/gtest.h>

namespace enlace {
namespace {

TEST(PlainName, LeavesOutThatNothingMoreIsSaid) {
  using Pair = std::pair<std::string_view, std::string_view>;
  for (const auto& [name, plain] : {
           Pair{"Fever, unspecified", "Fever"},
           Pair{"Carcinoma, NOS", "Carcinoma"},
           Pair{"CARCINOMA NOS", "CARCINOMA"},
           Pair{"Carcinoma,NOS", "Carcinoma"},
           Pair{"Carcinoma (NOS)", "Carcinoma"},
           Pair{"Lesión [no especificada]", "Lesión"},
           Pair{"Neoplasia, SAI", "Neoplasia"},
           Pair{"Dolor no especificado", "Dolor"},
           Pair{"NEOPLASIA NO ESPECIFICADA", "NEOPLASIA"},
           Pair{"Tumeur, sans précision", "Tumeur"},
           Pair{"Fieber, nicht näher bezeichnet", "Fieber"},
           Pair{"Febbre, non specificata", "Febbre"},
           Pair{"Febre não especificada", "Febre"},
           Pair{"Koorts, niet gespecificeerd", "Koorts"},
           Pair{"Ulcer, NOS, unspecified", "Ulcer"},
           Pair{"Pneumonia, unspecified organism", "Pneumonia"},
           Pair{"Neumonía, organismo no especificado", "Neumonía"},
           Pair{"Otitis media, unspecified, unspecified ear", "Otitis media"},
           Pair{"Abscess, lung NOS", "Abscess, lung"},
           Pair{"Unspecified abdominal pain", "abdominal pain"},
           Pair{"Unspecified asthma, unspecified", "asthma"},
       }) {
    EXPECT_EQ(plain_name(name), plain) << name;
  }
}

TEST(PlainName, LeavesOthersAsTheyAre) {
  for (const std::string_view name :
       {"", "unspecified", "(NOS)", "Pain, not elsewhere classified", "Tetanos", "unspecified ",
        "unspecified ,", ", NOS", "Fever unspecified)", "Fever (cause unspecified)",
        "Unspecifiedness", "NOS?", "Injury, unspecified whether of head or neck", "\xFF, NOS\xFF",
        "İ, NOS"}) {
    EXPECT_EQ(plain_name(name), name);
  }
}

}  // namespace
}  // namespace enlace
