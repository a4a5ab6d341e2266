#include "index/ngram_index.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/error.h"

namespace enlace {

using namespace ngram_format;  // NOLINT(google-build-using-namespace): the bytes of this file

namespace {

constexpr float kMostLog = 64;  // more than the logarithm of any count, with 1 added

/// Whether `starts` cut `size` items into `count` runs.
bool cuts(std::span<const std::uint64_t> starts, std::size_t count, std::size_t size) {
  return starts.size() == count + 1 && starts.front() == 0 && starts.back() == size &&
         std::is_sorted(starts.begin(), starts.end());
}

template <class T>
bool rises(std::span<const T> values) {
  return std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end();
}

/// Whether all values are numbers in [least, most].
bool within(std::span<const float> values, float least, float most) {
  return std::ranges::all_of(values, [=](float v) { return v >= least && v <= most; });
}

/// Whether all ids are below `bound`, by their greatest, several at a time.
template <class Id>
bool below(std::span<const Id> ids, std::size_t bound) {
  Id greatest[4] = {0, 0, 0, 0};
  std::size_t i = 0;
  for (; i + 4 <= ids.size(); i += 4) {
    for (std::size_t j = 0; j < 4; ++j) greatest[j] = std::max(greatest[j], ids[i + j]);
  }
  for (; i < ids.size(); ++i) greatest[0] = std::max(greatest[0], ids[i]);
  return ids.empty() || *std::max_element(greatest, greatest + 4) < bound;
}

bool below(std::span<const Extra> extras, std::size_t bound) {
  return std::ranges::all_of(extras, [=](const Extra& extra) {
    return extra.id < bound && extra.gain >= 0 && extra.gain <= kMostLog;
  });
}

}  // namespace

NgramIndex NgramIndex::open(const std::filesystem::path& path) {
  return NgramIndex(SectionFile::open(path, kKind));
}

NgramIndex::NgramIndex(SectionFile file)
    : file_(std::move(file)),
      lengths_(file_.value<NgramLengths>("lengths")),
      keys_(file_.array<NgramKey>("keys")),
      slots_(file_.array<std::uint32_t>("slots")),
      idf_(file_.array<float>("idf")),
      peaks_(file_.array<float>("peaks")),
      scales_(file_.array<float>("scales")),
      row_starts_(file_.array<std::uint64_t>("row starts")),
      row_terms_(file_.array<std::uint32_t>("row terms")),
      row_extra_starts_(file_.array<std::uint64_t>("row extra starts")),
      row_extras_(file_.array<Extra>("row extras")),
      list_starts_(file_.array<std::uint64_t>("list starts")),
      lists_(file_.array<List>("lists")),
      postings_(file_.array<std::uint16_t>("postings")),
      bitmaps_(file_.array<std::uint64_t>("bitmaps")),
      extra_starts_(file_.array<std::uint64_t>("extra starts")),
      extras_(file_.array<Extra>("extras")) {
  check();
  alphabet_ = Alphabet(file_.array<std::uint32_t>("letters"));
}

void NgramIndex::check() const {
  const auto require = [&](bool holds, std::string_view complaint) {
    if (!holds) throw Error(ErrorKind::kCorrupt, "{}: {}", file_.name(), complaint);
  };
  const auto letters = file_.array<std::uint32_t>("letters");
  require(lengths_.valid(), "expected lengths of n-grams from 1 to 4");
  require(!row_starts_.empty(), "expected row starts");
  const std::size_t T = terms(), n = size();
  require(n < kFree && T < kFree, "expected fewer rows and terms than a number can tell");
  require(letters.size() <= kMaxLetters && rises(letters), "expected rising letters");
  require(rises(keys_), "expected rising keys");
  require(std::has_single_bit(slots_.size()) && slots_.size() >= 2 * T,
          "expected a power of two of slots, at least two per term");
  require(std::size_t(std::ranges::count_if(slots_, [&](auto t) { return t < T; })) == T &&
              std::size_t(std::ranges::count(slots_, kFree)) == slots_.size() - T,
          "expected one slot per term");
  require(idf_.size() == T && within(idf_, 1, kMostLog), "expected one idf of at least 1 per term");
  require(peaks_.size() == T && within(peaks_, 1, kMostLog),
          "expected one peak of at least 1 per term");
  require(scales_.size() == (n + kGroup - 1) / kGroup * kGroup && within(scales_, 0, 1),
          "expected one scale from 0 to 1 per row");
  require(within(scales_.subspan(n), 0, 0), "expected scales of 0 after the last row");
  require(cuts(row_starts_, n, row_terms_.size()), "row starts out of range");
  require(below(row_terms_, T), "term of a row out of range");
  require(cuts(row_extra_starts_, n, row_extras_.size()), "row extra starts out of range");
  require(below(row_extras_, T), "extra of a row out of range");
  require(cuts(list_starts_, T, lists_.size()), "list starts out of range");
  require(cuts(extra_starts_, T, extras_.size()), "extra starts out of range");
  require(below(extras_, n), "extra of a term out of range");
  check_lists();
}

void NgramIndex::check_lists() const {
  const auto require = [&](bool holds, std::string_view complaint) {
    if (!holds) throw Error(ErrorKind::kCorrupt, "{}: {}", file_.name(), complaint);
  };
  const std::size_t blocks = (size() + kBlockRows - 1) / kBlockRows;
  for (std::size_t term = 0; term < terms(); ++term) {
    for (std::size_t i = list_starts_[term]; i < list_starts_[term + 1]; ++i) {
      const List& list = lists_[i];
      require(list.block < blocks, "block of a list out of range");
      require(i == list_starts_[term] || list.block > lists_[i - 1].block,
              "expected the lists of a term by block");
      // In all blocks but the last, every u16 is a row.
      const std::size_t rows = std::min(kBlockRows, size() - list.block * kBlockRows);
      if (list.size >= kDenseSize) {
        require(list.size <= rows && list.begin <= bitmaps_.size() &&
                    kBitmapWords <= bitmaps_.size() - list.begin,
                "bitmap out of range");
      } else {
        require(list.begin <= postings_.size() && list.size <= postings_.size() - list.begin,
                "postings out of range");
        require(rows == kBlockRows || below(postings_.subspan(list.begin, list.size), rows),
                "row of a list out of range");
      }
    }
  }
}

std::uint32_t NgramIndex::find_term(NgramKey key) const noexcept {
  // Half of the slots are free, so that this ends.
  std::size_t slot = first_slot(key, slots_.size());
  while (slots_[slot] != kFree && keys_[slots_[slot]] != key)
    slot = (slot + 1) & (slots_.size() - 1);
  return slots_[slot];
}

NgramQuery NgramIndex::prepare(std::string_view query) const {
  std::vector<NgramKey> keys;
  append_ngrams(query, alphabet_, lengths_, keys);
  std::vector<std::uint32_t> found;
  for (const NgramKey key : keys) {
    const std::uint32_t term = find_term(key);
    if (term != kFree) found.push_back(term);
  }
  std::ranges::sort(found);

  // In floating point first: weight x idf, and the most that a row can add up to.
  std::vector<double> weights;
  NgramQuery prepared;
  double squares = 0, peak = 0;
  for (std::size_t i = 0, end = 0; i < found.size(); i = end) {
    while (end < found.size() && found[end] == found[i]) ++end;
    const double idf = double(idf_[found[i]]);
    const double weight = (1 + std::log(double(end - i))) * idf;
    squares += weight * weight;
    peak += weight * idf * double(peaks_[found[i]]);
    weights.push_back(weight * idf);
    prepared.terms.push_back({found[i], 0});
  }
  if (found.empty()) return prepared;
  // Less than 2^31: each product with a count is rounded once, so there is room for the terms
  // twice.
  const double units = (0x1p31 - 2 - 2 * double(weights.size())) / peak;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    prepared.terms[i].weight = static_cast<std::int32_t>(std::lround(weights[i] * units));
  }
  prepared.unit = static_cast<float>(1 / (units * std::sqrt(squares)));
  return prepared;
}

std::int32_t NgramIndex::sum_of_row(std::uint32_t row,
                                    const std::vector<std::int32_t>& weights) const noexcept {
  std::uint32_t sum = 0;  // of the weights' bits: a file that disagrees with itself may overflow
  for (std::size_t i = row_starts_[row]; i < row_starts_[row + 1]; ++i) {
    sum += static_cast<std::uint32_t>(weights[row_terms_[i]]);
  }
  for (std::size_t i = row_extra_starts_[row]; i < row_extra_starts_[row + 1]; ++i) {
    const Extra extra = row_extras_[i];
    sum += static_cast<std::uint32_t>(gained(weights[extra.id], extra.gain));
  }
  return static_cast<std::int32_t>(sum);
}

std::vector<float> NgramIndex::score(const NgramQuery& query, std::span<const std::uint32_t> rows,
                                     NgramWorkspace& workspace) const {
  auto& weights = workspace.weights;
  std::vector<float> scores;
  scores.reserve(rows.size());
  if (weights.size() < terms()) weights.resize(terms());
  for (const auto& term : query.terms) weights[term.term] = term.weight;
  for (const std::uint32_t row : rows) {
    scores.push_back(float(sum_of_row(row, weights)) * scales_[row] * query.unit);
  }
  for (const auto& term : query.terms) weights[term.term] = 0;
  return scores;
}

}  // namespace enlace
