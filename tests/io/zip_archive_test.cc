#include "io/zip_archive.h"

#include <span>
#include <string>

#include <gtest/gtest.h>

#include "base/error.h"
#include "io/zip_writer.h"

namespace enlace {
namespace {

using testing_io::zip_of;

std::vector<ZipEntry> parse(const std::string& file) {
  return parse_zip_archive(std::as_bytes(std::span(file.data(), file.size())), "z");
}

std::string text_of(const ZipEntry& entry) {
  return {reinterpret_cast<const char*>(entry.bytes.data()), entry.bytes.size()};
}

TEST(ZipArchive, GivesItsEntriesByName) {
  for (const bool zip64 : {false, true}) {
    const std::string file =
        zip_of({{"b", "two"}, {"a/c", "one"}, {"empty", ""}}, {.zip64 = zip64});
    const auto entries = parse(file);
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(entries[0].name, "a/c");
    EXPECT_EQ(text_of(entries[0]), "one");
    EXPECT_EQ(text_of(entries[1]), "two");
    EXPECT_EQ(text_of(entries[2]), "");
  }
  EXPECT_TRUE(parse(zip_of({})).empty());
}

TEST(ZipArchive, RefusesNamesThatAreThereTwice) {
  EXPECT_THROW(parse(zip_of({{"a", "1"}, {"a", "2"}})), Error);
}

TEST(ZipArchive, RefusesEntriesThatOverlap) {
  std::string file = zip_of({{"a", "1234"}, {"b", "5678"}});
  const std::size_t entry = file.find("PK\1\2");
  const std::size_t second = file.find("PK\1\2", entry + 1);
  file.replace(second + 42, 4, file.substr(entry + 42, 4));  // the local header of a
  file[second + 46] = 'a';
  EXPECT_THROW(parse(file), Error);
  // An entry that reaches into the directory.
  file = zip_of({{"a", "1234"}});
  file[file.find("PK\1\2") + 20] = file[file.find("PK\1\2") + 24] = 40;
  EXPECT_THROW(parse(file), Error);
}

TEST(ZipArchive, RefusesLocalHeadersOfOtherNames) {
  std::string file = zip_of({{"name", "1234"}});
  file[file.find("name")] = 'N';
  EXPECT_THROW(parse(file), Error);
}

TEST(ZipArchive, SurvivesEveryChangedByte) {
  for (const bool zip64 : {false, true}) {
    const std::string whole = zip_of({{"a", "12"}, {"b/c", "345"}}, {.zip64 = zip64});
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const char value : {'\0', '\1', '\x7F', '\xFF'}) {
        std::string file = whole;
        file[at] = value;
        try {
          parse(file);
        } catch (const Error&) {
        }
      }
    }
  }
}

}  // namespace
}  // namespace enlace
