// All of some bytes into a file descriptor.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace enlace {

/// Writes every byte, however often the system call is interrupted or cut short.
/// Throws Error(kIo) naming `path`.
void write_all(int file, std::span<const std::byte> bytes, const std::filesystem::path& path);

}  // namespace enlace
