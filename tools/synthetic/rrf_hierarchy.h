// MRHIER of a synthetic UMLS: paths from atoms to the roots of their vocabularies.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "output.h"

namespace enlace::synthetic {

/// A place in a hierarchy. Its parents are of lower rank, which differ from concept to concept and
/// agree between vocabularies; so no vocabulary contradicts another.
struct Node {
  std::uint64_t rank;
  std::uint32_t concept_number, aui;
};

struct Hierarchy {
  std::string_view source;  // SAB
  double most_paths;        // of one atom
  std::vector<Node> nodes;  // sorted by rank once written
  static constexpr std::uint32_t kNoParent = 0xFFFFFFFF;
  std::vector<std::array<std::uint32_t, 3>> parents;  // in nodes, by node
};

/// Writes the rows of one vocabulary, by concept, and fills `parents`. Up to 15 levels.
void write_hierarchy(Table& table, Hierarchy& hierarchy, std::uint64_t seed);

std::uint32_t cui_number(std::uint64_t concept_number);

}  // namespace enlace::synthetic
