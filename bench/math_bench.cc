// How much of the processor's peak does a product with a packed matrix reach, per tier and type?
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "math/packed_matrix.h"

namespace enlace {
namespace {

constexpr std::size_t kDepth = 384;

template <class T>
std::vector<T> random_values(std::size_t count) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<T> values(count);
  for (T& value : values) {
    const float x = normal(random);
    if constexpr (sizeof(T) == 2) {
      std::uint32_t bits;
      std::memcpy(&bits, &x, sizeof bits);
      value = static_cast<T>(bits >> 16);
    } else if constexpr (sizeof(T) == 1) {
      value = static_cast<T>(40 * x);
    } else {
      value = x;
    }
  }
  return values;
}

template <class C, class A, class B>
using Multiply = void (*)(const A*, std::size_t, std::size_t, const B*, std::size_t, C*,
                          std::size_t) noexcept;

template <class C, class A, class B>
void run(benchmark::State& state, Multiply<C, A, B> multiply, const Products& table) {
  const auto m = std::size_t(state.range(0));
  const auto a = random_values<A>(m * kDepth);
  const auto b = random_values<B>(kPanelWidth * kDepth);
  const auto panel = allocate<B>(kPanelWidth * kDepth);
  pack<B>({b.data(), kPanelWidth, kDepth}, panel.get());
  std::vector<C> c(m * kPanelWidth);
  const ProductScope scope(table);
  for (auto _ : state) {
    multiply(a.data(), kDepth, m, panel.get(), kDepth, c.data(), kPanelWidth);
    benchmark::ClobberMemory();
  }
  state.counters["op/s"] = benchmark::Counter(2.0 * double(m) * kPanelWidth * double(kDepth),
                                              benchmark::Counter::kIsIterationInvariantRate);
}

template <class C, class A, class B>
void add(const char* type, const Products& table, Multiply<C, A, B> multiply) {
  const std::string name = std::string(table.name) + "/" + type;
  benchmark::RegisterBenchmark(name.c_str(), run<C, A, B>, multiply, table)
      ->Arg(8)
      ->Arg(64)
      ->Arg(256);
}

const int kRegistered = [] {
  const ProductTables list = runnable_products();
  for (std::size_t i = 0; i < list.count; ++i) {
    const Products& table = *list.tables[i];
    add("f32", table, table.multiply_f32);
    add("bf16", table, table.multiply_bf16);
    add("int8", table, table.multiply_int8);
    if (table.wants_narrow) add("narrow int8", table, table.multiply_narrow_int8);
  }
  return 0;
}();

}  // namespace
}  // namespace enlace
