// One writer of a folder at a time.
#pragma once

#include <filesystem>
#include <optional>

#include "io/descriptor.h"

namespace enlace {

/// Holds the folder for as long as it lives, against others who ask in this way, in this process or
/// another; a process that ends lets go. Readers do not ask.
class FolderLock {
 public:
  /// Waits until the folder is free. Throws Error: kNotFound if there is none, else kIo.
  explicit FolderLock(const std::filesystem::path& folder);

 private:
  std::optional<Descriptor> folder_;
};

}  // namespace enlace
