// Zip archives made by tests, byte by byte.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace enlace::testing_io {

inline std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += i < 8 ? char(value >> (8 * i) & 0xFF) : '\0';
  return text;
}

using ZipFiles = std::vector<std::pair<std::string, std::string>>;

struct ZipOptions {
  bool zip64 = false;  // the directory is found through a zip64 record, sizes stand in extra fields
  int method = 0;
  int flags = 0x808;
};

/// An archive of uncompressed entries.
inline std::string zip_of(const ZipFiles& files, const ZipOptions& options = {}) {
  std::string out, directory;
  for (const auto& [name, content] : files) {
    const std::uint64_t at = out.size();
    const std::string padding(60 - (at + 34 + name.size()) % 60, 'Z');
    out += "PK\3\4" + little(0, 22) + little(name.size(), 2) + little(padding.size() + 4, 2) +
           name + "FB" + little(padding.size(), 2) + padding + content;
    const std::string extra = options.zip64
                                  ? little(1, 2) + little(24, 2) + little(content.size(), 8) +
                                        little(content.size(), 8) + little(at, 8)
                                  : "";
    const std::uint64_t size = options.zip64 ? 0xFFFFFFFF : content.size();
    directory += "PK\1\2" + little(0, 4) + little(std::uint64_t(options.flags), 2) +
                 little(std::uint64_t(options.method), 2) + little(0, 8) + little(size, 4) +
                 little(size, 4) + little(name.size(), 2) + little(extra.size(), 2) +
                 little(0, 10) + little(options.zip64 ? 0xFFFFFFFF : at, 4) + name + extra;
  }
  const std::uint64_t at = out.size();
  out += directory;
  if (options.zip64) {
    const std::uint64_t end = out.size();
    out += "PK\6\6" + little(44, 8) + little(0, 12) + little(files.size(), 8) +
           little(files.size(), 8) + little(directory.size(), 8) + little(at, 8);
    out += "PK\6\7" + little(0, 4) + little(end, 8) + little(1, 4);
  }
  return out + "PK\5\6" + little(0, 4) + little(files.size(), 2) + little(files.size(), 2) +
         little(directory.size(), 4) + little(options.zip64 ? 0xFFFFFFFF : at, 4) + little(0, 2);
}

}  // namespace enlace::testing_io
