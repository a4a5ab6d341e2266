// Files that are looked for before long work begins, not after it.
#pragma once

#include <filesystem>

#include "base/error.h"

namespace enlace {

/// Throws Error(kNotFound) unless there is a file at `path`.
inline void require_file(const std::filesystem::path& path) {
  if (std::filesystem::is_regular_file(path)) return;
  throw Error(ErrorKind::kNotFound, "{}: expected a file, found none", path.string());
}

}  // namespace enlace
