#include "index/changed_index.h"

#include <algorithm>
#include <limits>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/error.h"
#include "io/descriptor.h"
#include "io/publish.h"

namespace enlace {
namespace {

constexpr std::string_view kKind = "changes3";
constexpr std::string_view kBaseRetired = "base retired";
constexpr std::string_view kAddedRetired = "added retired";

using Words = std::vector<std::uint64_t>;

std::size_t words_for(std::size_t rows) {
  return (rows + 63) / 64;
}

/// The rows whose bit is not set; everything if none is.
RowFilter live_rows(const SectionFile& file, std::string_view section, std::size_t rows) {
  const auto words = file.array<std::uint64_t>(section);
  if (words.size() != words_for(rows)) {
    throw Error(ErrorKind::kCorrupt, "{}: section {}: expected bits of {} rows", file.name(),
                section, rows);
  }
  if (std::all_of(words.begin(), words.end(), [](std::uint64_t word) { return word == 0; })) {
    return {};
  }
  RowFilter live(rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    if ((words[row / 64] >> row % 64 & 1U) == 0) live.allow(row);
  }
  return live;
}

/// While one lives, no other process or thread changes the index at `path`.
class ChangeLock {
 public:
  explicit ChangeLock(const std::filesystem::path& path) {
    while (true) {
      file_.emplace(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
      struct stat locked {
      }, there{};
      if (file_->value < 0 || ::flock(file_->value, LOCK_EX) != 0 ||
          ::fstat(file_->value, &locked) != 0 || ::stat(path.c_str(), &there) != 0) {
        throw os_error(path);
      }
      // Another file may have come to its place meanwhile.
      if (locked.st_dev == there.st_dev && locked.st_ino == there.st_ino) return;
    }
  }

 private:
  std::optional<Descriptor> file_;
};

/// The changes so far, with `rows` added and `retired` retired, in the place of the old ones.
void write_changes(const std::filesystem::path& path, const ChangedIndex& index,
                   MatrixView<const float> rows, std::span<const std::uint32_t> retired) {
  const std::size_t base = index.base().size();
  const std::size_t added = index.size() - base + rows.rows();
  const auto staged = staging_beside(changes_of(path));
  {
    FlatIndexWriter writer(staged, index.dimension(), index.base().fingerprint(), kKind);
    if (index.added()) writer.append(index.added()->vectors());
    writer.append(rows);
    Words of_base(words_for(base)), of_added(words_for(added));
    const auto retire = [&](std::uint32_t row) {
      Words& words = row < base ? of_base : of_added;
      const std::size_t bit = row < base ? row : row - base;
      words[bit / 64] |= std::uint64_t{1} << bit % 64;
    };
    for (std::uint32_t row = 0; row < index.size(); ++row) {
      if (index.is_retired(row)) retire(row);
    }
    for (const std::uint32_t row : retired) retire(row);
    SectionWriter& file = writer.close_rows();
    file.add(kBaseRetired, of_base);
    file.add(kAddedRetired, of_added);
    writer.finish();
  }
  replace_file(staged, changes_of(path));
}

}  // namespace

std::filesystem::path changes_of(const std::filesystem::path& path) {
  return path.string() + ".changes";
}

ChangedIndex ChangedIndex::open(const std::filesystem::path& path) {
  ChangedIndex index(FlatIndex::open(path));
  const auto changes = changes_of(path);
  if (!std::filesystem::exists(changes)) return index;
  index.added_ = FlatIndex::open(changes, kKind);
  const SectionFile& file = index.added_->file();
  if (file.made_from() != index.base_.fingerprint() ||
      index.added_->dimension() != index.dimension()) {
    throw Error(ErrorKind::kCorrupt, "{}: expected changes of {}, found those of another file",
                file.name(), path.string());
  }
  index.live_base_ = live_rows(file, kBaseRetired, index.base_.size());
  index.live_added_ = live_rows(file, kAddedRetired, index.added_->size());
  return index;
}

std::vector<std::vector<Neighbour>> ChangedIndex::search(MatrixView<const float> queries,
                                                         std::size_t k, const RowFilter& filter,
                                                         std::size_t workers) const {
  RowFilter of_base = filter;
  of_base.restrict_to(live_base_);
  auto found = base_.search(queries, k, of_base, workers);
  if (!added_) return found;
  RowFilter of_added = filter.slice(base_.size(), size());
  of_added.restrict_to(live_added_);
  const auto more = added_->search(queries, k, of_added, workers);
  for (std::size_t q = 0; q < found.size(); ++q) {
    for (const Neighbour& neighbour : more[q]) {
      found[q].push_back({neighbour.row + std::uint32_t(base_.size()), neighbour.score});
    }
    std::sort(found[q].begin(), found[q].end(), better);
    found[q].resize(std::min(k, found[q].size()));
  }
  return found;
}

std::uint32_t add_rows(const std::filesystem::path& path, MatrixView<const float> rows) {
  const ChangeLock lock(path);
  const ChangedIndex index = ChangedIndex::open(path);
  if (rows.rows() > 0 && rows.cols() != index.dimension()) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected rows of {} dimensions, found {}",
                path.string(), index.dimension(), rows.cols());
  }
  if (index.size() + rows.rows() >= std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected fewer than 2^32 rows in all",
                path.string());
  }
  if (rows.rows() > 0) write_changes(path, index, rows, {});
  return std::uint32_t(index.size());
}

void retire_rows(const std::filesystem::path& path, std::span<const std::uint32_t> rows) {
  const ChangeLock lock(path);
  const ChangedIndex index = ChangedIndex::open(path);
  for (const std::uint32_t row : rows) {
    if (row >= index.size()) {
      throw Error(ErrorKind::kInvalidArgument, "{}: expected a row below {}, found {}",
                  path.string(), index.size(), row);
    }
  }
  write_changes(path, index, {nullptr, 0, index.dimension()}, rows);
}

}  // namespace enlace
