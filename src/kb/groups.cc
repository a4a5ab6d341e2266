#include "kb/groups.h"

#include "base/error.h"

namespace enlace {

Groups grouped(std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs, std::size_t groups) {
  Groups made;
  made.starts.assign(groups + 1, 0);
  for (const auto& pair : pairs) ++made.starts[pair.first + std::size_t{1}];
  for (std::size_t g = 1; g <= groups; ++g) made.starts[g] += made.starts[g - 1];
  made.items.resize(pairs.size());
  std::vector<std::uint32_t> next(made.starts);
  for (const auto& pair : pairs) made.items[next[pair.first]++] = pair.second;
  return made;
}

GroupTable::GroupTable(const SectionFile& file, const std::string& name, std::size_t groups)
    : starts_(file.paged<std::uint32_t>(name + ".starts")),
      ids_(file.paged<std::uint32_t>(name + ".ids")) {
  if (starts_.size() != groups + 1) {
    throw Error(ErrorKind::kCorrupt, "{}: section {}.starts: wrong number of offsets", file.name(),
                name);
  }
}

void write_groups(SectionWriter& file, const std::string& name, const Groups& groups) {
  file.add_paged(name + ".starts", groups.starts);
  file.add_paged(name + ".ids", groups.items);
}

}  // namespace enlace
