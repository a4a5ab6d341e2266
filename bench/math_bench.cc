// How much of the processor's peak does a product with a packed matrix reach, per kernel table?
#include <cmath>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include "math/packed_matrix.h"

namespace enlace {
namespace {

std::vector<float> random_values(std::size_t count) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& value : values) value = normal(random);
  return values;
}

void multiply_panel(benchmark::State& state, const Kernels* table) {
  const auto m = std::size_t(state.range(0));
  const std::size_t k = 384;
  const auto a = random_values(m * k);
  const auto b = random_values(kPanelWidth * k);
  const PackedMatrix packed({b.data(), kPanelWidth, k});
  std::vector<float> c(m * kPanelWidth);
  std::vector<float> expected(c);
  kScalarKernels.multiply_panel(a.data(), k, m, packed.panel(0), k, expected.data(), kPanelWidth);
  table->multiply_panel(a.data(), k, m, packed.panel(0), k, c.data(), kPanelWidth);
  for (std::size_t i = 0; i < c.size(); ++i) {
    if (std::fabs(c[i] - expected[i]) > 1e-3F) return state.SkipWithError("wrong product");
  }
  for (auto _ : state) {
    table->multiply_panel(a.data(), k, m, packed.panel(0), k, c.data(), kPanelWidth);
    benchmark::ClobberMemory();
  }
  state.counters["flop/s"] = benchmark::Counter(2.0 * double(m) * kPanelWidth * double(k),
                                                benchmark::Counter::kIsIterationInvariantRate);
}

const int kRegistered = [] {
  const KernelList list = runnable_kernels();
  for (std::size_t i = 0; i < list.count; ++i) {
    benchmark::RegisterBenchmark(list.tables[i]->name, multiply_panel, list.tables[i])
        ->Arg(8)
        ->Arg(64)
        ->Arg(256);
  }
  return 0;
}();

}  // namespace
}  // namespace enlace
