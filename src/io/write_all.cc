#include "io/write_all.h"

#include "io/descriptor.h"

namespace enlace {

void write_all(int file, std::span<const std::byte> bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw os_error(path);
    bytes = bytes.subspan(std::size_t(written));
  }
}

}  // namespace enlace
