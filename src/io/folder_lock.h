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

  /// Throws Error(kIo) if there is another folder in its place by now: what was made of this one is
  /// not to be put there.
  void require_in_place() const;

 private:
  bool is_in_place() const;

  std::filesystem::path path_;
  std::optional<Descriptor> folder_;
};

}  // namespace enlace
