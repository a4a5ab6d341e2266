#include "base/sort_strings.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/parallel.h"

namespace enlace {
namespace {

struct Key {
  std::uint64_t bytes;  // eight bytes of the string, the first one highest; zeros beyond its end
  std::uint32_t id;
};

constexpr std::size_t kBuckets = 65536;  // of strings by their first two bytes
constexpr std::size_t kDeepest = 1024;   // bytes; strings that agree for longer are compared whole

using StringOf = std::function<std::string_view(std::uint32_t)>;

std::uint64_t eight_bytes(std::string_view text, std::size_t from) noexcept {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    bytes = bytes << 8 | (from + i < text.size() ? std::uint8_t(text[from + i]) : 0U);
  }
  return bytes;
}

/// Sorts keys whose strings agree in the bytes before `from`, and whose own bytes begin there.
void sort_keys(std::span<Key> keys, std::size_t from, const StringOf& string_of) {
  std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
    return a.bytes != b.bytes ? a.bytes < b.bytes : a.id < b.id;
  });
  for (std::size_t begin = 0; begin < keys.size();) {
    std::size_t end = begin + 1;
    while (end < keys.size() && keys[end].bytes == keys[begin].bytes) ++end;
    const auto run = keys.subspan(begin, end - begin);
    begin = end;
    if (run.size() == 1) continue;
    const bool all_go_on = std::all_of(run.begin(), run.end(), [&](const Key& key) {
      return string_of(key.id).size() >= from + 8;
    });
    if (!all_go_on || from >= kDeepest) {  // a string ends here, or holds zeros
      std::sort(run.begin(), run.end(), [&](const Key& a, const Key& b) {
        const std::string_view of_a = string_of(a.id);
        const std::string_view of_b = string_of(b.id);
        return of_a != of_b ? of_a < of_b : a.id < b.id;
      });
      continue;
    }
    for (Key& key : run) key.bytes = eight_bytes(string_of(key.id), from + 8);
    sort_keys(run, from + 8, string_of);
  }
}

/// Sorts by the first two bytes in one go and then, on several cores, within each such bucket.
void sort_many(std::vector<Key>& keys, const StringOf& string_of, std::size_t workers) {
  std::vector<std::size_t> starts(kBuckets + 1, 0);
  for (const Key& key : keys) ++starts[(key.bytes >> 48) + 1];
  for (std::size_t b = 1; b <= kBuckets; ++b) starts[b] += starts[b - 1];
  std::vector<Key> placed(keys.size());
  std::vector<std::size_t> next(starts);
  for (const Key& key : keys) placed[next[key.bytes >> 48]++] = key;
  keys = std::move(placed);
  parallel_for(workers, kBuckets, [&](std::size_t, std::size_t bucket) {
    sort_keys(std::span(keys).subspan(starts[bucket], starts[bucket + 1] - starts[bucket]), 0,
              string_of);
  });
}

}  // namespace

std::vector<std::uint32_t> sorted_order(std::size_t count, const StringOf& string_of,
                                        std::size_t workers) {
  std::vector<Key> keys(count);
  for (std::uint32_t id = 0; id < count; ++id) keys[id] = {eight_bytes(string_of(id), 0), id};
  if (count < kBuckets) {
    sort_keys(keys, 0, string_of);
  } else {
    sort_many(keys, string_of, workers);
  }
  std::vector<std::uint32_t> order(count);
  std::transform(keys.begin(), keys.end(), order.begin(), [](const Key& key) { return key.id; });
  return order;
}

}  // namespace enlace
