// Exact search of one file of vectors, timed and compared with the definition: run by
// peers/search.py.
//
//   search_run make INDEX QUERIES.npy ROWS D        both made of names in areas, seeded
//   search_run INDEX QUERIES.npy K [CHECKED [BATCH]]
//
// Prints one JSON object; with the recall of CHECKED queries, of one size of batch if it is given.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <numeric>

#include <fmt/core.h>

#include "base/error.h"
#include "base/parallel.h"
#include "base/random.h"
#include "index/flat_index.h"
#include "io/json_writer.h"
#include "io/matrix_writer.h"
#include "io/npy.h"
#include "math/kernels.h"
#include "math/packed_matrix.h"
#include "math/tier.h"
#include "seconds_of.h"

namespace enlace {
namespace {

/// Seconds of all cores together, which neighbours on the machine add little to.
double cpu_seconds_of(const std::function<void()>& work) {
  const std::clock_t began = std::clock();
  work();
  return double(std::clock() - began) / CLOCKS_PER_SEC;
}

double least_seconds(std::size_t times, const std::function<void()>& work) {
  double least = seconds_of(work);
  while (--times > 0) least = std::min(least, seconds_of(work));
  return least;
}

/// Bytes per second at which `workers` threads read `bytes`.
double bandwidth(std::span<const std::uint8_t> bytes, std::size_t workers) {
  constexpr std::size_t kPiece = 1 << 20;
  const std::size_t pieces = bytes.size() / kPiece;
  std::vector<std::uint64_t> sums(workers * 64);
  const double seconds = least_seconds(5, [&] {
    parallel_for(workers, pieces, [&](std::size_t worker, std::size_t piece) {
      const auto* words = reinterpret_cast<const std::uint64_t*>(bytes.data() + piece * kPiece);
      std::uint64_t lanes[8] = {};
      for (std::size_t i = 0; i < kPiece / 8; i += 8) {
        __builtin_prefetch(words + i + 512);
        for (std::size_t lane = 0; lane < 8; ++lane) lanes[lane] += words[i + lane];
      }
      for (const std::uint64_t lane : lanes) sums[worker * 64] += lane;
    });
  });
  return double(pieces * kPiece) / seconds;
}

/// The share of the definition's `k` best that `found` has, over all queries.
double recall(const FlatIndex& index, MatrixView<const float> queries, std::size_t k,
              const std::vector<std::vector<Neighbour>>& found) {
  std::vector<std::uint32_t> rows(index.size());
  std::iota(rows.begin(), rows.end(), 0U);
  std::size_t hits = 0;
  for (std::size_t q = 0; q < queries.rows(); ++q) {
    const auto scores = index.score(queries.row(q), rows);
    TopK best(k);
    for (const std::uint32_t row : rows) best.offer({row, scores[row]});
    for (const Neighbour& neighbour : best.take()) {
      hits += std::size_t(std::count(found[q].begin(), found[q].end(), neighbour));
    }
  }
  return double(hits) / double(queries.rows() * k);
}

/// Vectors as those of names: concepts in areas, five names each, in a space of few dimensions
/// whose directions matter less and less, and noise in all. Of length 1.
class Names {
 public:
  explicit Names(std::size_t dimension) : dimension_(dimension) {
    Random random(7);
    std::vector<float> projection(dimension * kLatent);
    for (float& value : projection) value = normal(random);
    projection_ = PackedMatrix({projection.data(), dimension, kLatent});
    areas_.resize(kAreas * kLatent);
    for (float& value : areas_) value = normal(random);
  }

  /// Row i is name `first` + i, and every five names are of one concept.
  /// Another `variant` gives other names of the same concepts.
  void fill(std::uint64_t first, MatrixView<float> rows, std::uint64_t variant = 0) const {
    std::vector<float> latent(rows.rows() * kLatent);
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      Random of_concept((first + r) / 5 * 0x9E3779B97F4A7C15U),
          of_name(~(first + r) ^ variant << 62);
      const float* area = &areas_[of_concept.below(kAreas) * kLatent];
      for (std::size_t d = 0; d < kLatent; ++d) {
        const float value = area[d] + 0.7F * normal(of_concept) + 0.35F * normal(of_name);
        latent[r * kLatent + d] = value / std::sqrt(float(d + 1));
      }
    }
    std::vector<float> product(rows.rows() * projection_.padded_rows());
    multiply({latent.data(), rows.rows(), kLatent}, projection_,
             {product.data(), rows.rows(), projection_.padded_rows()});
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      Random of_noise((first + r) ^ variant << 62);
      const float* from = &product[r * projection_.padded_rows()];
      const float shrink = 1 / length(from), noise = 0.1F / std::sqrt(float(dimension_));
      const auto row = rows.row(r);
      for (std::size_t d = 0; d < dimension_; ++d) {
        row[d] = shrink * from[d] + noise * normal(of_noise);
      }
      const float norm = length(row.data());
      for (float& value : row) value /= norm;
    }
  }

 private:
  static constexpr std::size_t kLatent = 96, kAreas = 2000;

  /// Mean 0, variance 1: the sum of four uniform numbers.
  static float normal(Random& random) {
    const std::uint64_t bits = random.next();
    const auto part = [&](int shift) { return float(bits >> shift & 0xFFFFU); };
    return (part(0) + part(16) + part(32) + part(48) - 131070.0F) * (1.7320508F / 65536.0F);
  }
  float length(const float* x) const { return std::sqrt(kernels().dot(x, x, dimension_)); }

  std::size_t dimension_;
  PackedMatrix projection_;
  std::vector<float> areas_;
};

void make(const char* path, const char* queries_path, std::size_t rows, std::size_t dimension) {
  constexpr std::size_t kBlock = 4096, kQueries = 512;
  const Names names(dimension);
  std::vector<float> values(kQueries * dimension);
  MatrixWriter queries(queries_path, MatrixFormat::kNpy, dimension);
  for (std::size_t q = 0; q < kQueries; ++q) {  // a new name of a concept that has others
    const std::uint64_t name = rows / kQueries * q / 5 * 5;
    names.fill(name, {&values[q * dimension], 1, dimension}, 1);
  }
  queries.append(values);
  queries.finish();

  FlatIndexWriter writer(path, dimension, 0);
  const std::size_t workers = machine_workers();
  std::vector<std::vector<float>> blocks(workers, std::vector<float>(kBlock * dimension));
  for (std::size_t first = 0; first < rows; first += workers * kBlock) {
    const auto count_of = [&](std::size_t b) {
      const std::size_t begin = first + b * kBlock;
      return begin < rows ? std::min(kBlock, rows - begin) : 0;
    };
    parallel_for(workers, workers, [&](std::size_t, std::size_t b) {
      names.fill(first + b * kBlock, {blocks[b].data(), count_of(b), dimension});
    });
    for (std::size_t b = 0; b < workers; ++b) {
      writer.append({blocks[b].data(), count_of(b), dimension});
    }
  }
  const double seconds = seconds_of([&] { writer.finish(workers); });
  fmt::print("{{\"seconds to turn rows into bytes\":{:.3f}}}\n", seconds);
}

void run(const char* path, const char* queries_path, std::size_t k, std::size_t checked,
         std::size_t only) {
  const FlatIndex index = FlatIndex::open(path);
  const NpyMatrix matrix = read_npy(queries_path);
  const MatrixView<const float> queries(matrix.values.data(), matrix.rows, matrix.columns);
  const MatrixView<const std::uint8_t> heads = index.bytes().heads;
  const std::span<const std::uint8_t> bytes(heads.data(), heads.rows() * heads.cols());
  JsonWriter json;
  json.object().member("tier", name_of(current_tier())).member("rows", index.size());
  json.member("dimension", index.dimension()).member("k", k);
  json.member("head", heads.cols());
  const double first = seconds_of([&] { index.search(queries.slice(0, 1), k, {}, 2); });
  json.member("first answer, ms", first * 1e3);
  json.key("runs").array();
  for (const std::size_t workers : {std::size_t{1}, machine_workers()}) {
    const double limit = bandwidth(bytes, workers);
    for (const std::size_t batch : {1U, 2U, 4U, 8U, 32U, 256U}) {
      if (batch > queries.rows() || (only != 0 && batch != only)) continue;
      const auto some = queries.slice(0, batch);
      const double seconds =
          least_seconds(batch < 32 ? 7 : 3, [&] { index.search(some, k, {}, workers); });
      const double read = double(bytes.size()) / seconds;
      json.object().member("workers", workers).member("batch", batch);
      json.member("queries/s", double(batch) / seconds).member("GB/s", read / 1e9);
      json.member("of bandwidth", read / limit);
      const double cpu = cpu_seconds_of([&] { index.search(some, k, {}, workers); });
      json.member("queries/CPU s", double(batch) / std::max(cpu, 1e-6));
      json.member("Gop/s", 2 * double(bytes.size() * batch) / seconds / 1e9).close();
    }
  }
  json.close();
  const auto few = queries.slice(0, std::min(queries.rows(), checked));
  if (checked > 0) json.member("recall", recall(index, few, k, index.search(few, k)));
  json.close();
  fmt::print("{}\n", json.text());
}

}  // namespace
}  // namespace enlace

int main(int argc, char** argv) {
  if (argc < 4 || argc > 6) {
    fmt::print(stderr, "usage: see the top of bench/search_run.cc\n");
    return 2;
  }
  try {
    const auto number = [&](int i) -> std::size_t {
      return i < argc ? std::strtoul(argv[i], nullptr, 10) : 0;
    };
    if (std::string_view(argv[1]) == "make") {
      enlace::make(argv[2], argv[3], number(4), number(5));
    } else {
      enlace::run(argv[1], argv[2], number(3), number(4), number(5));
    }
    return 0;
  } catch (const enlace::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
