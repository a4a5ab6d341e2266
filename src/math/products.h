// The matrix products, as a table of plain functions for each tier of processors.
//
// One picture serves all (docs/KERNELS.md): rows of `a` times one packed panel of 32 columns
// (math/packed_matrix.h). A panel is rows of 32 words of 32 bits; a word holds, of one column, one
// f32, two bf16 or four int8 that follow each other in depth. So the three types have one loop that
// takes a word of `a`, gives it to all columns and adds its products; only the instruction differs.
//
// products_scalar.cc is the definition. A file for an instruction set is compiled with its flags
// and includes nothing but this header, intrinsics and headers made for such files alone, whose
// functions are local to them: an inline function from any other header could be emitted with its
// instructions and then be picked by the linker for the whole program.
#pragma once

#include <cstddef>
#include <cstdint>

namespace enlace {

/// Columns of a panel: the unit in which the right side of a matrix product is packed.
inline constexpr std::size_t kPanelWidth = 32;

/// Bytes of depth that a panel of bf16 or int8 is a multiple of: what one tile instruction takes.
inline constexpr std::size_t kDepthBytes = 64;

/// The upper half of a float's bits (Wang and Kanwar 2019, bfloat16).
using Bf16 = std::uint16_t;

/// Of every eight bytes of a column, 0, 1, 4 and 5 are a quad, and 2, 3, 6 and 7. A quad is narrow
/// if neither its positive values nor its negative ones sum up to more than this: then its products
/// with bytes can be added in 16 bits.
inline constexpr std::int32_t kMostOfQuad = (1 << 15) / 255;

/// The quad, of all of a column, that byte k belongs to.
constexpr std::size_t quad_of(std::size_t k) noexcept {
  return k / 8 * 2 + k / 2 % 2;
}

/// For i < m and j < kPanelWidth, c[i * c_stride + j] = the sum over l < k of a[i * a_stride + l]
/// times value l of the panel's column j. Requires `panel` at a multiple of 64 bytes, and that c
/// overlaps nothing. A row's result does not depend on its neighbours, nor on m.
struct Products {
  const char* name;  // the tier whose instructions it has, or "avxvnni"

  /// Sums in f32, in the order of l.
  void (*multiply_f32)(const float* a, std::size_t a_stride, std::size_t m, const float* panel,
                       std::size_t k, float* c, std::size_t c_stride) noexcept;

  /// Products of bf16 are exact in f32, whose sums are in unspecified order; subnormal numbers may
  /// count as 0. Requires k a multiple of 32.
  void (*multiply_bf16)(const Bf16* a, std::size_t a_stride, std::size_t m, const Bf16* panel,
                        std::size_t k, float* c, std::size_t c_stride) noexcept;

  /// Exact modulo 2^32. Requires k a multiple of 64.
  void (*multiply_int8)(const std::uint8_t* a, std::size_t a_stride, std::size_t m,
                        const std::int8_t* panel, std::size_t k, std::int32_t* c,
                        std::size_t c_stride) noexcept;

  /// The same of panels that have none but narrow quads, if wants_narrow: then it is faster.
  void (*multiply_narrow_int8)(const std::uint8_t* a, std::size_t a_stride, std::size_t m,
                               const std::int8_t* panel, std::size_t k, std::int32_t* c,
                               std::size_t c_stride) noexcept;
  bool wants_narrow;

  /// Around the use of this table on a thread: see ProductScope.
  void (*begin)() noexcept;
  void (*end)() noexcept;
};

extern const Products kScalarProducts;
extern const Products kAvx2Products;
extern const Products kAvxVnniProducts;  // of Tier::kAvx2 where has_avx_vnni()
extern const Products kAvx512Products;
extern const Products kAvx512Bf16Products;
extern const Products kAmxProducts;

/// The table of current_tier(), or a lower one that is faster there.
const Products& products() noexcept;

/// The tables that this machine can run, slowest first: what a test compares.
struct ProductTables {
  const Products* tables[6];
  std::size_t count;
};
ProductTables runnable_products() noexcept;

/// While one lives, its thread may call the functions of `table`: it readies the processor's tiles.
class ProductScope {
 public:
  explicit ProductScope(const Products& table = products()) noexcept : table_(table) {
    table_.begin();
  }
  ~ProductScope() { table_.end(); }
  ProductScope(const ProductScope&) = delete;
  ProductScope& operator=(const ProductScope&) = delete;

 private:
  const Products& table_;
};

}  // namespace enlace
