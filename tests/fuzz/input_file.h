// Bytes as a file that a reader opens.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include <unistd.h>

namespace enlace::testing_fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) noexcept {
  return {reinterpret_cast<const char*>(data), size};
}

/// A folder of this process, kept from one input to the next and taken away at its end.
inline const std::filesystem::path& input_folder() {
  struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() /
                                 ("enlace_fuzz_" + std::to_string(static_cast<long>(::getpid())));
    Folder() { std::filesystem::create_directories(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  };
  static const Folder folder;
  return folder.path;
}

/// Writes `content` as the file `name` of the folder, in whose place it was.
inline std::filesystem::path input_file(std::string_view name, std::string_view content) {
  auto path = input_folder() / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
  return path;
}

/// Writes `content`, cut at form feeds, as these files of the folder, one after the other; what is
/// left after the last of them is dropped.
inline void input_files(std::span<const std::string_view> names, std::string_view content) {
  for (const std::string_view name : names) {
    const auto file = content.substr(0, content.find('\f'));
    content.remove_prefix(std::min(content.size(), file.size() + 1));
    input_file(name, file);
  }
}

}  // namespace enlace::testing_fuzz
