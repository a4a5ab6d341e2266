#include "io/section_file.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/error.h"
#include "io/bytes.h"
#include "io/crc32c.h"
#include "io/other_versions.h"
#include "io/section_format.h"

namespace enlace {
namespace {

using namespace section_format;  // NOLINT(google-build-using-namespace): the bytes of this file

/// A zero-padded fixed array as text.
template <std::size_t N>
std::string_view label(const std::array<char, N>& padded) {
  return {padded.data(), ::strnlen(padded.data(), N)};
}

/// A section with the padding up to the next one, which its checksum covers too.
std::span<const std::byte> padded(const Section& section, std::span<const std::byte> file) {
  const auto offset = std::size_t(section.bytes.data() - file.data());
  return file.subspan(offset, std::size_t(round_up(section.bytes.size())));
}

std::uint32_t stored_crc(std::span<const std::byte> file, std::size_t index) {
  Entry entry;
  std::memcpy(&entry, file.data() + sizeof(Header) + index * sizeof(Entry), sizeof entry);
  return entry.crc;
}

/// Throws unless a file says that it is what it is taken for.
void require_kind(std::string_view found, std::string_view expected, const std::string& file) {
  if (found == expected) return;
  const VersionedKind own = versioned(found), wanted = versioned(expected);
  if (own.name != wanted.name) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected kind {}, found {}", file, expected,
                found);
  }
  throw Error(ErrorKind::kUnsupported, "{}: expected kind {}, found {} of another version; {}",
              file, expected, found, remedy(own.name, own.version > wanted.version));
}

bool is_zero(std::span<const std::byte> bytes) {
  for (const std::byte byte : bytes) {
    if (byte != std::byte{0}) return false;
  }
  return true;
}

}  // namespace

SectionFile SectionFile::open(const std::filesystem::path& path, std::string_view kind) {
  SectionFile opened(MappedFile(path), path.string());
  const auto bytes = opened.file_.bytes();
  const std::string& name = opened.name_;
  // Of a file that is not in memory only what is checked here is fetched, not megabytes around it.
  advise(bytes, Access::kRandom);
  const auto require = [&](bool holds, std::string_view complaint) {
    if (!holds) throw Error(ErrorKind::kCorrupt, "{}: {}", name, complaint);
  };

  // Identity and version before anything else: they decide how to read the rest.
  require(bytes.size() >= kPayload, "expected a section file, found fewer bytes than its header");
  const auto header = ByteReader(bytes, name).read<Header>();
  require(std::string_view(header.magic.data(), kMagic.size()) == kMagic,
          "expected a section file, found another magic");
  if (header.major != kMajor) {
    throw Error(ErrorKind::kUnsupported, "{}: expected version {}.x, found {}.{}; {}", name, kMajor,
                header.major, header.minor, remedy(versioned(kind).name, header.major > kMajor));
  }
  require(header.header_crc == crc32c(bytes.first(offsetof(Header, header_crc))),
          "header checksum mismatch");
  require_kind(label(header.kind), kind, name);
  require(header.size == bytes.size(), "truncated or overlong");
  require(header.sections >= 1 && header.sections <= kMaxSections, "section count out of range");
  const auto table = bytes.subspan(sizeof(Header), header.sections * sizeof(Entry));
  require(header.table_crc == crc32c(table), "section table checksum mismatch");

  std::uint64_t expected = kPayload;
  for (std::size_t i = 0; i < header.sections; ++i) {
    const auto* entry = reinterpret_cast<const Entry*>(table.data()) + i;
    require(entry->offset == expected && entry->size <= bytes.size() - expected,
            "section out of bounds");
    require(entry->item >= 1 && entry->size % entry->item == 0, "section size is not whole items");
    require(entry->role <= std::uint32_t(SectionRole::kPaged), "unknown section role");
    require(std::ranges::find(opened.sections_, label(entry->name), &Section::name) ==
                opened.sections_.end(),
            "two sections of one name");
    opened.sections_.push_back({label(entry->name), bytes.subspan(entry->offset, entry->size),
                                entry->item, SectionRole{entry->role}});
    expected += round_up(entry->size);
    require(expected <= bytes.size(), "section out of bounds");
    if (opened.sections_.back().role == SectionRole::kStructure) {
      const auto checked = padded(opened.sections_.back(), bytes);
      advise(checked, Access::kSoon);
      require(entry->crc == crc32c(checked),
              fmt::format("checksum mismatch in section {}", label(entry->name)));
    }
  }
  require(expected == bytes.size(), "bytes after the last section");
  opened.open_pages();
  opened.made_from_ = header.made_from;
  opened.fingerprint_ = std::uint64_t(header.header_crc) << 32 | header.table_crc;
  advise(bytes, Access::kUsual);
  return opened;
}

void SectionFile::open_pages() {
  const auto is_paged = [](const Section& section) { return section.role == SectionRole::kPaged; };
  if (std::none_of(sections_.begin(), sections_.end(), is_paged)) return;
  const auto crcs = array<std::uint32_t>(kPages);
  const auto* end = reinterpret_cast<const std::byte*>(crcs.data());
  const auto paged = file_.bytes().first(std::size_t(end - file_.bytes().data())).subspan(kPayload);
  if (sections_.back().name != kPages || sections_.back().role != SectionRole::kStructure ||
      crcs.size() != (paged.size() + PageProofs::kPageBytes - 1) / PageProofs::kPageBytes) {
    throw Error(ErrorKind::kCorrupt, "{}: expected one checksum for every page", name_);
  }
  pages_ = std::make_unique<PageProofs>(paged, crcs, name_);
}

void SectionFile::require_paged(std::string_view name) const {
  for (const Section& section : sections_) {
    if (section.name == name && section.role == SectionRole::kPaged) return;
  }
  throw Error(ErrorKind::kCorrupt, "{}: section {}: expected it in pages", name_, name);
}

std::span<const std::byte> SectionFile::find(std::string_view name, std::size_t item) const {
  for (const Section& section : sections_) {
    if (section.name != name) continue;
    if (section.item != item) {
      throw Error(ErrorKind::kCorrupt, "{}: section {}: expected items of {} bytes, found {}",
                  name_, name, item, section.item);
    }
    return section.bytes;
  }
  throw Error(ErrorKind::kCorrupt, "{}: expected a section {}, found none", name_, name);
}

void SectionFile::require_single(std::string_view name, std::size_t count) const {
  if (count != 1) {
    throw Error(ErrorKind::kCorrupt, "{}: section {}: expected 1 value, found {}", name_, name,
                count);
  }
}

void SectionFile::verify() const {
  const auto bytes = file_.bytes();
  const auto unused = bytes.subspan(sizeof(Header) + sections_.size() * sizeof(Entry));
  if (!is_zero(unused.first(std::size_t(bytes.data() + kPayload - unused.data())))) {
    throw Error(ErrorKind::kCorrupt, "{}: expected zeros after the section table", name_);
  }
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    if (stored_crc(bytes, i) != crc32c(padded(sections_[i], bytes))) {
      throw Error(ErrorKind::kCorrupt, "{}: checksum mismatch in section {}", name_,
                  sections_[i].name);
    }
  }
}

}  // namespace enlace
