#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <iterator>
#include <numeric>

#include "base/error.h"
#include "base/parallel.h"
#include "index/ngram_index.h"

namespace enlace {

using namespace ngram_format;  // NOLINT(google-build-using-namespace): the bytes of this file

namespace {

using Strings = std::span<const std::string_view>;

constexpr std::size_t kChunkRows = 4096;  // what a worker takes at a time

std::vector<std::uint32_t> letters_of(Strings strings, const std::filesystem::path& path) {
  std::vector<bool> seen(0x110000);
  for (const std::string_view text : strings) {
    for (std::size_t at = 0; at < text.size();) {
      const CodePoint c = decode_utf8(text, at);
      seen[is_space(c.value) ? U' ' : c.value] = true;
      at += c.size;
    }
    if (!text.empty()) seen[U' '] = true;  // what words are padded with
  }
  std::vector<std::uint32_t> letters;
  for (std::uint32_t c = 0; c < seen.size(); ++c) {
    if (seen[c]) letters.push_back(c);
  }
  if (letters.size() > kMaxLetters) {
    throw Error(ErrorKind::kUnsupported, "{}: expected at most {} distinct code points, found {}",
                path.string(), kMaxLetters, letters.size());
  }
  return letters;
}

/// The n-grams of some consecutive rows: distinct within a row, rising, with their counts.
struct Chunk {
  std::vector<std::uint32_t> row_sizes;
  std::vector<NgramKey> keys;
  std::vector<std::uint32_t> counts;
};

Chunk read_chunk(Strings strings, const Alphabet& alphabet, NgramLengths lengths) {
  Chunk chunk;
  std::vector<NgramKey> keys;
  for (const std::string_view text : strings) {
    keys.clear();
    append_ngrams(text, alphabet, lengths, keys);
    std::ranges::sort(keys);
    const std::size_t before = chunk.keys.size();
    for (std::size_t i = 0, end = 0; i < keys.size(); i = end) {
      while (end < keys.size() && keys[end] == keys[i]) ++end;
      chunk.keys.push_back(keys[i]);
      chunk.counts.push_back(static_cast<std::uint32_t>(end - i));
    }
    chunk.row_sizes.push_back(static_cast<std::uint32_t>(chunk.keys.size() - before));
  }
  return chunk;
}

/// Distinct keys, numbered in the order of their arrival, and how many rows have each.
class Vocabulary {
 public:
  void add(NgramKey key) {
    if (2 * (keys_.size() + 1) > slots_.size()) grow();
    const std::size_t slot = slot_of(key);
    if (slots_[slot] == kFree) {
      slots_[slot] = static_cast<std::uint32_t>(keys_.size());
      keys_.push_back(key);
      frequencies_.push_back(0);
    }
    ++frequencies_[slots_[slot]];
  }

  /// Numbers the keys in rising order.
  void sort() {
    std::vector<std::uint32_t> order(keys_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, {}, [&](std::uint32_t i) { return keys_[i]; });
    const auto in_order = [&](const auto& values) {
      auto sorted = values;
      for (std::size_t i = 0; i < order.size(); ++i) sorted[i] = values[order[i]];
      return sorted;
    };
    keys_ = in_order(keys_);
    frequencies_ = in_order(frequencies_);
    fill(std::bit_ceil(std::max<std::size_t>(1, 2 * keys_.size())));
  }

  std::uint32_t term(NgramKey key) const { return slots_[slot_of(key)]; }
  const std::vector<NgramKey>& keys() const { return keys_; }
  const std::vector<std::uint32_t>& frequencies() const { return frequencies_; }
  const std::vector<std::uint32_t>& slots() const { return slots_; }

 private:
  /// The slot of `key`, or the free one where it belongs.
  std::size_t slot_of(NgramKey key) const {
    std::size_t slot = first_slot(key, slots_.size());
    while (slots_[slot] != kFree && keys_[slots_[slot]] != key) {
      slot = (slot + 1) & (slots_.size() - 1);
    }
    return slot;
  }

  void grow() { fill(2 * slots_.size()); }

  void fill(std::size_t slots) {
    slots_.assign(slots, kFree);
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      slots_[slot_of(keys_[i])] = static_cast<std::uint32_t>(i);
    }
  }

  std::vector<NgramKey> keys_;
  std::vector<std::uint32_t> frequencies_;
  std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(1024, kFree);
};

/// What the rows are made of, by row.
struct Rows {
  std::vector<float> scales;
  std::vector<std::uint64_t> starts{0}, extra_starts{0};
  std::vector<std::uint32_t> terms;
  std::vector<Extra> extras;
};

std::vector<float> idf_of(const Vocabulary& vocabulary, std::size_t n) {
  std::vector<float> idf;
  for (const std::uint32_t df : vocabulary.frequencies()) {
    idf.push_back(static_cast<float>(1 + std::log(double(1 + n) / (1 + double(df)))));
  }
  return idf;
}

/// Appends the rows of `chunk`, whose keys are `terms`.
void append_rows(const Chunk& chunk, const std::vector<std::uint32_t>& terms,
                 const std::vector<float>& idf, Rows& rows) {
  std::size_t at = 0;
  for (const std::uint32_t size : chunk.row_sizes) {
    double sum = 0;
    for (const std::size_t end = at + size; at < end; ++at) {
      double weight = double(idf[terms[at]]);
      if (chunk.counts[at] > 1) {
        const double gain = std::log(double(chunk.counts[at]));
        rows.extras.push_back({terms[at], static_cast<float>(gain)});
        weight *= 1 + gain;
      }
      sum += weight * weight;
    }
    rows.scales.push_back(sum > 0 ? static_cast<float>(1 / std::sqrt(sum)) : 0);
    rows.starts.push_back(rows.starts.back() + size);
    rows.extra_starts.push_back(rows.extras.size());
  }
  rows.terms.insert(rows.terms.end(), terms.begin(), terms.end());
}

/// The same, by term.
struct Lists {
  std::vector<std::uint64_t> starts{0}, extra_starts;
  std::vector<List> lists;
  std::vector<std::uint16_t> postings;
  std::vector<std::uint64_t> bitmaps;
  std::vector<Extra> extras;
  std::vector<float> peaks;
};

/// Adds the lists of one term, which `rows` have.
void append_lists(std::span<const std::uint32_t> rows, Lists& lists) {
  while (!rows.empty()) {
    const std::uint32_t block = rows.front() / kBlockRows;
    const auto end =
        std::ranges::find_if(rows, [=](std::uint32_t row) { return row / kBlockRows != block; });
    const auto size = std::size_t(end - rows.begin());
    const bool dense = size >= kDenseSize;
    lists.lists.push_back({dense ? lists.bitmaps.size() : lists.postings.size(), block,
                           static_cast<std::uint32_t>(size)});
    if (dense) lists.bitmaps.resize(lists.bitmaps.size() + kBitmapWords);
    for (const std::uint32_t row : rows.first(size)) {
      const std::size_t within = row % kBlockRows;
      if (dense) {
        lists.bitmaps[lists.lists.back().begin + within / 64] |= std::uint64_t{1} << within % 64;
      } else {
        lists.postings.push_back(static_cast<std::uint16_t>(within));
      }
    }
    rows = rows.subspan(size);
  }
  lists.starts.push_back(lists.lists.size());
}

/// Where each term's run begins, from how long it is; one more for the end.
std::vector<std::uint64_t> starts_of(const std::vector<std::uint32_t>& sizes) {
  std::vector<std::uint64_t> starts{0};
  for (const std::uint32_t size : sizes) starts.push_back(starts.back() + size);
  return starts;
}

Lists invert(const Rows& rows, const std::vector<std::uint32_t>& frequencies) {
  const std::size_t T = frequencies.size(), n = rows.scales.size();
  const auto starts = starts_of(frequencies);
  auto next = starts;
  std::vector<std::uint32_t> rows_by_term(rows.terms.size());
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t i = rows.starts[row]; i < rows.starts[row + 1]; ++i) {
      rows_by_term[next[rows.terms[i]]++] = static_cast<std::uint32_t>(row);
    }
  }
  Lists lists;
  for (std::size_t term = 0; term < T; ++term) {
    append_lists(std::span(rows_by_term).subspan(starts[term], frequencies[term]), lists);
  }

  std::vector<std::uint32_t> sizes(T);
  for (const Extra& extra : rows.extras) ++sizes[extra.id];
  lists.extra_starts = starts_of(sizes);
  lists.extras.resize(rows.extras.size());
  lists.peaks.assign(T, 1);
  next = lists.extra_starts;
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t i = rows.extra_starts[row]; i < rows.extra_starts[row + 1]; ++i) {
      const auto [term, gain] = rows.extras[i];
      lists.extras[next[term]++] = {static_cast<std::uint32_t>(row), gain};
      lists.peaks[term] = std::max(lists.peaks[term], 1 + gain);
    }
  }
  return lists;
}

}  // namespace

std::uint64_t write_ngram_index(const std::filesystem::path& path, Strings strings,
                                std::uint64_t made_from, const NgramIndexOptions& options,
                                const Progress& progress) {
  assert(options.lengths.valid());
  const std::size_t n = strings.size();
  if (n >= kFree) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected fewer than {} strings, found {}",
                path.string(), kFree, n);
  }
  const auto letters = letters_of(strings, path);
  const Alphabet alphabet(letters);
  std::vector<Chunk> chunks((n + kChunkRows - 1) / kChunkRows);
  parallel_for(options.workers, chunks.size(), [&](std::size_t worker, std::size_t i) {
    if (worker == 0) progress.tell("reading n-grams", i * kChunkRows, n);
    const std::size_t first = i * kChunkRows;
    chunks[i] = read_chunk(strings.subspan(first, std::min(kChunkRows, n - first)), alphabet,
                           options.lengths);
  });

  Vocabulary vocabulary;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    progress.tell("counting n-grams", i * kChunkRows, n);
    for (const NgramKey key : chunks[i].keys) vocabulary.add(key);
  }
  vocabulary.sort();
  const auto idf = idf_of(vocabulary, n);

  Rows rows;
  std::vector<std::uint32_t> terms;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    progress.tell("weighting n-grams", i * kChunkRows, n);
    terms.clear();
    for (const NgramKey key : chunks[i].keys) terms.push_back(vocabulary.term(key));
    append_rows(chunks[i], terms, idf, rows);
    chunks[i] = {};
  }
  const Lists lists = invert(rows, vocabulary.frequencies());

  progress.tell("writing n-grams", n, n);
  SectionWriter file(path, kKind, made_from);
  file.add_value("lengths", options.lengths);
  file.add("letters", letters);
  file.add("keys", vocabulary.keys());
  file.add("slots", vocabulary.slots());
  file.add("idf", idf);
  file.add("peaks", lists.peaks);
  rows.scales.resize((n + kGroup - 1) / kGroup * kGroup);
  file.add("scales", rows.scales);
  file.add("row starts", rows.starts);
  file.add("row terms", rows.terms);
  file.add("row extra starts", rows.extra_starts);
  file.add("row extras", rows.extras);
  file.add("list starts", lists.starts);
  file.add("lists", lists.lists);
  file.add("postings", lists.postings);
  file.add("bitmaps", lists.bitmaps);
  file.add("extra starts", lists.extra_starts);
  file.add("extras", lists.extras);
  return file.finish();
}

}  // namespace enlace
