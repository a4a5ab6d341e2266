// How much of the processor's peak does a whole forward pass reach, by tokens in a batch?
#include <benchmark/benchmark.h>

#include "random_encoder.h"

namespace enlace {
namespace {

constexpr std::size_t kTextTokens = 11;  // of a clinical name, on average

void forward_pass(benchmark::State& state) {
  static const RandomEncoder encoder;
  std::vector<std::int32_t> ids;
  std::vector<std::uint32_t> starts{0};
  while (ids.size() + kTextTokens <= std::size_t(state.range(0))) {
    for (std::size_t i = 0; i < kTextTokens; ++i) ids.push_back(std::int32_t(ids.size() % 1000));
    starts.push_back(std::uint32_t(ids.size()));
  }
  Workspace workspace;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        forward(encoder.weights(), {ids, starts}, Wanted::kAllTokens, workspace).data());
  }
  state.counters["flop/s"] = benchmark::Counter(encoder.flop_per_token() * double(ids.size()),
                                                benchmark::Counter::kIsIterationInvariantRate);
  state.counters["texts/s"] =
      benchmark::Counter(double(starts.size() - 1), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(forward_pass)->Arg(11)->Arg(128)->Arg(256)->Arg(384)->Arg(512)->Arg(1024);

}  // namespace
}  // namespace enlace
