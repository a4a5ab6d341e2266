#include "io/zip_archive.h"

#include <algorithm>
#include <cstdint>

#include "io/bytes.h"

namespace enlace {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::uint32_t kEnd = 0x06054b50;
constexpr std::uint32_t kLocator = 0x07064b50;
constexpr std::uint32_t kEnd64 = 0x06064b50;
constexpr std::uint32_t kEntry = 0x02014b50;
constexpr std::uint32_t kLocal = 0x04034b50;
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kLocatorSize = 20;
constexpr std::size_t kLeastEntry = 46;
constexpr std::uint32_t kInZip64 = 0xFFFFFFFF;
constexpr std::uint16_t kEncrypted = 1;

/// Where the directory lies.
struct Directory {
  std::uint64_t entries;
  std::uint64_t size;
  std::uint64_t offset;
};

/// An entry, with the bytes of the file that it and its header take.
struct Placed {
  ZipEntry entry;
  std::size_t begin, end;
};

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The part of `file` from `offset` on. Throws if there is none.
ByteReader reader_at(Bytes file, std::uint64_t offset, std::string_view where) {
  ByteReader reader(file, where);
  reader.take(offset);
  return reader;
}

void expect_signature(ByteReader& reader, std::uint32_t signature, std::string_view what,
                      std::string_view where) {
  const std::size_t at = reader.offset();
  if (reader.read<std::uint32_t>() != signature) {
    throw Error(ErrorKind::kCorrupt, "{}@{}: expected the {} of a zip archive, found other bytes",
                where, at, what);
  }
}

Directory read_directory64(Bytes file, std::uint64_t offset, std::string_view where) {
  ByteReader end = reader_at(file, offset, where);
  expect_signature(end, kEnd64, "zip64 end record", where);
  end.take(28);
  const auto entries = end.read<std::uint64_t>();
  const auto size = end.read<std::uint64_t>();
  return {entries, size, end.read<std::uint64_t>()};
}

Directory find_directory(Bytes file, std::string_view where) {
  if (file.size() < kEndSize) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a zip archive of at least {} bytes, found {}",
                where, kEndSize, file.size());
  }
  ByteReader end = reader_at(file, file.size() - kEndSize, where);
  expect_signature(end, kEnd, "end record", where);
  end.take(6);
  const auto entries = end.read<std::uint16_t>();
  const auto size = end.read<std::uint32_t>();
  const auto offset = end.read<std::uint32_t>();
  if (file.size() >= kEndSize + kLocatorSize) {
    ByteReader locator = reader_at(file, file.size() - kEndSize - kLocatorSize, where);
    if (locator.read<std::uint32_t>() == kLocator) {
      locator.take(4);
      return read_directory64(file, locator.read<std::uint64_t>(), where);
    }
  }
  return {entries, size, offset};
}

/// Takes the next 8 bytes of the zip64 field for `value` if it says that it stands there.
void widen(std::uint64_t& value, ByteReader& zip64) {
  if (value == kInZip64) value = zip64.read<std::uint64_t>();
}

/// The content of the zip64 field; empty if there is none.
Bytes zip64_field(Bytes extra, std::string_view where) {
  ByteReader fields(extra, where);
  while (extra.size() - fields.offset() >= 4) {
    const auto id = fields.read<std::uint16_t>();
    const Bytes content = fields.take(fields.read<std::uint16_t>());
    if (id == 1) return content;
  }
  return {};
}

/// Reads one entry of the directory and follows it.
Placed read_entry(Bytes file, ByteReader& directory, std::string_view where) {
  expect_signature(directory, kEntry, "directory entry", where);
  directory.take(4);
  const auto flags = directory.read<std::uint16_t>();
  const auto method = directory.read<std::uint16_t>();
  directory.take(8);
  std::uint64_t stored = directory.read<std::uint32_t>();
  std::uint64_t size = directory.read<std::uint32_t>();
  const auto name_size = directory.read<std::uint16_t>();
  const auto extra_size = directory.read<std::uint16_t>();
  const auto comment_size = directory.read<std::uint16_t>();
  directory.take(8);
  std::uint64_t offset = directory.read<std::uint32_t>();
  const std::string_view name = text_of(directory.take(name_size));
  ByteReader zip64(zip64_field(directory.take(extra_size), where), where);
  directory.take(comment_size);
  widen(size, zip64);
  widen(stored, zip64);
  widen(offset, zip64);
  if (method != 0 || (flags & kEncrypted) != 0) {
    throw Error(ErrorKind::kUnsupported,
                "{}@{}: expected an entry of a zip archive that is neither compressed nor "
                "encrypted, found method {}",
                where, offset, method);
  }
  ByteReader local = reader_at(file, offset, where);
  expect_signature(local, kLocal, "local header", where);
  local.take(22);
  const auto local_name_size = local.read<std::uint16_t>();
  const auto local_extra_size = local.read<std::uint16_t>();
  const std::string_view local_name = text_of(local.take(local_name_size));
  local.take(local_extra_size);
  if (stored != size || local_name != name) {
    throw Error(ErrorKind::kCorrupt,
                "{}@{}: expected a zip entry that agrees with its directory, found another", where,
                offset);
  }
  const Bytes bytes = local.take(size);
  return {{name, bytes}, offset, local.offset()};
}

}  // namespace

std::vector<ZipEntry> parse_zip_archive(Bytes file, std::string_view where) {
  const Directory directory = find_directory(file, where);
  ByteReader reader = reader_at(file, directory.offset, where);
  if (directory.size > file.size() - directory.offset ||
      directory.entries > directory.size / kLeastEntry) {
    throw Error(ErrorKind::kCorrupt,
                "{}: expected a zip directory of {} bytes for {} entries, found another size",
                where, directory.size, directory.entries);
  }
  std::vector<Placed> placed;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    placed.push_back(read_entry(file, reader, where));
  }
  std::sort(placed.begin(), placed.end(),
            [](const Placed& a, const Placed& b) { return a.begin < b.begin; });
  std::size_t free_from = 0;
  for (const Placed& part : placed) {
    if (part.begin < free_from || part.end > directory.offset) {
      throw Error(ErrorKind::kCorrupt, "{}@{}: expected zip entries that do not overlap", where,
                  part.begin);
    }
    free_from = part.end;
  }
  std::vector<ZipEntry> entries;
  for (const Placed& part : placed) entries.push_back(part.entry);
  std::sort(entries.begin(), entries.end(),
            [](const ZipEntry& a, const ZipEntry& b) { return a.name < b.name; });
  const auto twin =
      std::adjacent_find(entries.begin(), entries.end(),
                         [](const ZipEntry& a, const ZipEntry& b) { return a.name == b.name; });
  if (twin != entries.end()) {
    throw Error(ErrorKind::kCorrupt, "{}: expected distinct names of zip entries, found one twice",
                where);
  }
  return entries;
}

}  // namespace enlace
