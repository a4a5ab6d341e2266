// Where the time of encoding goes: every stage of a layer alone, by one thread, as a table.
//
//   encode_stages > docs/benchmarks/stages.md
//
// 64 rows at a time of 640, as in nn/encoder.cc; what lies between stages in memory is counted in
// none of them. Weights of twelve layers take turns, so they come from beyond the second-level
// cache, as they do in a pass. Names of 11 tokens.
#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "math/block_products.h"
#include "math/machine_peaks.h"
#include "math/tier.h"
#include "nn/attention.h"
#include "nn/encoder_chunks.h"
#include "random_encoder.h"

namespace {

using namespace enlace;

constexpr std::size_t kRows = 640, kChunk = 64, kTokens = 11;
constexpr int kRounds = 7, kPasses = 12;

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// All that the stages of one precision work on.
class Stages {
 public:
  explicit Stages(Precision precision) : encoder_(precision), precision_(precision) {
    const ProductScope scope;
    std::mt19937 random(2);
    std::normal_distribution<float> normal;
    std::generate_n(context_.data(), context_.rows() * context_.cols(),
                    [&] { return normal(random); });
    fill(x_, context_.data(), kRows * 384);
    fill(y_, context_.data(), kChunk * y_.cols());
    const Linear& up = layers().front().up;
    prepare(qkv_, layers().front().qkv, x_);
    prepare(output_, layers().front().output, {context_, {}});
    prepare(up_, up, x_);
    inner_.shape(inner_in_halves(precision), kChunk, up.out() + 32);
    if (bf16_attention()) {
      multiply(qkv_, {0, kChunk}, layers().front().qkv.all_panels(), linear_, bf16());
    } else {
      multiply(qkv_, {0, kChunk}, layers().front().qkv.all_panels(), Start::kBias, linear_,
               {f32(), {}});
    }
  }

  void print(const MachinePeaks& peaks) {
    const double peak = precision_ == Precision::kF32    ? peaks.f32
                        : precision_ == Precision::kBf16 ? peaks.bf16
                                                         : peaks.int8;
    const EncoderLayer& layer = layers().front();
    const ProductScope scope;
    total_ = 0;
    product(peak, "qkv", layer.qkv, [&](const EncoderLayer& of, Range rows) {
      qkv_.reset(of.qkv, x_, of.qkv.all_slices());
      if (bf16_attention()) {
        multiply(qkv_, rows, of.qkv.all_panels(), linear_, bf16());
      } else {
        multiply(qkv_, rows, of.qkv.all_panels(), Start::kBias, linear_, {f32(), {}});
      }
    });
    stage("attention", [&](const EncoderLayer&, Range) { attend_all(); });
    product(peak, "output", layer.output, [&](const EncoderLayer& of, Range rows) {
      output_.reset(of.output, {context_, {}}, of.output.all_slices());
      multiply(output_, rows, of.output.all_panels(), Start::kBias, linear_, y_);
    });
    product(peak, "up, gelu", layer.up, [&](const EncoderLayer& of, Range rows) {
      up_.reset(of.up, x_, of.up.all_slices());
      for_slices([&](Range slices) {
        constexpr std::size_t kPanels = kSliceDepth / kPanelWidth;
        const Range panels{slices.first * kPanels, slices.last * kPanels};
        multiply_gelu(up_, rows, panels, panels.first, linear_, inner(slices));
      });
    });
    stage("inner to input", [&](const EncoderLayer& of, Range) {
      for_slices([&](Range slices) {
        down_.reset(of.down, inner(slices), slices);
        down_.prepare({0, kChunk});
      });
    });
    product(peak, "down", layer.down, [&](const EncoderLayer& of, Range) {
      for_slices([&](Range slices) {
        down_.reset(of.down, inner(slices), slices);
        multiply(down_, {0, kChunk}, of.down.all_panels(),
                 slices.first == 0 ? Start::kBias : Start::kSum, linear_, y_);
      });
    });
    stage("two norms", [&](const EncoderLayer& of, Range rows) {
      for (const LayerNorm& norm : {of.attention_norm, of.feed_forward_norm}) {
        const Norm of_layer{norm.gain, norm.bias, 1e-12F};
        if (in_halves()) {
          kernels().add_normalize_halves(x_.halves.row(rows.first).data(), 384, y_.halves.data(),
                                         y_.cols(), rows.size(), of_layer, 384);
        } else {
          kernels().add_normalize(x_.floats.row(rows.first).data(), 384, y_.floats.data(),
                                  y_.cols(), rows.size(), of_layer, 384);
        }
      }
    });
    stage("states to inputs, thrice", [&](const EncoderLayer&, Range rows) {
      for (LinearInput* input : {&qkv_, &output_, &up_}) input->prepare(rows);
    });
    fmt::print("| {} | **a layer** | **{:.3f}** | | |\n", name_of(precision_), total_);
  }

 private:
  const std::vector<EncoderLayer>& layers() const { return encoder_.weights().layers; }
  bool bf16_attention() const { return precision_ != Precision::kF32 && attends_in_bf16(); }
  /// Calls body(slices) as a pass does: in int8 for one slice after another.
  template <class Body>
  void for_slices(const Body& body) const {
    const std::size_t all = layers().front().down.slices();
    const std::size_t step = precision_ == Precision::kInt8 ? 1 : all;
    for (std::size_t first = 0; first < all; first += step) body(Range{first, first + step});
  }
  States inner(Range slices) const {
    const bool halves = inner_in_halves(precision_);
    return inner_.view(halves, kChunk, spread_states(halves, slices.size() * kSliceDepth));
  }
  MatrixView<float> f32() { return qkv_states_.shape(kChunk, layers().front().qkv.out() + 16); }
  MatrixView<Bf16> bf16() { return bf16_states_.shape(kChunk, layers().front().qkv.out() + 32); }

  bool in_halves() const { return states_in_halves(precision_); }

  static void fill(const States& states, const float* values, std::size_t n) {
    if (states.halves.rows() > 0) {
      kernels().to_halves(values, n, states.halves.data());
    } else {
      std::copy_n(values, n, states.floats.data());
    }
  }

  static void prepare(LinearInput& input, const Linear& layer, const States& x) {
    input.reset(layer, x, layer.all_slices());
    input.prepare({0, kRows});
  }

  void attend_all() {
    const auto& config = encoder_.weights().config;
    const Heads heads{config.heads, config.hidden / config.heads, 0, config.heads};
    std::vector<std::uint32_t> starts;
    for (std::size_t n = 0; n <= kChunk; n += kTokens) starts.push_back(std::uint32_t(n));
    if (bf16_attention()) {
      attend(MatrixView<const Bf16>(bf16()), starts, false, heads, attention_, context_);
    } else {
      attend(MatrixView<const float>(f32()), starts, false, heads, attention_, context_);
    }
  }

  /// Microseconds a token of the best round.
  template <class Body>
  double time(const Body& body) {
    double best = 1e9;
    for (int round = 0; round < kRounds; ++round) {
      const double start = seconds();
      for (int pass = 0; pass < kPasses; ++pass) {
        const EncoderLayer& layer = layers()[std::size_t(pass) % layers().size()];
        for (std::size_t n = 0; n < kRows; n += kChunk) body(layer, Range{n, n + kChunk});
      }
      best = std::min(best, (seconds() - start) / kPasses / double(kRows) * 1e6);
    }
    total_ += best;
    return best;
  }

  template <class Body>
  void stage(const char* name, const Body& body) {
    fmt::print("| {} | {} | {:.3f} | | |\n", name_of(precision_), name, time(body));
  }

  template <class Body>
  void product(double peak, const char* name, const Linear& layer, const Body& body) {
    const double micros = time(body);
    const double rate = 2e6 * double(layer.in * layer.out()) / micros;
    fmt::print("| {} | {} | {:.3f} | {:.0f} | {:.0f} % |\n", name_of(precision_), name, micros,
               rate / 1e9, 100 * rate / peak);
  }

  RandomEncoder encoder_;
  Precision precision_;
  StatesBuffer memory_[2];
  Buffer<float> context_memory_;
  States x_ = memory_[0].shape(in_halves(), kRows, 384),
         y_ = memory_[1].shape(in_halves(), kChunk, spread_states(in_halves(), 384));
  MatrixView<float> context_ = context_memory_.shape(kRows, 384);
  Buffer<float> qkv_states_;
  Buffer<Bf16> bf16_states_;
  StatesBuffer inner_;
  LinearInput qkv_, output_, up_, down_;
  LinearWorkspace linear_;
  AttentionWorkspace attention_;
  double total_ = 0;
};

}  // namespace

int main() {
  const MachinePeaks peaks = measure_peaks(1);
  fmt::print(
      "# Where the time of encoding goes\n\n"
      "Written by `build/release/bench/encode_stages`; do not edit. One layer of the size of "
      "multilingual-e5-small, {} rows at a time,\nnames of {} tokens, one thread, weights from "
      "beyond the second-level cache. Tier {}; peaks measured in the same run:\nf32 {:.0f}, bf16 "
      "{:.0f}, int8 {:.0f} Gop/s. The time of a product has in it what finishes its sums: bias, "
      "steps, gelu, rounding.\n\n"
      "| precision | stage | µs a token | Gop/s | of the peak |\n|---|---|--:|--:|--:|\n",
      kChunk, kTokens, name_of(current_tier()), peaks.f32 / 1e9, peaks.bf16 / 1e9,
      peaks.int8 / 1e9);
  for (const Precision precision : {Precision::kF32, Precision::kBf16, Precision::kInt8}) {
    Stages(precision).print(peaks);
  }
}
