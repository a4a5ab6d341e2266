// MRCONSO of a synthetic UMLS.
#pragma once

#include <cstdint>
#include <vector>

#include "output.h"
#include "rrf_hierarchy.h"

namespace enlace::synthetic {

struct RrfOptions {
  std::uint64_t seed = 1;
  double scale = 1;                // 1: 3.3 million concepts
  std::uint64_t mrrel = 10000000;  // rows of MRREL at scale 1

  std::uint64_t concepts() const { return std::uint64_t(3300000 * scale); }
};

/// What the other tables need to know of the names.
struct WrittenNames {
  std::vector<std::uint32_t> first_aui;  // per concept: an English atom
  std::vector<std::uint32_t> brand_aui;  // per concept: its brand name, or 0
  std::vector<Hierarchy> hierarchies;
};

WrittenNames write_names(Table& table, const RrfOptions& options);

}  // namespace enlace::synthetic
