// The pieces of a batch that one thread takes through a layer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "math/packed_matrix.h"

namespace enlace {

/// Whole sequences of a batch. Its tokens have slots in arrays over the batch, from `slot` on: one
/// each, and then empty ones up to a multiple of kSlotUnit, so that chunks write tiles of their
/// own.
struct Chunk {
  std::size_t first_sequence, last_sequence;
  std::size_t first_row;  // in the batch
  std::size_t rows;
  std::size_t slot;

  std::size_t slots() const noexcept;
};

inline constexpr std::size_t kSlotUnit = 32;
inline constexpr std::size_t kChunkTokens = 256;

inline std::size_t Chunk::slots() const noexcept {
  return rounded_up(rows, kSlotUnit);
}

/// Sequences together as long as they have at most kChunkTokens tokens.
inline std::vector<Chunk> cut_into_chunks(std::span<const std::uint32_t> starts) {
  std::vector<Chunk> chunks;
  const std::size_t sequences = starts.size() - 1;
  std::size_t slot = 0;
  for (std::size_t first = 0; first < sequences;) {
    std::size_t last = first + 1;
    while (last < sequences && starts[last + 1] - starts[first] <= kChunkTokens) ++last;
    chunks.push_back({first, last, starts[first], starts[last] - starts[first], slot});
    slot += chunks.back().slots();
    first = last;
  }
  return chunks;
}

/// A batch and its chunks.
struct ChunkedBatch {
  std::vector<std::int32_t> ids;      // tokens, sequence after sequence
  std::vector<std::uint32_t> starts;  // of each sequence, and the end
  std::vector<Chunk> chunks;
  std::size_t slots = 0;  // of all chunks

  /// Copies; at least one sequence.
  void assign(std::span<const std::int32_t> all_ids, std::span<const std::uint32_t> all_starts) {
    ids.assign(all_ids.begin(), all_ids.end());
    starts.assign(all_starts.begin(), all_starts.end());
    chunks = cut_into_chunks(starts);
    slots = chunks.back().slot + chunks.back().slots();
  }

  std::size_t sequences() const noexcept { return starts.size() - 1; }
  std::size_t tokens_of(std::size_t sequence) const noexcept {
    return starts[sequence + 1] - starts[sequence];
  }
};

}  // namespace enlace
