// Items in numbered groups: where each group begins, and the items of all.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "io/section_file.h"

namespace enlace {

/// The items of group g are items[starts[g], starts[g + 1]).
struct Groups {
  std::vector<std::uint32_t> starts{0}, items;

  std::size_t size() const noexcept { return starts.size() - 1; }
  std::span<const std::uint32_t> operator[](std::size_t g) const noexcept {
    return std::span(items).subspan(starts[g], starts[g + 1] - starts[g]);
  }
};

/// Groups the second members of `pairs` by the first, which are below `groups`. Items of a group
/// keep the order that they have in `pairs`.
Groups grouped(std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs, std::size_t groups);

/// Groups in a file: paged sections NAME.starts u32[n + 1] and NAME.ids u32[].
class GroupTable {
 public:
  GroupTable() = default;
  /// Throws Error(kCorrupt) if there are no such sections, or not `groups` of them.
  GroupTable(const SectionFile& file, const std::string& name, std::size_t groups);

  /// Throws Error(kCorrupt) where the file is damaged or there is no such group.
  std::span<const std::uint32_t> operator[](std::uint32_t group) const {
    return ids_.slice(starts_[group], starts_[group + std::size_t{1}]);
  }
  std::size_t items() const noexcept { return ids_.size(); }

 private:
  PagedArray<std::uint32_t> starts_, ids_;
};

void write_groups(SectionWriter& file, const std::string& name, const Groups& groups);

}  // namespace enlace
