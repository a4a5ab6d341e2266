// Cutting the vocabulary of a tokenizer.json to the entries that are wanted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/script.h"

namespace enlace {

/// Which entries of a vocabulary stay. With a min_count of 1 a text all of whose entries are used
/// is split as before; prune_tokenizer says why.
struct VocabularyCut {
  std::span<const std::uint64_t> uses;  // by id: how often the entry is used
  std::uint64_t min_count = 1;          // an entry stays that is used at least so often
  ScriptSet scripts;                    // whose single characters stay, used or not
  std::vector<std::int32_t> ids;        // that stay in any case, and all below `first_ids`
  std::int32_t first_ids = 0;

  /// If fewer stay, the most frequent entries of the scripts are added up to this number: of
  /// Unigram those of the highest scores, of the others those that were learnt first.
  std::size_t at_least = 0;
};

/// A tokenizer.json with fewer entries. New ids rise with the old ones.
struct PrunedTokenizer {
  std::string json;
  std::vector<std::int32_t> kept;  // the old ids of its entries and added tokens, by new id
};

/// The tokenizer of `json` with the entries of `cut` alone, and nothing else changed.
///
/// What stays besides: added tokens, the unknown entry, whatever the post-processor names, entries
/// for bytes, single characters of the scripts and common ones, each with and without the mark of a
/// word's beginning or continuation, so that any text of the scripts can fall apart into them.
///
/// A text whose entries all stay is split into the same entries as before:
/// - Unigram: scores do not change, so a path that was the best of all is the best of fewer. An
///   entry of the least score stays, so that what an unknown character costs does not change.
/// - WordPiece: the longest entry of all is the longest of fewer.
/// - BPE: the merges that make an entry stay with it, and so do their parts. As long as the merge
/// of
///   the lowest rank is there, it is the lowest of fewer.
///
/// Throws Error as parse_tokenizer does; kInvalidArgument if `cut` counts another vocabulary.
PrunedTokenizer prune_tokenizer(std::string_view json, std::string_view where,
                                const VocabularyCut& cut);

}  // namespace enlace
