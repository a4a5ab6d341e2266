// Files for the tests of index: where they lie, and how to damage them.
#pragma once

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"
#include "io/section_file.h"

namespace enlace {

/// A path of the running test's own, where nothing is.
inline std::filesystem::path fresh_path(std::string_view name = "index") {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const auto path = std::filesystem::path(testing::TempDir()) /
                    fmt::format("{}.{}.{}", test->test_suite_name(), test->name(), name);
  std::filesystem::remove(path);
  return path;
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void put_bytes(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::remove(path);  // never in place: it may be mapped
  std::ofstream(path, std::ios::binary) << bytes;
}

/// A copy of the section file with `change` done to the bytes of one section and every checksum
/// right again: what a hostile file looks like.
inline std::filesystem::path rewritten(const std::filesystem::path& path, std::string_view kind,
                                       std::string_view section,
                                       const std::function<void(std::vector<std::byte>&)>& change) {
  const auto copy = fresh_path("hostile");
  const auto original = SectionFile::open(path, kind);
  SectionWriter writer(copy, kind, original.made_from());
  bool found = false;
  for (const Section& each : original.sections()) {
    if (each.name == "pages") continue;  // the checksums, which the writer makes again
    std::vector<std::byte> bytes(each.bytes.begin(), each.bytes.end());
    if (each.name == section) {
      change(bytes);
      found = true;
    }
    writer.begin(each.name, each.item, each.role);
    writer.append(bytes);
  }
  EXPECT_TRUE(found) << section;
  writer.finish();
  return copy;
}

/// A change that makes value number `i` of a section of T be `value`.
template <class T>
std::function<void(std::vector<std::byte>&)> set_value(std::size_t i, T value) {
  return [=](std::vector<std::byte>& bytes) {
    ASSERT_LE((i + 1) * sizeof value, bytes.size());
    std::memcpy(bytes.data() + i * sizeof value, &value, sizeof value);
  };
}

/// A change that drops the last `count` bytes of a section.
inline std::function<void(std::vector<std::byte>&)> drop(std::size_t count) {
  return [=](std::vector<std::byte>& bytes) { bytes.resize(bytes.size() - count); };
}

/// The kind of Error that `body` throws; a failure if it throws none.
template <class Body>
ErrorKind error_of(const Body& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << "expected an Error";
  return ErrorKind::kInternal;
}

/// Every truncation and every flipped byte of the file at `path`, some at a time, must be refused
/// by `open_and_verify`.
inline void expect_damage_refused(
    const std::filesystem::path& path,
    const std::function<void(const std::filesystem::path&)>& open_and_verify) {
  const std::string good = bytes_of(path);
  const auto damaged = fresh_path("damaged");
  // Every byte of the header, the table and the first sections; then some of each page.
  for (std::size_t at = 0; at < good.size(); at += at < 64 ? 1 : 13) {
    std::string bytes = good;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x40);
    put_bytes(damaged, bytes);
    EXPECT_THROW(open_and_verify(damaged), Error) << "flipped byte " << at;
  }
  for (std::size_t size = 0; size < good.size(); size += 61) {
    put_bytes(damaged, std::string_view(good).substr(0, size));
    EXPECT_THROW(open_and_verify(damaged), Error) << "cut to " << size;
  }
  put_bytes(damaged, good + '\0');
  EXPECT_THROW(open_and_verify(damaged), Error);
}

}  // namespace enlace
