#include "cli/inspect_machine.h"

#include <algorithm>
#include <string>

#include <fmt/core.h>

#include "base/parallel.h"
#include "cli/terminal.h"
#include "math/machine_peaks.h"
#include "math/tier.h"
#include "nn/precision.h"

namespace enlace::cli {
namespace {

/// What the tier's instructions are, for people.
std::string_view instructions_of(Tier tier) {
  switch (tier) {
    case Tier::kScalar: return "no vector instructions";
    case Tier::kAvx2: return "AVX2 and FMA";
    case Tier::kAvx512: return "AVX-512 with VNNI";
    case Tier::kAvx512Bf16: return "AVX-512 with VNNI and BF16";
    case Tier::kAmx: return "AMX tiles of bf16 and int8";
  }
  return "";
}

}  // namespace

void print_machine() {
  std::string others;
  for (const Tier tier : kTiers) {
    if (!runs(tier) || tier == current_tier()) continue;
    others += (others.empty() ? "" : ", ") + std::string(name_of(tier));
  }
  const std::size_t workers = machine_workers();
  fmt::print("tier {}: {}; ENLACE_ISA chooses among it, {}\n", name_of(current_tier()),
             instructions_of(current_tier()), others);
  const MachinePeaks one = measure_peaks(1);
  const MachinePeaks all = measure_peaks(workers);
  fmt::print("\n{:<22} {:>12} {:>12} {:>12}\n", "measured just now", "1 thread",
             counted(workers, "thread"), "times f32");
  struct Row {
    Precision precision;
    double MachinePeaks::*rate;
  };
  Row rows[] = {{Precision::kF32, &MachinePeaks::f32},
                {Precision::kBf16, &MachinePeaks::bf16},
                {Precision::kInt8, &MachinePeaks::int8}};
  for (const Row& row : rows) {
    fmt::print("{:<5} products, Gop/s   {:>12.0f} {:>12.0f} {:>12.2f}\n", name_of(row.precision),
               one.*row.rate / 1e9, all.*row.rate / 1e9, all.*row.rate / all.f32);
  }
  fmt::print("{:<22} {:>12.1f} {:>12.1f}\n\n", "memory read, GB/s", one.read / 1e9, all.read / 1e9);
  std::stable_sort(std::begin(rows), std::end(rows),
                   [&](const Row& a, const Row& b) { return all.*a.rate > all.*b.rate; });
  fmt::print(
      "prefers {}, then {}, then {}: by the products measured; build and embed compute in {} "
      "unless --precision says otherwise\n",
      name_of(rows[0].precision), name_of(rows[1].precision), name_of(rows[2].precision),
      name_of(default_precision()));
}

}  // namespace enlace::cli
