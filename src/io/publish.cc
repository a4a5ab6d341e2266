#include "io/publish.h"

#include <cerrno>
#include <cstdio>
#include <random>
#include <set>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "io/descriptor.h"
#include "io/write_all.h"

namespace enlace {
namespace {

std::filesystem::path neighbour_of(const std::filesystem::path& path) {
  std::random_device random;
  return path.string() + fmt::format(".{:08x}.partial", random());
}

void sync_directory(const std::filesystem::path& directory) {
  const Descriptor file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.value < 0 || ::fsync(file.value) != 0) throw os_error(directory);
}

std::filesystem::path parent_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : ".";
}

/// Throws unless `path` is a file or nothing: what is no file, such as /dev/null, is not replaced.
const std::filesystem::path& replaceable(const std::filesystem::path& path) {
  struct stat old {};
  if (!path.has_filename() || (::stat(path.c_str(), &old) == 0 && !S_ISREG(old.st_mode))) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected a file or no such path, found another",
                path.string());
  }
  return path;
}

/// The folder that `path` names, through links and dots, or the place where it is to be made.
/// Throws if it cannot be exchanged with another.
std::filesystem::path replaceable_folder(const std::filesystem::path& path) {
  std::filesystem::path folder = without_slash(path);
  std::error_code ignored;
  const bool named_otherwise = std::filesystem::is_symlink(folder, ignored) ||
                               folder.filename() == "." || folder.filename() == "..";
  if (named_otherwise) folder = std::filesystem::weakly_canonical(folder);
  struct stat own {
  }, parent{};
  if (::stat(folder.c_str(), &own) == 0 && ::stat(parent_of(folder).c_str(), &parent) == 0 &&
      own.st_dev != parent.st_dev) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}: expected a folder that can be replaced, found a mount point: give one in it",
                path.string());
  }
  return folder;
}

enum class Orphans { kFiles, kFolders };

/// Removes the neighbours of `path` that were being written, and that no living process holds the
/// lock of.
void sweep(const std::filesystem::path& path, Orphans kind) {
  std::error_code ignored;  // a missing parent is reported when something is made there
  const std::string prefix = path.filename().string() + ".";
  for (const auto& entry : std::filesystem::directory_iterator(parent_of(path), ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(".partial")) continue;
    const bool wanted =
        kind == Orphans::kFiles ? entry.is_regular_file(ignored) : entry.is_directory(ignored);
    if (!wanted) continue;
    const Descriptor orphan(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (orphan.value < 0 || ::flock(orphan.value, LOCK_EX | LOCK_NB) != 0) continue;
    std::filesystem::remove_all(entry.path(), ignored);
  }
}

/// A new file beside `path`, whose own path it puts in `staging`, locked: until it is, another
/// publication may take it for an orphan.
int new_neighbour(const std::filesystem::path& path, std::filesystem::path& staging) {
  sweep(path, Orphans::kFiles);
  for (;;) {
    staging = neighbour_of(path);
    const int file =
        ::open(staging.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (file < 0) throw os_error(parent_of(path));
    // Where nothing can be locked, nothing is swept either.
    if (::flock(file, LOCK_EX) != 0 || std::filesystem::exists(staging)) return file;
    ::close(file);
  }
}

}  // namespace

std::filesystem::path without_slash(std::filesystem::path path) {
  while (path.has_parent_path() && path.has_relative_path() &&
         (!path.has_filename() || path.filename() == ".")) {
    path = path.parent_path();
  }
  return path;
}

void require_distinct(std::span<const std::filesystem::path> paths) {
  std::set<std::filesystem::path> seen;
  for (const std::filesystem::path& path : paths) {
    if (path.empty() || seen.insert(std::filesystem::weakly_canonical(path)).second) continue;
    throw Error(ErrorKind::kInvalidArgument, "{}: expected another file for each, found it twice",
                path.string());
  }
}

FilePublication::FilePublication(const std::filesystem::path& path)
    : path_(replaceable(path)), file_(new_neighbour(path_, staging_)) {
  struct stat old {};
  if (::stat(path.c_str(), &old) == 0 && ::fchmod(file_.value, old.st_mode & 07777U) != 0) {
    const Error error = os_error(staging_);
    ::unlink(staging_.c_str());
    throw error;
  }
}

FilePublication::~FilePublication() {
  if (!published_) ::unlink(staging_.c_str());
}

void FilePublication::publish() {
  if (::fsync(file_.value) != 0) throw os_error(staging_);
  if (::rename(staging_.c_str(), path_.c_str()) != 0) throw os_error(path_);
  published_ = true;
  sync_directory(parent_of(path_));
}

std::filesystem::path staging_beside(const std::filesystem::path& path) {
  const std::filesystem::path place = without_slash(path);
  sweep(place, Orphans::kFiles);
  return neighbour_of(place);
}

void replace_file(const std::filesystem::path& staged, const std::filesystem::path& path) {
  try {
    if (::rename(staged.c_str(), replaceable(path).c_str()) != 0) throw os_error(path);
  } catch (const Error&) {
    ::unlink(staged.c_str());
    throw;
  }
  sync_directory(parent_of(path));
}

void publish_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  FilePublication publication(path);
  write_all(publication.descriptor(), bytes, publication.staging());
  publication.publish();
}

FolderPublication::FolderPublication(const std::filesystem::path& path)
    : path_(replaceable_folder(path)) {
  sweep(path_, Orphans::kFolders);
  // Another publication may take the new folder for an orphan until it is locked.
  do {
    staging_ = neighbour_of(path_);
    if (::mkdir(staging_.c_str(), 0777) != 0) throw os_error(parent_of(path_));
    lock_.emplace(::open(staging_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const bool locked = lock_->value >= 0 && ::flock(lock_->value, LOCK_EX) == 0;
    if (!locked && errno != ENOENT) {
      const Error error = os_error(staging_);
      ::rmdir(staging_.c_str());
      throw error;
    }
  } while (!std::filesystem::exists(staging_));
}

FolderPublication::~FolderPublication() {
  std::error_code ignored;                         // a leftover is swept next time
  std::filesystem::remove_all(staging_, ignored);  // after publish(): the folder that was replaced
}

void FolderPublication::publish() {
  sync_directory(staging_);
  // Exchange if there is an old folder, so that no instant is without one; else a plain rename,
  // unless another publication was there first.
  while (::renameat2(AT_FDCWD, staging_.c_str(), AT_FDCWD, path_.c_str(), RENAME_EXCHANGE) != 0) {
    const bool absent = errno == ENOENT;
    if (::rename(staging_.c_str(), path_.c_str()) == 0) break;
    if (!absent || (errno != ENOTEMPTY && errno != EEXIST)) throw os_error(path_);
  }
  sync_directory(parent_of(path_));
}

}  // namespace enlace
