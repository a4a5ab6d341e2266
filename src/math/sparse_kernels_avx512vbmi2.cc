// The kernels of sparse_kernels_avx512.cc, compiled for VBMI2 too.
#include "math/sparse_kernels_avx512.cc"  // NOLINT(bugprone-suspicious-include): on purpose
