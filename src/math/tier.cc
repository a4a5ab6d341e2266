#include "math/tier.h"

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

namespace enlace {
namespace {

/// Bits of the extended features, leaf 7, that g++ 12 and clang 14 do not both know by name.
struct Leaf7 {
  unsigned edx = 0;       // of subleaf 0: AMX, AVX512_FP16
  unsigned sub1_eax = 0;  // of subleaf 1: AVX_VNNI, AVX512_BF16

  Leaf7() noexcept {
    unsigned eax = 0, ebx = 0, ecx = 0, other = 0;
    if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) return;
    if (eax >= 1) __get_cpuid_count(7, 1, &sub1_eax, &ebx, &ecx, &other);
  }
};

bool has_f16c() noexcept {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0 && (ecx & 1U << 29) != 0;
}

bool has_amx() noexcept {
  // The last is AVX-512 FP16, which all processors with AMX have.
  constexpr unsigned kNeeded = 1U << 22 | 1U << 24 | 1U << 25 | 1U << 23;
  if ((Leaf7().edx & kNeeded) != kNeeded) return false;
  // Linux keeps room for a thread's tiles only if it is asked to (Documentation/arch/x86/xstate).
  constexpr long kRequestPermission = 0x1023, kTileData = 18;
  static const bool permitted = syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
  return permitted;
}

/// The only place where the library reads the environment: so that any result can be checked in
/// the field.
Tier pick() noexcept {
  const char* wanted = std::getenv("ENLACE_ISA");
  Tier best = Tier::kScalar;
  for (const Tier tier : kTiers) {
    if (!runs(tier)) continue;
    if (wanted != nullptr && name_of(tier) == wanted) return tier;
    best = tier;
  }
  return best;
}

}  // namespace

std::string_view name_of(Tier tier) noexcept {
  constexpr std::string_view kNames[] = {"scalar", "avx2", "avx512", "avx512bf16", "amx"};
  return kNames[static_cast<std::size_t>(tier)];
}

bool runs(Tier tier) noexcept {
  switch (tier) {
    case Tier::kScalar: return true;
    case Tier::kAvx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c();
    case Tier::kAvx512:
      return runs(Tier::kAvx2) && __builtin_cpu_supports("avx512f") &&
             __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
    case Tier::kAvx512Bf16: return runs(Tier::kAvx512) && (Leaf7().sub1_eax & 1U << 5) != 0;
    case Tier::kAmx:
      return runs(Tier::kAvx512Bf16) && __builtin_cpu_supports("avx512vbmi") && has_amx();
  }
  return false;
}

bool has_avx_vnni() noexcept {
  return (Leaf7().sub1_eax & 1U << 4) != 0;
}

bool multiplies_bf16_fast() noexcept {
  return __builtin_cpu_is("amd") != 0;
}

Tier current_tier() noexcept {
  static const Tier picked = pick();
  return picked;
}

}  // namespace enlace
