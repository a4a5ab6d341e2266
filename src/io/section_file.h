// The container of every binary file of a knowledge base: named arrays, readable in place.
//
// All integers little-endian. Every section starts at a multiple of 64; padding is zero.
//
//   offset  size  field
//        0     8  magic "ENLSEC\r\n"     the line end catches a transfer in text mode
//        8     2  major                  a reader refuses another one
//       10     2  minor                  a reader may ignore a larger one
//       12     4  sections               1 .. 62
//       16     8  kind                   what the file is: "concepts", "ngram", …; zero padded
//       24     8  size                   of the whole file: catches truncation
//       32     8  made from              fingerprint of what the file was computed from; 0 if none
//       40    16  reserved               0
//       56     4  table crc              CRC-32C of bytes 64 .. 64 + 64 x sections
//       60     4  header crc             CRC-32C of bytes 0 .. 60
//       64   64n  section table, one entry each:
//                    0    24  name       zero padded
//                   24     8  offset     of the section, >= 4096
//                   32     8  size       in bytes
//                   40     4  item       size of one element
//                   44     4  role       0 structure, 1 bulk, 2 paged
//                   48     4  crc        CRC-32C of the section and the padding that follows it
//                   52    12  reserved   0
//     4096        the sections, in the order of the table
//
// Structure sections (offsets, ids) steer reads of other sections, so their checksums are verified
// whenever a file is opened. Bulk sections cannot lead a reader outside them; verify() reads them.
// Paged sections are for what is large and must be right: their checksums are verified page by
// page, when a page is first read (io/paged_array.h). A file that has one ends with the structure
// section "pages": u32[n], the CRC-32C of each 65,536 bytes between 4096 and that section, the last
// of them shorter. History: 1.0 first version; 1.1 paged sections.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "io/mapped_file.h"
#include "io/paged_array.h"

namespace enlace {

enum class SectionRole : std::uint32_t { kStructure = 0, kBulk = 1, kPaged = 2 };

/// One array of a section file, as bytes.
struct Section {
  std::string_view name;
  std::span<const std::byte> bytes;
  std::uint32_t item;
  SectionRole role;
};

/// An open section file. Every span it gives lives in the mapping and dies with the file.
class SectionFile {
 public:
  /// Throws as MappedFile does; kCorrupt if the header, the table or a structure section is
  /// damaged; kUnsupported if the major version is another, or the kind but for the number that it
  /// ends in, with what to do about it (io/other_versions.h); kInvalidArgument if it is no `kind`.
  static SectionFile open(const std::filesystem::path& path, std::string_view kind);

  /// The section `name` as an array of T.
  /// Throws Error(kCorrupt) if there is none, or its elements are not of this size.
  template <class T>
  std::span<const T> array(std::string_view name) const {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto bytes = find(name, sizeof(T));
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }

  /// The section `name` as an array of T whose pages are proved when they are first read.
  /// Throws as array() does; kCorrupt too if the section is not paged.
  template <class T>
  PagedArray<T> paged(std::string_view name) const {
    const auto values = array<T>(name);
    require_paged(name);
    return PagedArray<T>(values, *pages_);
  }

  /// The proofs of all paged sections, for whoever reads them otherwise than by element; it lives
  /// as long as the file, whose moves it survives. Requires a paged section.
  const PageProofs& pages() const noexcept { return *pages_; }

  /// The section `name` as text.
  std::string_view text(std::string_view name) const {
    const auto bytes = array<char>(name);
    return {bytes.data(), bytes.size()};
  }

  /// The single value in section `name`. Throws Error(kCorrupt) if there is not exactly one.
  template <class T>
  T value(std::string_view name) const {
    const auto values = array<T>(name);
    require_single(name, values.size());
    return values[0];
  }

  const std::vector<Section>& sections() const noexcept { return sections_; }
  std::uint64_t made_from() const noexcept { return made_from_; }
  const std::string& name() const noexcept { return name_; }
  std::size_t size() const noexcept { return file_.bytes().size(); }

  /// CRC-32C of the header and the table, which hold the checksums of everything else: two files
  /// with equal fingerprints have equal content.
  std::uint64_t fingerprint() const noexcept { return fingerprint_; }

  /// Reads every byte and throws Error(kCorrupt) unless all checksums hold.
  void verify() const;

 private:
  SectionFile(MappedFile file, std::string name) noexcept
      : file_(std::move(file)), name_(std::move(name)) {}
  std::span<const std::byte> find(std::string_view name, std::size_t item) const;
  void require_single(std::string_view name, std::size_t count) const;
  void require_paged(std::string_view name) const;
  void open_pages();

  MappedFile file_;
  std::string name_;
  std::vector<Section> sections_;
  std::unique_ptr<PageProofs> pages_;  // if there is a paged section; stays in place when moved
  std::uint64_t made_from_ = 0;
  std::uint64_t fingerprint_ = 0;
};

/// Writes a section file front to back, so that a section may be larger than memory.
///
/// The file is complete only after finish(); one that was not finished is removed by the
/// destructor. Meant for files inside a folder that is published as a whole (io/publish.h): it
/// syncs, but does not rename.
class SectionWriter {
 public:
  /// Throws Error(kIo) if `path` cannot be created or exists.
  SectionWriter(const std::filesystem::path& path, std::string_view kind,
                std::uint64_t made_from = 0);
  SectionWriter(const SectionWriter&) = delete;
  SectionWriter& operator=(const SectionWriter&) = delete;
  ~SectionWriter();

  /// Adds a whole array.
  template <class T>
  void add(std::string_view name, std::span<const T> values,
           SectionRole role = SectionRole::kStructure) {
    static_assert(std::is_trivially_copyable_v<T>);
    begin(name, sizeof(T), role);
    append(std::as_bytes(values));
  }
  template <class T>
  void add(std::string_view name, const std::vector<T>& values,
           SectionRole role = SectionRole::kStructure) {
    add(name, std::span<const T>(values), role);
  }
  void add_text(std::string_view name, std::string_view text) {
    add(name, std::span<const char>(text), SectionRole::kBulk);
  }
  template <class T>
  void add_value(std::string_view name, const T& value) {
    add(name, std::span<const T>(&value, 1));
  }

  template <class T>
  void add_paged(std::string_view name, const std::vector<T>& values) {
    add(name, std::span<const T>(values), SectionRole::kPaged);
  }

  /// Starts a section that append() fills piece by piece until the next begin() or finish().
  void begin(std::string_view name, std::uint32_t item, SectionRole role);
  void append(std::span<const std::byte> bytes);

  /// Writes what was appended so far, so that it may be read from the file; returns where in it the
  /// current section begins. Throws Error(kIo).
  std::uint64_t flush();

  /// Ends the last section, writes header and table, syncs. Returns the file's fingerprint.
  /// Throws Error(kIo).
  std::uint64_t finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace enlace
