// How close to the processor's peak (large batches) or to the memory's (single queries) is the
// exact search of vectors?
#include <algorithm>
#include <filesystem>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "base/random.h"
#include "index/flat_index.h"

namespace enlace {
namespace {

constexpr std::size_t kDimension = 384;

/// Uniform in [-1, 1): what the values are does not change the time.
void fill(std::vector<float>& values, Random& random) {
  for (float& value : values) value = float(std::int32_t(random.next() >> 32)) * 0x1p-31F;
}

/// A file of random vectors, made when it is first asked for and removed at the end.
class VectorFile {
 public:
  explicit VectorFile(std::size_t rows)
      : path_(std::filesystem::temp_directory_path() / fmt::format("index_bench.{}", rows)) {
    std::filesystem::remove(path_);
    FlatIndexWriter writer(path_, kDimension, 0);
    Random random(rows);
    std::vector<float> block(1000 * kDimension);
    for (std::size_t row = 0; row < rows; row += 1000) {
      fill(block, random);
      writer.append({block.data(), 1000, kDimension});
    }
    writer.finish();
  }
  VectorFile(const VectorFile&) = delete;
  VectorFile& operator=(const VectorFile&) = delete;
  ~VectorFile() { std::filesystem::remove(path_); }

  FlatIndex open() const { return FlatIndex::open(path_); }

 private:
  std::filesystem::path path_;
};

const VectorFile& file_of(std::size_t rows) {
  static const VectorFile small(100'000);
  if (rows == 100'000) return small;
  static const VectorFile large(1'000'000);
  return large;
}

/// Rows, queries of a batch, workers.
void search(benchmark::State& state) {
  const auto rows = std::size_t(state.range(0)), batch = std::size_t(state.range(1));
  const auto workers = std::size_t(state.range(2));
  const FlatIndex index = file_of(rows).open();
  Random random(7);
  std::vector<float> values(batch * kDimension);
  fill(values, random);
  const MatrixView<const float> queries(values.data(), batch, kDimension);
  const auto found = index.search(queries, 50, {}, workers);
  for (std::uint32_t row = 0; row < 1000; ++row) {
    const float score = index.score(queries.row(0), {&row, 1})[0];
    if (better({row, score}, found[0].back()) !=
        (std::count_if(found[0].begin(), found[0].end() - 1,
                       [&](const Neighbour& n) { return n.row == row; }) == 1)) {
      return state.SkipWithError("wrong neighbours");
    }
  }
  for (auto _ : state) benchmark::DoNotOptimize(index.search(queries, 50, {}, workers));
  const auto rate = [](double amount) {
    return benchmark::Counter(amount, benchmark::Counter::kIsIterationInvariantRate);
  };
  state.counters["queries/s"] = rate(double(batch));
  state.counters["flop/s"] = rate(2.0 * double(rows * batch * kDimension));
  state.counters["bytes/s"] = rate(double(rows * kDimension * sizeof(float)));
}
BENCHMARK(search)
    ->ArgsProduct({{100'000, 1'000'000}, {1, 32, 256}, {1, 2}})
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace enlace
