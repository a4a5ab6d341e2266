// Finding candidates for mentions: the interface of everything that can.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "link/candidate.h"
#include "link/ranking.h"

namespace enlace {

/// How to search.
struct SearchOptions {
  std::size_t k = 5;  // candidates per mention
  Ties ties = Ties::kShortCode;
  std::size_t workers = 1;
  std::span<const float> vectors = {};  // the mentions' embeddings, where they are known already
};

/// Proposes concepts for mentions. Const use is thread-safe.
class Retriever {
 public:
  virtual ~Retriever() = default;

  /// For each mention the best k distinct concepts, each with the best of its names, best first
  /// (link/ranking.h); fewer where there are no more to propose. Names outside the scope of a part
  /// are not looked at, so they cost no candidate its place. The result does not depend on the
  /// workers nor on which mentions are asked together.
  virtual std::vector<std::vector<Candidate>> retrieve(std::span<const std::string> mentions,
                                                       const SearchOptions& options) const = 0;
};

}  // namespace enlace
