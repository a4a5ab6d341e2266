// What language reference sets say of descriptions.
#pragma once

#include <cstdint>
#include <vector>

#include "sources/id_map.h"

namespace enlace {

/// Which reference sets hold a description to be preferred, and which to be acceptable.
class Rf2Dialects {
 public:
  static constexpr std::size_t kMostRefsets = 32;
  static constexpr std::uint8_t kNotPreferred = 255;

  /// Adds an active row. False, and nothing is added, beyond kMostRefsets.
  bool add(std::uint64_t refset, std::uint64_t description, bool preferred);

  /// Says which reference sets count, the first deciding; those that are not here are passed over.
  void choose(const std::vector<std::uint64_t>& refsets);

  const std::vector<std::uint64_t>& refsets() const noexcept { return refsets_; }

  struct Answer {
    bool acceptable;    // or preferred, in any chosen reference set
    std::uint8_t rank;  // the place of the first chosen one where it is preferred
  };
  Answer of(std::uint64_t description) const noexcept;

 private:
  struct Sets {
    std::uint32_t preferred = 0, acceptable = 0;  // a bit for each of refsets_
  };

  std::vector<std::uint64_t> refsets_;  // in order of arrival
  std::vector<std::uint8_t> ranks_;     // of each of them
  std::uint32_t chosen_ = 0;
  IdMap descriptions_;
  std::vector<Sets> sets_;
};

}  // namespace enlace
