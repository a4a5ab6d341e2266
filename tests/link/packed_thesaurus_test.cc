#include "link/packed_thesaurus.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "base/error.h"
#include "link/kb_place.h"
#include "link/kb_thesaurus.h"
#include "link/pack_thesaurus.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

class PackedThesaurusTest : public testing::Test {
 protected:
  fs::path wide(const std::string& name = "wide") {
    return place_.build(
        name,
        "T1\tgripe\tes\nT1\tinfluenza\ten\nT1\ttrancazo\tes\n"
        "T2\tmal de vesícula\tes\nT2\tcholecystitis\ten\nT2\tCholecystitis\ten\n"
        "T3\tsolo\tes\nT3\tSOLO\tes\nT4\ttos\tes\nT4\tinfluenza\ten\nT4\tcough\ten\n");
  }
  fs::path packed(const fs::path& kb) {
    fs::path out = place_ / (kb.filename().string() + ".enlace");
    counts_ = pack_thesaurus(kb, out);
    return out;
  }

  /// What a thesaurus says of a mention, as texts of `kb` and its changes.
  static std::vector<std::string> said(const fs::path& kb, const Thesaurus& thesaurus,
                                       std::string_view mention) {
    const KbFolder folder = open_kb_folder(kb);
    const auto parts = searchable_parts(folder, {});
    NgramWorkspace workspace;
    const auto found = thesaurus.other_names({NameForms(), mention, {}}, parts, workspace);
    std::vector<std::string> texts;
    for (std::size_t p = 0; p < parts.size(); ++p) {
      for (const auto& [text, likeness] : found.at(p)) {
        EXPECT_EQ(likeness, 1.0F);
        texts.emplace_back(parts[p].folder->kb.text(text));
      }
    }
    return texts;
  }

  static std::string bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  KbPlace place_;
  PackedCounts counts_;
};

TEST_F(PackedThesaurusTest, SaysWhatItsKnowledgeBaseWould) {
  const fs::path kb =
      place_.build("kb", "1\tInfluenza\ten\n2\tCholecystitis\ten\n3\tTos\tes\n4\tSolos\tes\n");
  place_.update(kb, "tsv", "5\tTrancazos\tes\n", "");
  const fs::path source = wide();
  const PackedThesaurus thesaurus(packed(source));
  EXPECT_EQ(counts_.concepts, 3U);
  EXPECT_EQ(counts_.names, 7U);  // influenza is of two, solo leads nowhere
  const KbThesaurus whole(source);
  for (const char* mention :
       {"gripe", "GRIPES", "mal de vesicula", "cough", "tos", "solo", "nada", ""}) {
    EXPECT_EQ(said(kb, thesaurus, mention), said(kb, whole, mention)) << mention;
  }
  EXPECT_EQ(said(kb, thesaurus, "gripe"), (std::vector<std::string>{"Influenza", "Trancazos"}));
}

TEST_F(PackedThesaurusTest, HoldsNoNameAndTheSameBytesInAnyOrder) {
  const std::string bytes = bytes_of(packed(wide()));
  for (const char* name : {"gripe", "influenza", "trancazo", "vesicula"}) {
    EXPECT_EQ(bytes.find(name), std::string::npos) << name;
  }
  const fs::path other =
      place_.build("other",
                   "B9\ttos\tes\nB9\tcough\ten\nB9\tinfluenza\ten\nA1\tcholecystitis\ten\n"
                   "A1\tmal de vesícula\tes\nZ\ttrancazo\tes\nZ\tgripe\tes\nZ\tinfluenza\ten\n");
  EXPECT_EQ(bytes_of(packed(other)), bytes);
}

TEST_F(PackedThesaurusTest, IsRefusedWhenDamaged) {
  const fs::path path = packed(wide());
  const std::string bytes = bytes_of(path);
  const auto opens = [&](const std::string& content) {
    const fs::path damaged = place_ / "damaged.enlace";
    std::ofstream(damaged, std::ios::binary) << content;
    try {
      const PackedThesaurus thesaurus(damaged);
      return true;
    } catch (const Error&) {
      return false;
    }
  };
  EXPECT_TRUE(opens(bytes));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == 0 && i >= 256 && i < 4096) continue;  // padding behind the table
    std::string flipped = bytes;
    flipped[i] = char(flipped[i] ^ 0x10);
    EXPECT_FALSE(opens(flipped)) << i;
  }
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    EXPECT_FALSE(opens(bytes.substr(0, size))) << size;
  }
}

TEST_F(PackedThesaurusTest, NeedsAConceptWithTwoNames) {
  EXPECT_THROW(packed(place_.build("one", "1\tgripe\tes\n2\tTos\tes\n")), Error);
  EXPECT_FALSE(fs::exists(place_ / "one.enlace"));
  EXPECT_THROW(PackedThesaurus(place_ / "nowhere"), Error);
}

TEST_F(PackedThesaurusTest, TakesThePlaceOfNoOtherFile) {
  const fs::path kb = wide();
  const fs::path other = place_.put("other.tsv", "1\tTos\tes\n");
  EXPECT_THROW(pack_thesaurus(kb, other), Error);
  EXPECT_EQ(bytes_of(other), "1\tTos\tes\n");
  EXPECT_THROW(pack_thesaurus(kb, kb / "concepts.enlace"), Error);
  EXPECT_THROW(pack_thesaurus(kb, kb), Error);
  EXPECT_THROW(pack_thesaurus(kb, place_ / "nowhere" / "out"), Error);
  const fs::path out = packed(kb);
  EXPECT_EQ(packed(kb), out);  // but of one of its kind
}

}  // namespace
}  // namespace enlace
