// Accuracy at k, with what chance alone could have made of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace enlace {

/// Where the first right candidate of one mention stands: 1 is the best place, 0 is nowhere.
using Rank = std::uint32_t;

/// A share of the mentions and its 95 % interval.
struct Accuracy {
  double value = 0;
  double low = 0;
  double high = 0;
};

/// The share of `ranks` that are between 1 and k; of no ranks, NaN.
///
/// The interval is the percentile bootstrap (Efron and Tibshirani 1993, section 13.3) over
/// mentions: 1,000 resamples, from a fixed seed, so that equal ranks give equal intervals.
Accuracy accuracy_at(std::span<const Rank> ranks, std::size_t k);

}  // namespace enlace
