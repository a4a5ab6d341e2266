// Which code stands for all that mean the same concept.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace enlace {

/// Two codes that a mapping declares to be one concept, and the number of the source that said so.
struct CodeJoin {
  std::uint32_t a, b;
  std::uint32_t reader;
};

/// For each of the codes 0 … ranks.size() - 1 the one that stands for its group: of those that
/// `joins` connect, directly or by way of others, the code of the least rank; of equal ranks, the
/// least code. Requires codes below ranks.size(). Does not depend on the order of `joins`.
std::vector<std::uint32_t> standing_codes(std::span<const CodeJoin> joins,
                                          std::span<const std::uint32_t> ranks);

}  // namespace enlace
