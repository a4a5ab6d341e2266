#include "math/kernels.h"
#include "math/products.h"
#include "math/tier.h"
#include "math/tile_attention.h"

namespace enlace {
namespace {

const Kernels& kernels_of(Tier tier) noexcept {
  switch (tier) {
    case Tier::kScalar: return kScalarKernels;
    case Tier::kAvx2: return kAvx2Kernels;
    case Tier::kAvx512:
    case Tier::kAvx512Bf16: return kAvx512Kernels;
    case Tier::kAmx: break;
  }
  static const Kernels table = with_half_arithmetic(kAvx512Kernels);
  return table;
}

const Products& products_of(Tier tier) noexcept {
  switch (tier) {
    case Tier::kScalar: return kScalarProducts;
    case Tier::kAvx2: return has_avx_vnni() ? kAvxVnniProducts : kAvx2Products;
    case Tier::kAvx512: return kAvx512Products;
    case Tier::kAvx512Bf16: return kAvx512Bf16Products;
    case Tier::kAmx: return kAmxProducts;
  }
  return kScalarProducts;
}

}  // namespace

const Kernels& kernels() noexcept {
  static const Kernels& picked = kernels_of(current_tier());
  return picked;
}

KernelList runnable_kernels() noexcept {
  KernelList list{};
  for (const Tier tier : {Tier::kScalar, Tier::kAvx2, Tier::kAvx512, Tier::kAmx}) {
    if (runs(tier)) list.tables[list.count++] = &kernels_of(tier);
  }
  return list;
}

AttendInBf16 attend_in_bf16(std::size_t queries, std::size_t tokens,
                            std::size_t head_width) noexcept {
  constexpr std::size_t kMostWidth = 128;
  if (current_tier() != Tier::kAmx) return nullptr;
  if (tokens <= kShortTokens) return attend_by_tiles;
  const bool fits = tokens <= kMostTileTokens && queries >= 16 && head_width <= kMostWidth;
  return fits ? attend_long_by_tiles : nullptr;
}

const Products& products() noexcept {
  static const Products& picked = current_tier() == Tier::kAvx512Bf16 && !multiplies_bf16_fast()
                                      ? kAvx512Products
                                      : products_of(current_tier());
  return picked;
}

ProductTables runnable_products() noexcept {
  ProductTables list{};
  const auto add = [&list](const Products& table) { list.tables[list.count++] = &table; };
  for (const Tier tier : kTiers) {
    if (!runs(tier)) continue;
    if (tier == Tier::kAvx2 && has_avx_vnni()) add(kAvx2Products);
    add(products_of(tier));
  }
  return list;
}

}  // namespace enlace
