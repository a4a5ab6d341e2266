#include "link/manifest.h"

#include <fstream>
#include <optional>

#include <gtest/gtest.h>

#include "base/error.h"
#include "io/crc32c.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

class ManifestTest : public testing::Test {
 protected:
  ManifestTest()
      : folder_(fs::path(testing::TempDir()) /
                (std::string("manifest-") +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }

  std::string text() const {
    std::ifstream in(folder_ / "manifest.json");
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::optional<ErrorKind> refusal(const std::string& content) const {
    std::ofstream(folder_ / "manifest.json") << content;
    try {
      read_manifest(folder_);
    } catch (const Error& error) {
      return error.kind();
    }
    return std::nullopt;
  }

  const Manifest kSample{"1.2.3",
                         {{"concepts.enlace", 4096, 0xFEDCBA9876543210U}},
                         ManifestModel{"/models/e5 \"x\"", Precision::kInt8, 5},
                         {{"tsv=a.tsv", {"read 3 rows", "refused 1: \"ñ\""}}},
                         {{"UMLS"}, {"2 mappings", "S: A1 \"B\""}}};
  fs::path folder_;
};

TEST_F(ManifestTest, GivesBackWhatWasWritten) {
  EXPECT_FALSE(is_knowledge_base(folder_));
  write_manifest(folder_, kSample);
  EXPECT_TRUE(is_knowledge_base(folder_));
  const Manifest found = read_manifest(folder_);
  EXPECT_EQ(found.merge.xrefs, kSample.merge.xrefs);
  EXPECT_EQ(found.merge.report, kSample.merge.report);
  EXPECT_EQ(found.engine, "1.2.3");
  ASSERT_NE(found.find("concepts.enlace"), nullptr);
  EXPECT_EQ(found.find("concepts.enlace")->fingerprint, 0xFEDCBA9876543210U);
  EXPECT_EQ(found.find("other"), nullptr);
  EXPECT_EQ(found.model->path, "/models/e5 \"x\"");
  EXPECT_EQ(found.sources[0].report[1], "refused 1: \"ñ\"");
}

TEST_F(ManifestTest, RefusesEveryFlippedByteAndEveryTruncation) {
  write_manifest(folder_, kSample);
  const std::string good = text();
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = char(bad[at] ^ 1);
    ASSERT_EQ(refusal(bad), ErrorKind::kCorrupt) << at;
    ASSERT_EQ(refusal(good.substr(0, at)), ErrorKind::kCorrupt) << at;
  }
  EXPECT_EQ(refusal(good), std::nullopt);
}

TEST_F(ManifestTest, OfAnotherFormatSaysWhatToDo) {
  struct Case {
    std::string_view format, words;
  };
  for (const Case& each : {Case{"3", "build it again with `enlace build`, from the sources"},
                           Case{"5", "upgrade enlace"}}) {
    write_manifest(folder_, kSample);
    std::string line = text();
    line = line.substr(0, line.find('\n'));
    line.replace(line.find(":4,") + 1, 1, each.format);
    const std::string sum = fmt::format("{:08x}", crc32c(std::as_bytes(std::span(line))));
    EXPECT_EQ(refusal(line + "\n{\"crc32c\":\"" + sum + "\"}\n"), ErrorKind::kUnsupported);
    try {
      read_manifest(folder_);
      ADD_FAILURE() << "opened";
    } catch (const Error& error) {
      EXPECT_NE(std::string_view(error.what()).find(each.words), std::string_view::npos)
          << error.what();
    }
  }
}

}  // namespace
}  // namespace enlace
