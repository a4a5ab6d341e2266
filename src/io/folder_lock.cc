#include "io/folder_lock.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace enlace {

FolderLock::FolderLock(const std::filesystem::path& folder) : path_(folder) {
  // While this waits, the folder may be replaced: then it is the new one that matters.
  for (;;) {
    folder_.emplace(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder_->value < 0) throw os_error(folder);
    while (::flock(folder_->value, LOCK_EX) != 0) {
      if (errno != EINTR) throw os_error(folder);
    }
    if (is_in_place()) return;
  }
}

bool FolderLock::is_in_place() const {
  struct stat held {
  }, named{};
  if (::fstat(folder_->value, &held) != 0 || ::stat(path_.c_str(), &named) != 0) {
    throw os_error(path_);
  }
  return held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

void FolderLock::require_in_place() const {
  if (is_in_place()) return;
  throw Error(
      ErrorKind::kIo,
      "{}: another folder was put in its place meanwhile, which stays as it is: begin again",
      path_.string());
}

}  // namespace enlace
