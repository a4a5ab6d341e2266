// The subsets of a gold standard by which ClinLinker reports: what was seen, and what was not.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "corpus/read_gold.h"

namespace enlace {

/// Row numbers of a gold standard, ascending.
using Rows = std::vector<std::size_t>;

/// Gallego et al. 2024 (ClinLinker), notebooks of the reference implementation:
///   clean   rows whose code is not NO_CODE and has no "+"
///   um      unseen mentions: not a mention of the training rows and not a name of the knowledge
///           base, exactly and with case; rows with "+" or "NO_CODE" anywhere in the code left out
///   uc      unseen codes: not a code of the training rows; the same rows left out
/// um and uc overlap. The whole gold standard is the fourth subset, GS. Deviation: the other
/// spellings of NIL (NOMAP, NO_MAP, CUI-less, CUILESS, -1) count as NO_CODE does.
struct Subsets {
  Rows clean;
  Rows unseen_mentions;
  Rows unseen_codes;
};

/// `is_name` says whether a string is a name of the knowledge base.
Subsets subsets_of(std::span<const GoldMention> gold, std::span<const GoldMention> train,
                   const std::function<bool(std::string_view)>& is_name);

}  // namespace enlace
