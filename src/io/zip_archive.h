// Zip archives whose entries are not compressed, as records of a mapped file.
//
// Read from the end: the end record (22 bytes, no comment behind it), perhaps the zip64 record that
// its locator points to, the central directory, and for every entry its local header. Integers are
// little-endian.
//
//   end record      signature 06054b50, …, entries u16 @10, directory size u32 @12, offset u32 @16
//   zip64 locator   signature 07064b50 20 bytes before it, offset of the zip64 record u64 @8
//   zip64 record    signature 06064b50, …, entries u64 @32, directory size u64 @40, offset u64 @48
//   directory       signature 02014b50, flags u16 @8, method u16 @10, sizes u32 @20 @24, lengths of
//                   name, extra, comment u16 @28 @30 @32, local header u32 @42, name @46
//   local header    signature 04034b50, lengths of name, extra u16 @26 @28, name @30
//
// A size or offset of 2^32 - 1 stands in the zip64 field (id 1) of the directory's extra bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace enlace {

/// Borrows the archive's bytes.
struct ZipEntry {
  std::string_view name;
  std::span<const std::byte> bytes;
};

/// The entries of a whole archive, by rising name. Checksums of entries are not looked at.
/// `where` opens every message. Throws Error: kUnsupported for a compressed or encrypted entry;
/// kCorrupt if the file ends early, its parts overlap or are not as above, or a name is there
/// twice.
std::vector<ZipEntry> parse_zip_archive(std::span<const std::byte> file, std::string_view where);

}  // namespace enlace
