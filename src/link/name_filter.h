// Which names may be linked to: by language, source, semantic type and subtree.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "index/equal_forms.h"
#include "index/row_filter.h"
#include "kb/changed_kb.h"
#include "kb/knowledge_base.h"

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

/// Throws Error unless the knowledge base has every value of the filter: kInvalidArgument for a
/// language, source or type, naming those that are; kNotFound for the code of a subtree that is no
/// concept, or none any more.
void require_known(const NameFilter& filter, const ChangedKb& changed);

/// The names of one knowledge base that a filter lets through.
class NameScope {
 public:
  /// Every name.
  NameScope() = default;

  /// What the filter lets through of `kb`, but for the `superseded` concepts. Values that `kb` does
  /// not know let nothing through. Cost: one pass over the names if there is a filter; without one,
  /// a bit a name and what there is of the superseded.
  NameScope(const KnowledgeBase& kb, const NameFilter& filter,
            std::span<const ConceptId> superseded = {});

  bool everything() const noexcept { return names_.everything(); }
  bool allows(NameId name) const noexcept { return names_.allows(name); }

  /// The texts that are an allowed name of some concept.
  RowFilter texts(const KnowledgeBase& kb) const;

  /// The rows of an index that holds only the first of texts with equal forms: those for which some
  /// text is allowed.
  RowFilter rows(const KnowledgeBase& kb, const EqualForms& forms) const;

 private:
  void allow_filtered(const KnowledgeBase& kb, const NameFilter& filter);
  bool allows_some_name(const KnowledgeBase& kb, TextId text) const;

  RowFilter names_;  // its rows are names
  // Without a filter: the texts of superseded concepts, which may not be allowed any more; all
  // others are.
  std::optional<std::vector<TextId>> doubtful_;
};

}  // namespace enlace
