// What the files of a vocabulary say, checked.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "io/json.h"
#include "text/merge_table.h"
#include "text/trie.h"

namespace enlace {

/// The entries of a vocabulary {"piece": id}, in the order of their ids; views into the document.
/// Throws Error(kCorrupt), naming `where`, unless every id below their number is there once.
std::vector<std::string_view> entries_by_id(simdjson::dom::object vocabulary,
                                            std::string_view where);

/// The two entries of a merge that is written "a b". Throws Error(kCorrupt), naming `where` and the
/// merge's `number`, if it is anything else.
std::pair<std::string_view, std::string_view> split_merge(std::string_view merge,
                                                          std::string_view where,
                                                          std::size_t number);

/// Merge `number`, from 1: `left` and `right` become an entry spelt as both, `continuation` left
/// out between them. Its rank is its number. Throws Error(kCorrupt) if one of the three is not
/// among `entries`.
BpeMerge find_merge(const Trie& entries, std::string_view left, std::string_view right,
                    std::string_view continuation, std::string_view where, std::size_t number);

}  // namespace enlace
