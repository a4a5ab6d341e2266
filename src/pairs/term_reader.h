// The strings of a concept as a recipe wants them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kb/knowledge_base.h"
#include "link/name_filter.h"
#include "pairs/recipe.h"
#include "text/normalizer.h"

namespace enlace {

/// A string that may stand in a pair. Terms with one key are one string.
struct Term {
  std::string text;           // what is written
  std::string key;            // what it is compared by; empty: by the text itself
  std::uint32_t language_id;  // of the first name that gave it
  Scope scope;
  std::uint32_t depth;  // 0: the concept's own; else of the ancestor whose name it is
};

/// What became of the names that a recipe asks for.
struct NameTally {
  std::uint64_t taken = 0;
  std::uint64_t not_writable = 0;  // hold what separates fields or lines
  std::uint64_t other_scope = 0;   // narrower or broader than the concept
  std::uint64_t empty = 0;         // nothing is left of them in the form they are compared in

  NameTally& operator+=(const NameTally& other) noexcept;
};

/// Whether `text` may be a field of a line `id||name||name`: without "||", tab and line ends, and
/// without '|' at its end, which a reader would take for part of the separator.
bool is_writable_field(std::string_view text) noexcept;

/// The names that a recipe takes from one knowledge base, which must outlive it. Const use is
/// thread-safe.
class TermReader {
 public:
  /// Cost: as NameScope.
  TermReader(const KnowledgeBase& kb, const PairRecipe& recipe);

  /// Whether the recipe asks for a name: its language, source, type and scope.
  bool takes(NameId name) const { return takes(name, kb_.name_row(name)); }

  /// Appends the terms of a concept to `terms` in the order of its names, and counts the names.
  /// Terms may repeat. By quotas they have keys, in the normalised form (Normalizer::plain).
  void read(ConceptId concept_id, std::uint32_t depth, std::vector<Term>& terms,
            NameTally& tally) const;

 private:
  bool asks_for(NameId name, const NameRow& row) const;
  bool has_scope(const NameRow& row) const noexcept;
  bool takes(NameId name, const NameRow& row) const {
    return asks_for(name, row) && has_scope(row);
  }

  const KnowledgeBase& kb_;
  const PairRecipe& recipe_;
  NameScope scope_;                                                // what the filter asks for
  NameScope any_language_;                                         // the same but for the language
  std::vector<bool> trade_types_, tagged_sources_, tagged_types_;  // by id of the value
  Normalizer normalizer_ = Normalizer::plain();
};

}  // namespace enlace
