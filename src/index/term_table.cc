#include "index/term_table.h"

#include <algorithm>
#include <bit>
#include <string>

#include "base/error.h"

namespace enlace {
namespace {

constexpr std::size_t kKeysPerBucket = 4;

std::string section(std::string_view table, std::string_view part) {
  return fmt::format("{} {}", table, part);
}

}  // namespace

TermTable::TermTable(const SectionFile& file, std::string_view name)
    : keys_(file.paged<std::uint64_t>(section(name, "keys"))),
      frequencies_(file.paged<std::uint32_t>(section(name, "frequencies"))),
      buckets_(file.paged<std::uint32_t>(section(name, "buckets"))) {
  const std::size_t buckets = buckets_.size() - 1;  // a section may be empty
  if (frequencies_.size() != keys_.size() || buckets_.size() < 3 || !std::has_single_bit(buckets)) {
    throw Error(ErrorKind::kCorrupt, "{}: the sections of {} disagree", file.name(), name);
  }
  shift_ = 64 - unsigned(std::bit_width(buckets) - 1);
}

std::optional<std::uint32_t> TermTable::find(std::uint64_t key) const {
  const std::size_t bucket = key >> shift_;
  const auto bounds = buckets_.slice(bucket, bucket + 2);
  const auto keys = keys_.slice(bounds[0], bounds[1]);
  const auto found = std::ranges::find(keys, key);
  if (found == keys.end()) return std::nullopt;
  return bounds[0] + static_cast<std::uint32_t>(found - keys.begin());
}

void write_term_table(SectionWriter& file, std::string_view name,
                      const std::vector<std::uint64_t>& keys,
                      const std::vector<std::uint32_t>& frequencies) {
  const std::size_t count = std::bit_ceil(std::max<std::size_t>(2, keys.size() / kKeysPerBucket));
  const unsigned shift = 64 - unsigned(std::bit_width(count) - 1);
  std::vector<std::uint32_t> buckets;
  buckets.reserve(count + 1);
  for (std::size_t term = 0; term < keys.size(); ++term) {
    while (buckets.size() <= keys[term] >> shift) {
      buckets.push_back(static_cast<std::uint32_t>(term));
    }
  }
  buckets.resize(count + 1, static_cast<std::uint32_t>(keys.size()));
  file.add_paged(section(name, "keys"), keys);
  file.add_paged(section(name, "frequencies"), frequencies);
  file.add_paged(section(name, "buckets"), buckets);
}

}  // namespace enlace
