#include "text/trie.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "base/error.h"

namespace enlace {

/// Lays the nodes out depth first. Free units are kept in a doubly linked list; only those of the
/// last few blocks are offered, which keeps building linear and what it works in small.
class Trie::Builder {
 public:
  Builder(std::span<const std::string_view> keys, std::span<const std::int32_t> values)
      : keys_(keys), values_(values), window_(kWindow) {
    std::size_t bytes = 0;
    order_.reserve(keys.size());
    for (const std::string_view each : keys) {
      order_.push_back({eight_bytes(each, 0), eight_bytes(each, 8), std::uint32_t(each.size()),
                        std::uint32_t(order_.size())});
      bytes += each.size();
    }
    sort_order();
    // No more than this is likely to be needed; what is never written to takes no memory.
    units_.reserve(std::min<std::size_t>(bytes + 2 * kBlock, kBaseMask));
    units_.assign(kBlock, kUnused);
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
  static constexpr std::size_t kOpenBlocks = 4;
  static constexpr std::size_t kWindow = 2 * kOpenBlocks * kBlock;
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

  /// What is known of a unit while its block is open.
  struct Slot {
    std::uint32_t next, previous;  // free units; 0: none
    bool base_taken;
  };

  /// By key, then by place: a radix sort by the first eight bytes, and what agrees in them by the
  /// others.
  void sort_order() {
    std::vector<Entry> other(order_.size());
    for (unsigned shift = 0; shift < 64; shift += 8) {
      std::array<std::uint32_t, 257> starts{};
      for (const Entry& entry : order_) ++starts[(entry.first >> shift & 0xFF) + 1];
      std::partial_sum(starts.begin(), starts.end(), starts.begin());
      for (const Entry& entry : order_) other[starts[entry.first >> shift & 0xFF]++] = entry;
      order_.swap(other);
    }
    for (auto begin = order_.begin(); begin != order_.end();) {
      const auto end = std::find_if(
          begin, order_.end(), [&](const Entry& entry) { return entry.first != begin->first; });
      std::sort(begin, end, [&](const Entry& a, const Entry& b) {
        if (a.second != b.second) return a.second < b.second;
        const int order = keys_[a.place].compare(keys_[b.place]);
        return order != 0 ? order < 0 : a.place < b.place;
      });
      begin = end;
    }
  }

  /// Eight bytes of `key` from `begin` on, the first one highest, zeros past its end.
  static std::uint64_t eight_bytes(std::string_view key, std::size_t begin) {
    std::uint64_t bytes = 0;
    if (begin < key.size()) {
      std::memcpy(&bytes, key.data() + begin, std::min(key.size() - begin, sizeof bytes));
    }
    return __builtin_bswap64(bytes);
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

  Slot& slot(std::uint32_t unit) { return window_[unit % kWindow]; }

  bool fits(std::uint32_t base, std::span<const Range> children) {
    if (slot(base).base_taken) return false;
    return std::all_of(children.begin(), children.end(),
                       [&](const Range& child) { return units_[base ^ child.unit] == kUnused; });
  }

  /// Gives each child its unit and returns their base.
  std::uint32_t place(std::span<Range> children) {
    std::uint32_t base = 0;
    for (std::uint32_t free = first_free_; free != 0 && base == 0; free = slot(free).next) {
      const std::uint32_t candidate = free ^ children.front().unit;
      if (fits(candidate, children)) base = candidate;
    }
    if (base == 0) {
      base = std::uint32_t(units_.size());
      add_block();
    }
    slot(base).base_taken = true;
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
    for (auto unit = begin; unit < begin + kBlock; ++unit) {  // to the end of the list
      slot(unit) = {0, last_free_, false};
      (last_free_ != 0 ? slot(last_free_).next : first_free_) = unit;
      last_free_ = unit;
    }
    if (begin > kOpenBlocks * kBlock) {
      const std::size_t closed = begin - kOpenBlocks * kBlock;
      while (first_free_ != 0 && first_free_ < closed) unlink(first_free_);
    }
  }

  void unlink(std::uint32_t unit) {
    const auto [next, previous, taken] = slot(unit);
    (previous != 0 ? slot(previous).next : first_free_) = next;
    (next != 0 ? slot(next).previous : last_free_) = previous;
  }

  std::span<const std::string_view> keys_;
  std::span<const std::int32_t> values_;
  std::vector<Entry> order_;  // by key, then by place
  std::vector<State> units_;
  std::vector<Slot> window_;  // of the last units, each at its number modulo the size
  std::uint32_t first_free_ = 0, last_free_ = 0;  // units; 0: none
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
