# One file per instruction set; everything else is compiled for the baseline processor.
# Such a file includes only the intrinsics, <cstddef>, <cstdint> and its own header: see
# src/math/kernels.h.
set_source_files_properties(src/io/crc32c_sse42.cc PROPERTIES COMPILE_OPTIONS "-msse4.2")
set_source_files_properties(src/math/kernels_avx2.cc PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma;-mf16c;-O3")
# -Wno-…uninitialized: g++ 12 sees intrinsics of its own headers as uses of nothing.
set(avx512 "-Wno-uninitialized;$<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>;-mavx512f;-mavx512bw;-mavx512dq;-mavx512vl;-mavx512vnni;-mfma;-O3;-mprefer-vector-width=512")
set_source_files_properties(src/math/kernels_avx512.cc PROPERTIES COMPILE_OPTIONS "${avx512}")
set_source_files_properties(
  src/math/kernels_avx512fp16.cc PROPERTIES COMPILE_OPTIONS
                                            "${avx512};-mavx512bf16;-mavx512fp16")
set_source_files_properties(src/math/products_avx2.cc PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma;-O3")
set_source_files_properties(src/math/products_avxvnni.cc PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma;-mavxvnni;-O3")
set_source_files_properties(src/math/products_avx512.cc PROPERTIES COMPILE_OPTIONS "${avx512}")
set_source_files_properties(src/math/products_avx512bf16.cc PROPERTIES COMPILE_OPTIONS
                                                                       "${avx512};-mavx512bf16")
set_source_files_properties(
  src/math/products_amx.cc src/math/scan_panels_amx.cc
  PROPERTIES COMPILE_OPTIONS "${avx512};-mavx512bf16;-mamx-tile;-mamx-int8;-mamx-bf16")
set_source_files_properties(
  src/math/block_products_amx.cc src/math/tile_attention_amx.cc src/math/long_attention_amx.cc
  PROPERTIES COMPILE_OPTIONS
             "${avx512};-mavx512vbmi;-mavx512bf16;-mavx512fp16;-mamx-tile;-mamx-int8;-mamx-bf16")
set_source_files_properties(src/math/scan_kernels_avx2.cc PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma;-O3")
set_source_files_properties(src/math/scan_kernels_avx512.cc PROPERTIES COMPILE_OPTIONS "${avx512}")
set_source_files_properties(src/math/sparse_kernels_avx2.cc PROPERTIES COMPILE_OPTIONS "-mavx2;-O3")
# -Wno-uninitialized: as above, for _mm512_reduce_max_ps.
set(avx512sparse "-Wno-uninitialized;-mavx512f;-mavx512bw;-mavx512dq;-mavx512vl;-O3")
set_source_files_properties(src/math/sparse_kernels_avx512.cc PROPERTIES
                                                              COMPILE_OPTIONS "${avx512sparse}")
set_source_files_properties(src/math/sparse_kernels_avx512vbmi2.cc PROPERTIES COMPILE_OPTIONS
                                                              "${avx512sparse};-mavx512vbmi2;-mavx512vpopcntdq")
# The loops of training, written once on the compiler's vectors. -Wno-psabi: a vector that is wider
# than the instruction set has no settled way to be passed, and all functions that take one are inlined.
set(loops "-Wno-psabi;-Wno-ignored-attributes;-O3;-fno-math-errno;-fno-trapping-math")
set_source_files_properties(src/math/train_kernels_scalar.cc PROPERTIES COMPILE_OPTIONS "${loops}")
set_source_files_properties(src/math/train_kernels_avx2.cc PROPERTIES COMPILE_OPTIONS
                                                                      "${loops};-mavx2;-mfma")
set_source_files_properties(
  src/math/train_kernels_avx512.cc
  PROPERTIES COMPILE_OPTIONS "${loops};-mavx512f;-mavx512bw;-mavx512dq;-mavx512vl;-mfma;-mprefer-vector-width=512")
# Long sums in plain loops that are the same on every machine.
set_source_files_properties(src/nn/input_statistics.cc src/nn/rounding.cc PROPERTIES COMPILE_OPTIONS "-O3")
# Precompiled headers are for the baseline processor and optimization.
set_source_files_properties(src/io/crc32c_sse42.cc src/nn/input_statistics.cc src/nn/rounding.cc
                            PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
