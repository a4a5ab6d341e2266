// The forms of numbered things, such as the match keys of a knowledge base's texts, by their
// hashes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/progress.h"
#include "index/form_of.h"

namespace enlace {

/// The numbers that have a form, in the order of their hashes; equal ones by number.
struct HashedForms {
  std::vector<std::uint32_t> ids;
  std::vector<std::uint64_t> hashes;  // of ids[i], rising
};

/// Hashes the forms of 0 … count - 1. Does not depend on `workers`. Memory: 28 bytes a form.
/// Throws Error(kCancelled), and what `form_of` throws.
HashedForms hash_forms(std::uint32_t count, const FormOf& form_of, std::size_t workers,
                       const Progress& progress = {});

}  // namespace enlace
