// How fast this machine multiplies and reads: what every speed is a share of.
#pragma once

#include <cstddef>

namespace enlace {

/// Rates of all workers together.
struct MachinePeaks {
  double f32 = 0, bf16 = 0, int8 = 0;  // products with a panel in the first cache, operations/s
  double read = 0;                     // of memory, bytes/s
};

/// Measures the products of products() and the reading of memory with `workers` threads, about a
/// quarter of a second in all: the best of several short runs. Takes 64 MB a worker meanwhile.
/// An operation is a multiplication or an addition.
MachinePeaks measure_peaks(std::size_t workers);

}  // namespace enlace
