#include "io/section_file.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>

#include <gtest/gtest.h>

#include "base/error.h"
#include "io/crc32c.h"
#include "io/section_format.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

class SectionFileTest : public testing::Test {
 protected:
  SectionFileTest()
      : path_(fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove(path_);
  }

  void write(std::span<const std::uint32_t> numbers, std::string_view text) {
    SectionWriter writer(path_, "test", 42);
    writer.add("numbers", numbers);
    writer.add_text("text", text);
    writer.add_value("one", 7.5);
    writer.finish();
  }

  std::string bytes() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  /// Writes `content` and says how open, then verify, ends; nothing if both succeed.
  std::optional<ErrorKind> refusal(const std::string& content) {
    fs::remove(path_);
    std::ofstream(path_, std::ios::binary) << content;
    try {
      SectionFile::open(path_, "test").verify();
    } catch (const Error& error) {
      return error.kind();
    }
    return std::nullopt;
  }

  fs::path path_;
};

TEST_F(SectionFileTest, GivesBackWhatWasWritten) {
  std::vector<std::uint32_t> numbers(1000);
  std::iota(numbers.begin(), numbers.end(), 5U);
  write(numbers, "cefalea");
  const SectionFile file = SectionFile::open(path_, "test");
  file.verify();
  const auto found = file.array<std::uint32_t>("numbers");
  EXPECT_TRUE(std::equal(found.begin(), found.end(), numbers.begin(), numbers.end()));
  EXPECT_EQ(file.text("text"), "cefalea");
  EXPECT_EQ(file.value<double>("one"), 7.5);
  EXPECT_EQ(file.made_from(), 42U);
  EXPECT_THROW(file.array<char>("numbers"), Error);
  EXPECT_THROW(file.text("absent"), Error);
}

TEST_F(SectionFileTest, RefusesTwoSectionsOfOneName) {
  SectionWriter writer(path_, "test", 42);
  writer.add_text("text", "a");
  writer.add_text("other", "b");
  writer.add_text("text", "c");
  writer.finish();
  EXPECT_EQ(refusal(bytes()), ErrorKind::kCorrupt);
}

TEST_F(SectionFileTest, EqualContentGivesEqualBytesAndFingerprints) {
  const std::vector<std::uint32_t> numbers{1, 2, 3};
  write(numbers, "x");
  const std::string first = bytes();
  const auto fingerprint = SectionFile::open(path_, "test").fingerprint();
  fs::remove(path_);
  write(numbers, "x");
  EXPECT_EQ(bytes(), first);
  fs::remove(path_);
  write(numbers, "y");
  EXPECT_NE(SectionFile::open(path_, "test").fingerprint(), fingerprint);
}

TEST_F(SectionFileTest, RefusesEveryFlippedByte) {
  const std::vector<std::uint32_t> numbers{1, 2, 3};
  write(numbers, "texto");
  const std::string good = bytes();
  ASSERT_EQ(refusal(good), std::nullopt);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = char(bad[at] ^ 0x10);
    ASSERT_TRUE(refusal(bad).has_value()) << "byte " << at;
  }
}

TEST_F(SectionFileTest, RefusesEveryTruncation) {
  const std::vector<std::uint32_t> numbers(100, 9);
  write(numbers, "texto");
  const std::string good = bytes();
  for (std::size_t size = 0; size < good.size(); size += 13) {
    ASSERT_EQ(refusal(good.substr(0, size)), ErrorKind::kCorrupt) << size;
  }
  EXPECT_EQ(refusal(good + "x"), ErrorKind::kCorrupt);
}

TEST_F(SectionFileTest, OpenAloneRefusesADamagedStructureSection) {
  const std::vector<std::uint32_t> numbers{1, 2, 3};
  write(numbers, "texto");
  std::string bad = bytes();
  bad[section_format::kPayload + 4] ^= 1;
  fs::remove(path_);
  std::ofstream(path_, std::ios::binary) << bad;
  EXPECT_THROW(SectionFile::open(path_, "test"), Error);
}

TEST_F(SectionFileTest, TellsAnotherVersionAndAnotherKindApart) {
  write({}, "");
  std::string newer = bytes();
  newer[8] = 2;
  EXPECT_EQ(refusal(newer), ErrorKind::kUnsupported);
  fs::remove(path_);
  SectionWriter other(path_, "other");
  other.add_text("text", "");
  other.finish();
  EXPECT_EQ(refusal(bytes()), ErrorKind::kInvalidArgument);
}

TEST_F(SectionFileTest, SaysHowAFileOfAnotherVersionIsMadeAgain) {
  struct Case {
    std::string_view found, expected, words;
  };
  constexpr std::string_view kBuild = "build it again with `enlace build`";
  constexpr Case kCases[] = {
      {"vectors2", "vectors3", kBuild},
      {"vectors", "vectors3", "`enlace index import`"},
      {"concepts", "concepts2", kBuild},
      {"keys", "keys2", kBuild},
      {"forms", "forms2", kBuild},
      {"ngrams", "ngrams2", kBuild},
      {"isotropy", "isotropy2", kBuild},
      {"supersed", "supersed2", kBuild},
      {"changes2", "changes3", "build it again with `enlace index import` and `enlace index add`"},
      {"ivf2", "ivf3", "build it again with `enlace index cluster`"},
      {"train1", "train2", "build it again with `enlace train --restart`"},
      {"vectors4", "vectors3", "upgrade enlace"},
      {"other1", "other2", "make it again"},
  };
  for (const Case& each : kCases) {
    SCOPED_TRACE(each.found);
    {
      fs::remove(path_);
      SectionWriter writer(path_, each.found);
      writer.add_text("text", "");
      writer.finish();
    }
    try {
      SectionFile::open(path_, each.expected);
      ADD_FAILURE() << "opened";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUnsupported);
      EXPECT_NE(std::string_view(error.what()).find(each.words), std::string_view::npos)
          << error.what();
    }
  }
}

TEST_F(SectionFileTest, RefusesHostileSizesUnderGoodChecksums) {
  const std::vector<std::uint32_t> numbers{1, 2, 3};
  write(numbers, "texto");
  const std::string good = bytes();
  const std::size_t size_field = sizeof(section_format::Header) + 32;  // of the first entry
  for (const std::uint64_t size : {std::uint64_t(1) << 63, ~std::uint64_t(0), std::uint64_t(5)}) {
    std::string bad = good;
    std::memcpy(bad.data() + size_field, &size, sizeof size);
    section_format::Header header;
    std::memcpy(&header, bad.data(), sizeof header);
    const auto all = std::as_bytes(std::span(bad));
    header.table_crc =
        crc32c(all.subspan(sizeof header, header.sections * sizeof(section_format::Entry)));
    header.header_crc = crc32c(
        std::as_bytes(std::span(&header, 1)).first(offsetof(section_format::Header, header_crc)));
    std::memcpy(bad.data(), &header, sizeof header);
    EXPECT_EQ(refusal(bad), ErrorKind::kCorrupt) << size;
  }
}

TEST_F(SectionFileTest, AnUnfinishedWriterLeavesNoFile) {
  { SectionWriter writer(path_, "test"); }
  EXPECT_FALSE(fs::exists(path_));
}

/// A file with a paged section of several pages between two others.
class PagedSectionTest : public SectionFileTest {
 protected:
  static constexpr std::size_t kCount = 100'000;

  void write_paged() {
    std::vector<std::uint32_t> numbers(kCount);
    std::iota(numbers.begin(), numbers.end(), 7U);
    SectionWriter writer(path_, "test", 42);
    writer.add_value("before", 1.0);
    writer.add_paged("numbers", numbers);
    writer.add_text("after", "cefalea");
    writer.finish();
  }
  std::size_t offset_of(std::string_view name) {
    const SectionFile file = SectionFile::open(path_, "test");
    for (const Section& section : file.sections()) {
      if (section.name == name) {
        return std::size_t(section.bytes.data() - file.sections()[0].bytes.data()) +
               section_format::kPayload;
      }
    }
    return 0;
  }
};

TEST_F(PagedSectionTest, GivesBackWhatWasWritten) {
  write_paged();
  SectionFile file = SectionFile::open(path_, "test");
  const auto numbers = file.paged<std::uint32_t>("numbers");
  const SectionFile moved = std::move(file);
  ASSERT_EQ(numbers.size(), kCount);
  EXPECT_EQ(numbers[0], 7U);
  EXPECT_EQ(numbers[kCount - 1], kCount + 6);
  EXPECT_EQ(numbers.slice(500, 502)[1], 508U);
  EXPECT_TRUE(numbers.slice(3, 3).empty());
  moved.verify();
  EXPECT_THROW(moved.paged<double>("before"), Error);
}

TEST_F(PagedSectionTest, RefusesIndexesOutside) {
  write_paged();
  const SectionFile file = SectionFile::open(path_, "test");
  const auto numbers = file.paged<std::uint32_t>("numbers");
  EXPECT_THROW(numbers[kCount], Error);
  EXPECT_THROW(numbers.slice(2, 1), Error);
  EXPECT_THROW(numbers.slice(0, kCount + 1), Error);
  EXPECT_THROW(PagedArray<int>()[0], Error);
}

TEST_F(PagedSectionTest, FindsADamagedPageWhenItIsRead) {
  write_paged();
  const std::size_t numbers_at = offset_of("numbers");
  std::string damaged = bytes();
  damaged[numbers_at + 70'000 * 4] ^= 1;
  fs::remove(path_);
  std::ofstream(path_, std::ios::binary) << damaged;
  const SectionFile file = SectionFile::open(path_, "test");
  const auto numbers = file.paged<std::uint32_t>("numbers");
  EXPECT_EQ(numbers[0], 7U);
  EXPECT_THROW(numbers[70'000], Error);
  EXPECT_THROW(numbers[70'000], Error);
  EXPECT_THROW(numbers.all(), Error);
  EXPECT_THROW(file.verify(), Error);
}

TEST_F(PagedSectionTest, RefusesEveryFlippedBitSoonerOrLater) {
  write_paged();
  const std::string good = bytes();
  for (std::size_t at = 0; at < good.size(); at += 997) {
    std::string damaged = good;
    damaged[at] ^= 4;
    EXPECT_TRUE(refusal(damaged).has_value()) << at;
  }
}

TEST_F(PagedSectionTest, RefusesMissingChecksums) {
  write_paged();
  std::string damaged = bytes();
  // The name of the last section, in the table: its checksum is repaired, so that only the missing
  // name is wrong.
  const std::size_t table = sizeof(section_format::Header);
  const std::size_t entry = table + 3 * sizeof(section_format::Entry);
  ASSERT_EQ(damaged.substr(entry, 5), "pages");
  damaged[entry] = 'q';
  const auto raw = std::as_bytes(std::span<const char>(damaged));
  const std::uint32_t crc = crc32c(raw.subspan(table, 4 * sizeof(section_format::Entry)));
  std::memcpy(damaged.data() + 56, &crc, 4);
  const std::uint32_t header_crc = crc32c(std::as_bytes(std::span<const char>(damaged)).first(60));
  std::memcpy(damaged.data() + 60, &header_crc, 4);
  EXPECT_EQ(refusal(damaged), ErrorKind::kCorrupt);
}

}  // namespace
}  // namespace enlace
