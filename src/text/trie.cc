#include "text/trie.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"

namespace enlace {

/// Lays the nodes out depth first. Free units are kept in a doubly linked list; only those of the
/// last few blocks are offered, which keeps building linear.
class Trie::Builder {
 public:
  Builder(std::span<const std::string_view> keys, std::span<const std::int32_t> values)
      : keys_(keys), values_(values) {
    order_.reserve(keys.size());
    for (const std::string_view each : keys) {
      order_.push_back({first_bytes(each, 0), first_bytes(each, 8), std::uint32_t(each.size()),
                        std::uint32_t(order_.size())});
    }
    std::sort(order_.begin(), order_.end(), [&](const Entry& a, const Entry& b) {
      if (a.first != b.first) return a.first < b.first;
      if (a.second != b.second) return a.second < b.second;
      const int order = keys[a.place].compare(keys[b.place]);
      return order != 0 ? order < 0 : a.place < b.place;
    });
    units_.assign(kBlock, kUnused);
    base_taken_.assign(kBlock, true);
    next_.assign(kBlock, 0);
    previous_.assign(kBlock, 0);
  }

  void build(Trie& trie) {
    trie.root_ = pack(0, kNoValue, 0);
    std::vector<Range> open = {{0, order_.size(), 0, kRootUnit}};
    while (!open.empty()) {
      Range range = open.back();
      open.pop_back();
      State value = kNoValue;
      for (; range.begin < range.end && order_[range.begin].size == range.depth; ++range.begin) {
        if (range.depth > 0) value = State(values_[order_[range.begin].place]);
      }
      const std::size_t first_child = open.size();
      for (std::size_t begin = range.begin; begin < range.end;) {
        const unsigned char byte = byte_of(begin, range.depth);
        std::size_t end = begin + 1;
        while (end < range.end && byte_of(end, range.depth) == byte) ++end;
        open.push_back({begin, end, range.depth + 1, byte});
        begin = end;
      }
      const std::span<Range> children = std::span(open).subspan(first_child);
      const std::uint32_t base = children.empty() ? 0 : place(children);
      State& unit = range.unit == kRootUnit ? trie.root_ : units_[range.unit];
      unit = pack(base, value, unit >> kLabelShift);
      std::reverse(children.begin(), children.end());
    }
    trie.units_ = std::move(units_);
  }

 private:
  static constexpr std::size_t kBlock = 256;
  static constexpr std::size_t kOpenBlocks = 16;
  static constexpr State kUnusedLabel = 0x100;
  static constexpr State kUnused = kUnusedLabel << kLabelShift | kNoValue << kValueShift;
  static constexpr std::uint32_t kRootUnit = UINT32_MAX;

  /// Keys [begin, end) in order share their first `depth` bytes, which lead to `unit`. Until the
  /// node is placed, `unit` holds the byte that leads to it.
  struct Range {
    std::size_t begin;
    std::size_t end;
    std::size_t depth;
    std::uint32_t unit;
  };

  /// A key with its first sixteen bytes as numbers, which order most keys without a look at them.
  struct Entry {
    std::uint64_t first, second;
    std::uint32_t size, place;
  };

  /// Eight bytes of `key` from `begin` on, zeros past its end.
  static std::uint64_t first_bytes(std::string_view key, std::size_t begin) {
    std::uint64_t bytes = 0;
    for (std::size_t i = begin; i < begin + 8; ++i) {
      bytes = bytes << 8 | (i < key.size() ? static_cast<unsigned char>(key[i]) : 0U);
    }
    return bytes;
  }

  /// Byte `at` of the key that is i-th in order, which has as many.
  unsigned char byte_of(std::size_t i, std::size_t at) const {
    const Entry& entry = order_[i];
    if (at >= 16) return static_cast<unsigned char>(keys_[entry.place][at]);
    return static_cast<unsigned char>((at < 8 ? entry.first : entry.second) >> (56 - at % 8 * 8));
  }

  static State pack(std::uint32_t base, State value, State label) {
    return State(base) | value << kValueShift | label << kLabelShift;
  }

  bool fits(std::uint32_t base, std::span<const Range> children) const {
    if (base_taken_[base]) return false;
    return std::all_of(children.begin(), children.end(),
                       [&](const Range& child) { return units_[base ^ child.unit] == kUnused; });
  }

  /// Gives each child its unit and returns their base.
  std::uint32_t place(std::span<Range> children) {
    std::uint32_t base = 0;
    for (std::uint32_t free = next_[0]; free != 0 && base == 0; free = next_[free]) {
      const std::uint32_t candidate = free ^ children.front().unit;
      if (fits(candidate, children)) base = candidate;
    }
    if (base == 0) {
      base = std::uint32_t(units_.size());
      add_block();
    }
    base_taken_[base] = true;
    for (Range& child : children) {
      const std::uint32_t label = child.unit;
      child.unit = base ^ label;
      unlink(child.unit);
      units_[child.unit] = pack(0, kNoValue, label);
    }
    return base;
  }

  void add_block() {
    const auto begin = std::uint32_t(units_.size());
    if (begin + kBlock > kBaseMask) {
      throw Error(ErrorKind::kUnsupported, "vocabulary: expected at most 2^24 trie units");
    }
    units_.resize(begin + kBlock, kUnused);
    base_taken_.resize(begin + kBlock, false);
    next_.resize(begin + kBlock);
    previous_.resize(begin + kBlock);
    for (auto unit = begin; unit < begin + kBlock; ++unit) {  // to the end of the list
      previous_[unit] = previous_[0];
      next_[previous_[0]] = unit;
      next_[unit] = 0;
      previous_[0] = unit;
    }
    if (begin > kOpenBlocks * kBlock) {
      const std::size_t closed = begin - kOpenBlocks * kBlock;
      while (next_[0] != 0 && next_[0] < closed) unlink(next_[0]);
    }
  }

  void unlink(std::uint32_t unit) {
    next_[previous_[unit]] = next_[unit];
    previous_[next_[unit]] = previous_[unit];
  }

  std::span<const std::string_view> keys_;
  std::span<const std::int32_t> values_;
  std::vector<Entry> order_;  // by key, then by place
  std::vector<State> units_;
  std::vector<bool> base_taken_;
  std::vector<std::uint32_t> next_, previous_;  // of free units; 0 is the head
};

Trie::Trie(std::span<const std::string_view> keys, std::span<const std::int32_t> values) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].size() > kMaxKeySize) {
      throw Error(ErrorKind::kUnsupported,
                  "vocabulary: expected pieces of at most {} bytes, "
                  "found {}",
                  kMaxKeySize, keys[i].size());
    }
    if (values[i] < 0 || values[i] > kMaxValue) {
      throw Error(ErrorKind::kUnsupported, "vocabulary: expected ids of at most {}, found {}",
                  kMaxValue, values[i]);
    }
  }
  Builder(keys, values).build(*this);
}

Trie Trie::of_places(std::span<const std::string_view> keys) {
  std::vector<std::int32_t> places(keys.size());
  std::iota(places.begin(), places.end(), 0);
  return Trie(keys, places);
}

std::int32_t Trie::find(std::string_view key) const noexcept {
  State state = root_;
  for (const char byte : key) {
    if (!step(state, byte)) return -1;
  }
  return has_value(state) ? value(state) : -1;
}

}  // namespace enlace
