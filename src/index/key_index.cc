#include "index/key_index.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "base/hash.h"

namespace enlace {
namespace {

constexpr std::size_t kPerBucket = 8;  // on average
constexpr std::size_t kTogether = 32;  // keys whose waits overlap

std::size_t buckets_for(std::size_t entries) noexcept {
  return entries / kPerBucket + 1;
}
std::size_t bucket_of(std::uint64_t hash, std::size_t buckets) noexcept {
  return std::size_t((hash >> 32) * buckets >> 32);
}
std::uint8_t tag_of(std::uint64_t hash) noexcept {
  return std::uint8_t(hash >> 24);
}

}  // namespace

std::uint64_t write_key_index(const std::filesystem::path& path, const HashedForms& keys,
                              std::uint64_t made_from) {
  const std::size_t buckets = buckets_for(keys.ids.size());
  std::vector<std::uint32_t> starts(buckets + 1, 0);
  std::vector<std::uint8_t> tags;
  tags.reserve(keys.ids.size());
  for (const std::uint64_t hash : keys.hashes) {
    ++starts[bucket_of(hash, buckets) + 1];
    tags.push_back(tag_of(hash));
  }
  for (std::size_t b = 1; b <= buckets; ++b) starts[b] += starts[b - 1];
  SectionWriter file(path, "keys", made_from);
  file.add_paged("starts", starts);
  file.add_paged("tags", tags);
  file.add_paged("ids", keys.ids);
  return file.finish();
}

KeyIndex KeyIndex::open(const std::filesystem::path& path) {
  return KeyIndex(SectionFile::open(path, "keys"));
}

KeyIndex::KeyIndex(SectionFile file)
    : file_(std::move(file)),
      starts_(file_.paged<std::uint32_t>("starts")),
      tags_(file_.paged<std::uint8_t>("tags")),
      ids_(file_.paged<std::uint32_t>("ids")) {
  if (starts_.size() != buckets_for(ids_.size()) + 1 || tags_.size() != ids_.size()) {
    throw Error(ErrorKind::kCorrupt, "{}: expected sizes of sections that agree", file_.name());
  }
}

/// The numbers whose keys may have the hash, of which fits(key) is true.
template <class Fits>
std::vector<std::uint32_t> KeyIndex::find_fitting(std::uint64_t hash, const FormOf& key_of,
                                                  const Fits& fits) const {
  std::vector<std::uint32_t> found;
  const std::size_t bucket = bucket_of(hash, starts_.size() - 1);
  const std::uint32_t first = starts_[bucket];
  const auto tags = tags_.slice(first, starts_[bucket + 1]);
  std::string own;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (tags[i] != tag_of(hash)) continue;
    const std::uint32_t id = ids_[first + i];
    key_of(id, own);
    if (fits(own)) found.push_back(id);
  }
  return found;
}

std::vector<std::uint32_t> KeyIndex::find(std::string_view key, const FormOf& key_of) const {
  if (key.empty()) return {};
  return find_fitting(hash_bytes(key), key_of, [&](std::string_view own) { return own == key; });
}

std::vector<std::uint32_t> KeyIndex::find_hash(std::uint64_t hash, const FormOf& key_of) const {
  return find_fitting(hash, key_of, [&](std::string_view own) { return hash_bytes(own) == hash; });
}

std::vector<std::vector<std::uint32_t>> KeyIndex::find(std::span<const std::string> keys,
                                                       const FormOf& key_of) const {
  std::vector<std::vector<std::uint32_t>> found(keys.size());
  for (std::size_t first = 0; first < keys.size(); first += kTogether) {
    const std::size_t count = std::min(kTogether, keys.size() - first);
    find_together(keys.subspan(first, count), key_of, std::span(found).subspan(first, count));
  }
  return found;
}

/// What find() does for one key is done for all of them step by step; each step asks memory for
/// what the next will read. Requires at most kTogether keys.
void KeyIndex::find_together(std::span<const std::string> keys, const FormOf& key_of,
                             std::span<std::vector<std::uint32_t>> found) const {
  struct Probe {
    std::uint64_t hash;
    std::size_t bucket;
    std::uint32_t first, end;  // of its entries
  };
  struct Fitting {
    std::size_t key;
    std::uint32_t id;
  };
  std::array<Probe, kTogether> probes;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::uint64_t hash = hash_bytes(keys[i]);
    probes[i] = {hash, bucket_of(hash, starts_.size() - 1), 0, 0};
    __builtin_prefetch(starts_.unproved().data() + probes[i].bucket);
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].empty()) continue;
    const auto bounds = starts_.slice(probes[i].bucket, probes[i].bucket + 2);
    probes[i].first = bounds[0];
    probes[i].end = bounds[1];
    __builtin_prefetch(tags_.unproved().data() + bounds[0]);
    __builtin_prefetch(ids_.unproved().data() + bounds[0]);
    __builtin_prefetch(ids_.unproved().data() + bounds[1]);
  }
  std::vector<Fitting> fitting;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto tags = tags_.slice(probes[i].first, probes[i].end);
    for (std::size_t at = 0; at < tags.size(); ++at) {
      if (tags[at] != tag_of(probes[i].hash)) continue;
      fitting.push_back({i, ids_[probes[i].first + at]});
      key_of.ask(fitting.back().id, FormOf::kWhere);
    }
  }
  for (const Fitting& each : fitting) key_of.ask(each.id, FormOf::kWhat);
  std::string own;
  for (const Fitting& each : fitting) {
    key_of(each.id, own);
    if (own == keys[each.key]) found[each.key].push_back(each.id);
  }
}

}  // namespace enlace
