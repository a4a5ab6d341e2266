// Which instruction sets this machine runs, in steps that each have kernels of their own.
#pragma once

#include <cstdint>
#include <string_view>

namespace enlace {

/// The steps, each with all that the ones before it have.
enum class Tier : std::uint8_t {
  kScalar,      // whatever the program was compiled for: the definition of every kernel
  kAvx2,        // AVX2, FMA
  kAvx512,      // AVX-512 F, BW, DQ, VL and VNNI: byte products
  kAvx512Bf16,  // and BF16: bfloat16 products
  kAmx,         // and AMX TILE, BF16 and INT8: products of whole tiles
};
inline constexpr Tier kTiers[] = {Tier::kScalar, Tier::kAvx2, Tier::kAvx512, Tier::kAvx512Bf16,
                                  Tier::kAmx};

/// "scalar", "avx2", "avx512", "avx512bf16", "amx".
std::string_view name_of(Tier tier) noexcept;

/// Whether processor and system run `tier`. Asks the system for the use of tiles. Thread-safe.
bool runs(Tier tier) noexcept;

/// The highest tier that runs here, or the one that ENLACE_ISA names if it runs. Thread-safe; the
/// same for the life of the process.
Tier current_tier() noexcept;

/// Whether the processor has AVX-VNNI, byte products in 256 bits: processors for desktops since
/// 2021, most of them without AVX-512, and servers since 2023.
bool has_avx_vnni() noexcept;

/// Whether the instruction of Tier::kAvx512Bf16 is faster than two FMA in f32. On an EPYC 9004 it
/// is twice as fast; a Xeon with it (Sapphire Rapids and later) takes two cycles for each, half as
/// fast. The maker decides, so that a machine's results are always the same.
bool multiplies_bf16_fast() noexcept;

}  // namespace enlace
