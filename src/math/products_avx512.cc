#include "math/widened_tile_avx512.h"

namespace enlace {

const Products kAvx512Products{"avx512",
                               multiply<TimesF32, float, float>,
                               multiply_widened,
                               multiply<TimesInt8, std::uint8_t, std::int8_t>,
                               multiply<TimesInt8, std::uint8_t, std::int8_t>,
                               false,
                               nothing,
                               nothing};

}  // namespace enlace
