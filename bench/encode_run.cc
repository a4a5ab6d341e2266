// Strings per second and closeness to f32 of one model in every precision, on given texts.
//
//   encode_run MODEL TEXTS [WORKERS] [PRECISION]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "encode/text_encoder.h"
#include "math/kernels.h"

using namespace enlace;

namespace {

std::vector<std::string> read_lines(const char* path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  const auto lines = read_lines(argv[2]);
  const std::vector<std::string_view> texts(lines.begin(), lines.end());
  const std::size_t workers = argc > 3 ? std::size_t(std::atoi(argv[3])) : 2;
  std::vector<float> reference;
  for (const Precision precision : {Precision::kF32, Precision::kBf16, Precision::kInt8}) {
    if (argc > 4 && name_of(precision) != argv[4]) continue;
    auto start = std::chrono::steady_clock::now();
    const auto encoder = TextEncoder::open(argv[1], precision);
    const double opened = seconds_since(start);
    const std::size_t D = encoder.dimension();
    std::vector<float> vectors(texts.size() * D);
    double best = 1e9;
    for (int run = 0; run < 3; ++run) {
      start = std::chrono::steady_clock::now();
      encoder.encode(texts, {vectors.data(), texts.size(), D}, workers);
      best = std::min(best, seconds_since(start));
    }
    double mean = 0, least = 1;
    if (reference.empty()) reference = vectors;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const double cosine = kernels().dot(&vectors[i * D], &reference[i * D], D);
      mean += cosine / double(texts.size());
      least = std::min(least, cosine);
    }
    const std::size_t singles = std::min<std::size_t>(200, texts.size());
    std::vector<double> latencies;
    for (std::size_t i = 0; i < singles; ++i) {
      start = std::chrono::steady_clock::now();
      encoder.encode(std::span(texts).subspan(i, 1), {vectors.data(), 1, D}, workers);
      latencies.push_back(seconds_since(start));
    }
    std::sort(latencies.begin(), latencies.end());
    std::printf(
        "%s: %.0f strings/s, cosine mean %.6f min %.5f, one string %.2f ms (median of %zu), "
        "opened in %.2f s\n",
        std::string(name_of(precision)).c_str(), double(texts.size()) / best, mean, least,
        latencies[singles / 2] * 1e3, singles, opened);
  }
}
