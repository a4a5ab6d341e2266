// The products for AMX once more, on tiles in software: tested on every machine with AVX-512.
#define ENLACE_TILES_IN_SOFTWARE
#include "math/products_amx.cc"  // NOLINT(bugprone-suspicious-include)
