// Values by key, in memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace enlace {

/// Keys that look random and are not 0 (index/ngram_keys.h), each with a value. Not thread-safe.
template <class Value>
class TermMap {
 public:
  struct Entry {
    std::uint64_t key;  // 0 where free
    Value value;
  };

  std::size_t size() const noexcept { return size_; }

  /// Makes room for `terms`, and asks the memory for those it will look for.
  void reserve(std::size_t terms) {
    std::size_t slots = entries_.size();
    while (slots - slots / 4 <= terms) slots *= 2;
    if (slots != entries_.size()) rehash(slots);
  }
  void prefetch(std::uint64_t key) const noexcept { __builtin_prefetch(&entries_[home(key)]); }

  /// The value of `key`, which is added if it is new; valid until the next call.
  Value& operator[](std::uint64_t key) {
    std::size_t slot = slot_of(key);
    if (entries_[slot].key == 0) {
      reserve(size_ + 1);
      slot = slot_of(key);
      entries_[slot].key = key;
      ++size_;
    }
    return entries_[slot].value;
  }
  /// Requires that the key is there.
  const Value& at(std::uint64_t key) const noexcept { return entries_[slot_of(key)].value; }

  /// All entries by rising key; leaves none behind.
  std::vector<Entry> take_sorted() {
    std::vector<Entry> entries = std::move(entries_);
    *this = {};
    std::erase_if(entries, [](const Entry& entry) { return entry.key == 0; });
    std::ranges::sort(entries, {}, &Entry::key);
    return entries;
  }

 private:
  std::size_t home(std::uint64_t key) const noexcept { return key & (entries_.size() - 1); }

  /// The slot of `key`, or the free one where it belongs: one in four is free.
  std::size_t slot_of(std::uint64_t key) const noexcept {
    std::size_t slot = home(key);
    while (entries_[slot].key != 0 && entries_[slot].key != key) {
      slot = (slot + 1) & (entries_.size() - 1);
    }
    return slot;
  }

  void rehash(std::size_t slots) {
    const std::vector<Entry> entries = std::exchange(entries_, std::vector<Entry>(slots));
    for (const Entry& entry : entries) {
      if (entry.key != 0) entries_[slot_of(entry.key)] = entry;
    }
  }

  std::vector<Entry> entries_ = std::vector<Entry>(1024);
  std::size_t size_ = 0;
};

}  // namespace enlace
