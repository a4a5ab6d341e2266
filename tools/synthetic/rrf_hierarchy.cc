#include "rrf_hierarchy.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "concept_names.h"

namespace enlace::synthetic {
namespace {

constexpr std::uint32_t kNone = Hierarchy::kNoParent;
constexpr std::uint8_t kDeepest = 15;

/// Paths of all nodes: path p of node n is its parent's path `up[p]`, and n.
struct Paths {
  std::vector<std::uint32_t> first;  // of a node; one more than nodes
  std::vector<std::uint32_t> up, node;
  std::vector<std::uint8_t> depth;

  void add(std::uint32_t owner, std::uint32_t above) {
    up.push_back(above);
    node.push_back(owner);
    depth.push_back(above == kNone ? 0 : std::uint8_t(depth[above] + 1));
  }
};

std::array<std::uint32_t, 3> draw_parents(Random& random, std::uint32_t below, bool several) {
  std::array<std::uint32_t, 3> parents = {kNone, kNone, kNone};
  if (below == 0) return parents;
  const std::size_t count = several ? 1 + random.below(3) : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const double share = double(random.next() >> 11) * 0x1p-53;
    const auto parent = std::uint32_t(share * std::sqrt(share) * below);
    if (std::find(parents.begin(), parents.end(), parent) == parents.end()) parents[i] = parent;
  }
  return parents;
}

Paths draw_paths(Hierarchy& hierarchy, std::uint64_t seed) {
  const auto most = std::size_t(hierarchy.most_paths);
  const auto count = std::uint32_t(hierarchy.nodes.size());
  Paths paths;
  Random random(mix(seed, most));
  for (std::uint32_t node = 0; node < count; ++node) {
    paths.first.push_back(std::uint32_t(paths.up.size()));
    const auto parents = draw_parents(random, node, most > 1);
    hierarchy.parents.push_back(parents);
    const std::size_t start = paths.up.size();
    for (const std::uint32_t parent : parents) {
      if (parent == kNone) continue;
      for (std::uint32_t p = paths.first[parent];
           p < paths.first[parent + 1] && paths.up.size() - start < most; ++p) {
        if (paths.depth[p] + 1 < kDeepest) paths.add(node, p);
      }
    }
    if (paths.up.size() == start) paths.add(node, node == 0 ? kNone : 0);
  }
  paths.first.push_back(std::uint32_t(paths.up.size()));
  return paths;
}

}  // namespace

std::uint32_t cui_number(std::uint64_t concept_number) {
  return std::uint32_t(5 + 2 * concept_number);  // the even ones are retired
}

void write_hierarchy(Table& table, Hierarchy& hierarchy, std::uint64_t seed) {
  auto& nodes = hierarchy.nodes;
  std::sort(nodes.begin(), nodes.end(),
            [](const Node& a, const Node& b) { return a.rank < b.rank; });
  const Paths paths = draw_paths(hierarchy, seed);
  std::vector<std::uint32_t> order(nodes.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return nodes[a].concept_number < nodes[b].concept_number;
  });
  for (const std::uint32_t node : order) {
    for (std::uint32_t p = paths.first[node]; p < paths.first[node + 1]; ++p) {
      table.number("C", cui_number(nodes[node].concept_number), 7);
      table.number("A", nodes[node].aui, 7) << std::uint64_t(p - paths.first[node] + 1);
      std::array<std::uint32_t, kDeepest> above{};
      std::size_t depth = 0;
      for (std::uint32_t up = paths.up[p]; up != kNone; up = paths.up[up]) {
        above[depth++] = nodes[paths.node[up]].aui;
      }
      if (depth == 0) {
        table << "" << hierarchy.source << ""
              << "";
      } else {
        table.number("A", above[0], 7)
            << hierarchy.source
            << (hierarchy.source == "NCI" && node % 32 == 0 ? "part_of" : "isa");
        while (depth > 1) {
          table.append_number("A", above[--depth], 7);
          table.row() += '.';
        }
        table.number("A", above[0], 7);
      }
      table << ""
            << "";
      table.end_row();
    }
  }
}

}  // namespace enlace::synthetic
