// Putting a finished file in its place, so that a reader sees all of the old one or of the new.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>

#include "io/descriptor.h"

namespace enlace {

/// `path` without the slash that a shell completes a folder's name with, and without "/.": what is
/// put beside it has a name of its own then.
std::filesystem::path without_slash(std::filesystem::path path);

/// Throws Error(kInvalidArgument) if two of `paths` name one file; those that are empty name none.
void require_distinct(std::span<const std::filesystem::path> paths);

/// Makes `bytes` the content of `path`: written to a new neighbour, synced, renamed over `path`,
/// and the directory synced. A file is never rewritten in place, so mappings of the old one stay
/// valid, and a crash at any instant leaves `path` entirely old or entirely new.
///
/// The neighbour is `<path>.<random>.partial`, locked while it is written; one that a killed
/// process left behind is swept by the next publication of the same path. Keeps the permissions of
/// the file it replaces. Throws Error: kInvalidArgument if `path` is there and is no file,
/// kNotFound if the directory does not exist, else kIo; what cannot be written is told by the
/// directory. If the last step fails, the new file is in place but may not outlive a power cut.
void publish_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// A file that is written beside its place, piece by piece, and then put there in one step, with
/// the promises of publish_file. Destroyed without publish(), it leaves nothing behind.
class FilePublication {
 public:
  /// Throws Error: kInvalidArgument if `path` is there and is no file, kNotFound if the directory
  /// does not exist, else kIo.
  explicit FilePublication(const std::filesystem::path& path);
  FilePublication(const FilePublication&) = delete;
  FilePublication& operator=(const FilePublication&) = delete;
  ~FilePublication();

  /// Open for writing from the start, until this object dies.
  int descriptor() const noexcept { return file_.value; }

  /// The neighbour that is being written, for messages.
  const std::filesystem::path& staging() const noexcept { return staging_; }

  /// Throws Error(kIo); unless the last step failed, the old file is then still in place.
  void publish();

 private:
  std::filesystem::path path_;
  std::filesystem::path staging_;
  Descriptor file_;
  bool published_ = false;
};

/// A path beside `path` where nothing is: for a file that replace_file() then puts in its place, or
/// for scratch. Sweeps what killed processes left there: files like it that nobody holds the lock
/// of, as a SectionWriter does.
std::filesystem::path staging_beside(const std::filesystem::path& path);

/// Puts the file at `staged`, which is synced, in the place of `path` in one step, with the
/// promises of publish_file. Throws Error: kInvalidArgument if `path` is there and is no file, else
/// kIo; `staged` is then removed.
void replace_file(const std::filesystem::path& staged, const std::filesystem::path& path);

/// A folder that is filled beside its place and then put there in one step.
///
/// staging() is `<path>.<random>.partial`, locked while this object lives. Until publish() the old
/// folder, if any, is untouched; afterwards it is gone. Destroyed without publish(), it leaves
/// nothing behind; what a killed process left is swept by the next publication of the same path.
class FolderPublication {
 public:
  /// Throws Error: kNotFound if the directory does not exist, else kIo.
  explicit FolderPublication(const std::filesystem::path& path);
  FolderPublication(const FolderPublication&) = delete;
  FolderPublication& operator=(const FolderPublication&) = delete;
  ~FolderPublication();

  /// Where to write the files, each synced by its writer.
  const std::filesystem::path& staging() const noexcept { return staging_; }

  /// Throws Error(kIo); the old folder is then still in place, unless only the last step failed,
  /// which makes the exchange durable.
  void publish();

 private:
  std::filesystem::path path_;
  std::filesystem::path staging_;
  std::optional<Descriptor> lock_;
};

}  // namespace enlace
