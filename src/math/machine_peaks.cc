#include "math/machine_peaks.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "math/packed_matrix.h"

namespace enlace {
namespace {

constexpr std::size_t kRows = 48;
constexpr std::size_t kDepth = 256;
constexpr int kRuns = 6;
constexpr double kRunSeconds = 0.01;
constexpr std::size_t kReadBytes = 64U << 20;  // beyond the caches

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// The best rate of `work`, which returns how much it did, over short runs.
template <class Work>
double best_rate(const Work& work) {
  double best = 0;
  for (int run = 0; run < kRuns; ++run) {
    const double start = seconds();
    double done = 0, elapsed = 0;
    do {
      done += work();
      elapsed = seconds() - start;
    } while (elapsed < kRunSeconds);
    best = std::max(best, done / elapsed);
  }
  return best;
}

/// Values from `first` on that are not all alike: some processors are faster on zeros.
template <class T>
Memory<T> filled(std::size_t count, T first, T step) {
  auto values = allocate<T>(count);
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = static_cast<T>(first + step * static_cast<T>(i % 61));
  }
  return values;
}

template <class C, class A, class B>
double product_rate(void (*multiply)(const A*, std::size_t, std::size_t, const B*, std::size_t, C*,
                                     std::size_t) noexcept,
                    A first, A step_a, B step_b) {
  const auto a = filled<A>(kRows * kDepth, first, step_a);
  const auto panel = filled<B>(kPanelWidth * kDepth, static_cast<B>(first), step_b);
  const auto c = allocate<C>(kRows * kPanelWidth);
  const ProductScope scope;
  return best_rate([&] {
    constexpr int kTimes = 20;
    for (int i = 0; i < kTimes; ++i) {
      multiply(a.get(), kDepth, kRows, panel.get(), kDepth, c.get(), kPanelWidth);
    }
    return 2.0 * kTimes * double(kRows) * double(kPanelWidth) * double(kDepth);
  });
}

double read_rate() {
  const auto memory = filled<std::uint64_t>(kReadBytes / sizeof(std::uint64_t), 0, 3);
  volatile std::uint64_t kept = 0;
  return best_rate([&] {
    std::uint64_t sums[8] = {};
    for (std::size_t i = 0; i < kReadBytes / sizeof(std::uint64_t); i += 8) {
      for (std::size_t j = 0; j < 8; ++j) sums[j] += memory[i + j];
    }
    kept = kept + sums[0] + sums[1] + sums[2] + sums[3] + sums[4] + sums[5] + sums[6] + sums[7];
    return double(kReadBytes);
  });
}

/// The sum of what `measure` gives on each of `workers` threads at once.
template <class Measure>
double together(std::size_t workers, const Measure& measure) {
  std::vector<double> rates(workers);
  std::vector<std::thread> threads;
  for (std::size_t worker = 1; worker < workers; ++worker) {
    threads.emplace_back([&, worker] { rates[worker] = measure(); });
  }
  rates[0] = measure();
  for (std::thread& thread : threads) thread.join();
  double sum = 0;
  for (const double rate : rates) sum += rate;
  return sum;
}

}  // namespace

MachinePeaks measure_peaks(std::size_t workers) {
  const Products& table = products();
  MachinePeaks peaks;
  peaks.f32 =
      together(workers, [&] { return product_rate(table.multiply_f32, 1.0F, 0.5F, 0.25F); });
  constexpr Bf16 kOne = 0x3F80;  // whose next ones are far from subnormal numbers, which are slow
  peaks.bf16 =
      together(workers, [&] { return product_rate(table.multiply_bf16, kOne, Bf16{1}, Bf16{2}); });
  peaks.int8 = together(workers, [&] {
    return product_rate(table.multiply_narrow_int8, std::uint8_t{1}, std::uint8_t{3},
                        std::int8_t{1});
  });
  peaks.read = together(workers, read_rate);
  return peaks;
}

}  // namespace enlace
