// The loops over bit trees that the tables of math/sparse_kernels.h share; they differ in how a
// byte of bits adds a weight to eight sums.
//
// Everything is local to the file that includes it, and compiled for its instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

#include "math/sparse_kernels.h"

namespace enlace {
namespace {

constexpr std::uint32_t kMissing = 0xFFFFFFFF;
constexpr std::size_t kAheadBytes = 512;  // from those read that are asked of memory

inline std::uint32_t ones(std::uint64_t word) noexcept {
  return static_cast<std::uint32_t>(__builtin_popcountll(word));
}

/// The bits of the word below its lowest one.
inline std::uint64_t below(std::uint64_t word) noexcept {
  return (word & -word) - 1;
}

inline std::uint32_t ones(const std::uint8_t* bytes, std::size_t count) noexcept {
  std::uint32_t found = 0;
  std::uint64_t word;
  for (; count >= sizeof word; count -= sizeof word, bytes += sizeof word) {
    __builtin_memcpy(&word, bytes, sizeof word);
    found += ones(word);
  }
  for (; count > 0; --count, ++bytes) found += ones(std::uint64_t{*bytes});
  return found;
}

/// SparseKernels::add_middle. Calls add(top, bytes, sums) for every word of top that is not 0, with
/// its bytes and its 512 sums; it returns how many bits the bytes have.
template <class Add>
void walk_middle(const BitTree& tree, std::size_t first, std::size_t end, std::uint8_t* sums,
                 TreePlace* places, const Add& add) noexcept {
  std::uint32_t groups = places[first].groups, octets = places[first].octets;
  for (std::size_t word = first; word < end; ++word) {
    const std::uint64_t top = tree.top[word];
    const std::uint32_t here = ones(top);
    if (groups == kMissing || here > tree.middles - groups) {
      for (; word <= end; ++word) places[word] = {kMissing, kMissing};
      return;
    }
    places[word] = {groups, octets};
    // In another call, perhaps, after those for other trees.
    __builtin_prefetch(tree.top + word + kAheadBytes / sizeof(std::uint64_t));
    __builtin_prefetch(tree.middle + groups + kAheadBytes);
    if (here == 0) continue;
    octets += add(top, tree.middle + groups, sums + 512 * word);
    groups += here;
  }
  places[end] = {groups, octets};
}

/// SparseKernels::add_low. Calls add(byte, sums) for every byte of low that is chosen, with its
/// eight sums.
template <class Add>
void walk_low(const BitTree& tree, const TreePlace* places, const ChosenOctets& chosen,
              std::uint16_t* sums, const Add& add) noexcept {
  for (std::size_t i = 0; i < chosen.word_count; ++i) {
    const std::size_t word = chosen.words[i];
    if (places[word].groups == kMissing) return;
    const std::uint64_t top = tree.top[word];
    std::uint64_t hits = top & chosen.groups[word];
    const std::uint8_t* const bytes = tree.middle + places[word].groups;
    const std::uint8_t* done = bytes;
    std::size_t low = places[word].octets;
    for (; hits != 0; hits &= hits - 1) {
      const std::uint8_t* byte = bytes + ones(top & below(hits));
      low += ones(done, std::size_t(byte - done));
      done = byte;
      const auto group = std::size_t(__builtin_ctzll(hits));
      const std::size_t at = 8 * word + group / 8;
      const std::uint64_t octets = chosen.octets[at];
      const std::uint64_t of_group = octets >> group % 8 * 8 & 0xFF;
      const std::size_t slot =
          chosen.before[at] + ones(octets & ((std::uint64_t{1} << group % 8 * 8) - 1));
      for (std::uint64_t both = *byte & of_group; both != 0; both &= both - 1) {
        const std::size_t from = low + ones(*byte & below(both));
        if (from >= tree.lows) return;
        add(tree.low[from], sums + 8 * (slot + ones(of_group & below(both))));
      }
    }
  }
}

}  // namespace
}  // namespace enlace
