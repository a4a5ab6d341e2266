// Which names may be linked to: by language, source, semantic type and subtree.
#pragma once

#include <string>
#include <vector>

#include "index/row_filter.h"
#include "kb/knowledge_base.h"
#include "link/text_map.h"

namespace enlace {

/// What a user asks for. An empty list asks for nothing; the lists restrict together, and within
/// one list any value will do.
struct NameFilter {
  std::vector<std::string> languages = {};  // BCP 47; "pt" also takes "pt-BR"
  std::vector<std::string> sources = {};
  std::vector<std::string> types = {};
  std::vector<std::string> subtrees = {};  // codes: the concept itself or anything below it

  bool empty() const noexcept {
    return languages.empty() && sources.empty() && types.empty() && subtrees.empty();
  }
};

/// The names of one knowledge base that a filter lets through.
class NameScope {
 public:
  /// Every name.
  NameScope() = default;

  /// Throws Error(kInvalidArgument) if a language, source or type is not in `kb`, naming those that
  /// are; kNotFound if a subtree's code is not. Cost: one pass over the names.
  NameScope(const KnowledgeBase& kb, const NameFilter& filter);

  bool everything() const noexcept { return names_.everything(); }
  bool allows(NameId name) const noexcept { return names_.allows(name); }

  /// The texts that are an allowed name of some concept.
  RowFilter texts(const KnowledgeBase& kb) const;

  /// The rows of an index, given the texts of each row, that have an allowed text.
  RowFilter rows(const KnowledgeBase& kb, const TextMap& texts_of_row) const;

 private:
  bool allows_some_name(const KnowledgeBase& kb, TextId text) const;

  RowFilter names_;  // its rows are names
};

}  // namespace enlace
