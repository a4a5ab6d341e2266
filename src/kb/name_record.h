// What a reader of a terminology finds, one fact at a time: names, types, relations, references,
// definitions, and which codes stand for one concept.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace enlace {

/// How a name stands to its concept, strongest first. Stored in files: values never change.
enum class Scope : std::uint8_t {
  kPreferred = 0,  // what the source itself calls the concept
  kExact = 1,      // means the same
  kRelated = 2,    // is used for it, but not exactly it
  kBroader = 3,    // means more than the concept
  kNarrower = 4,   // means less
};
inline constexpr std::uint8_t kScopeCount = 5;

/// The word for a scope in options, reports and JSON: "preferred", "exact", "related", "broad",
/// "narrow".
constexpr std::string_view to_string(Scope scope) noexcept {
  switch (scope) {
    case Scope::kPreferred: return "preferred";
    case Scope::kExact: return "exact";
    case Scope::kRelated: return "related";
    case Scope::kBroader: return "broad";
    case Scope::kNarrower: return "narrow";
  }
  return "";
}

/// The scope that to_string calls `word`.
constexpr std::optional<Scope> parse_scope(std::string_view word) noexcept {
  for (std::uint8_t value = 0; value < kScopeCount; ++value) {
    if (to_string(Scope{value}) == word) return Scope{value};
  }
  return std::nullopt;
}

// Codes are strings without blanks at their ends, never numbers. All text is UTF-8. The views of a
// record live as long as the call it is passed to.

/// `text` is a name of the concept `code`.
struct NameRecord {
  std::string_view code;
  std::string_view text;
  std::string_view language;  // canonical BCP 47 (kb/language_tag.h)
  std::string_view source;    // the vocabulary, such as "HPO"
  Scope scope = Scope::kExact;
  std::string_view term_type = {};  // the source's own word, such as "PT", "FN", "TRADENAME"
  std::string_view licence = {};    // such as "CC0-1.0"; empty: what the source spec says
};

/// The concept `code` is of the semantic type `type`, in the words of its source.
struct TypeRecord {
  std::string_view code, type;
};

/// `child` is a kind of `parent`.
struct RelationRecord {
  std::string_view child, parent;
};

/// `text` says what the concept `code` is. Of several definitions of a concept the first counts.
struct DefinitionRecord {
  std::string_view code, text;
  std::string_view language;  // canonical BCP 47
};

/// `code` is no longer in use; who asks for it gets `successor`. Chains are followed.
struct ReplacementRecord {
  std::string_view code, successor;
};

/// A mapping declares that both codes mean the same concept. Codes stand as they are, with their
/// prefixes.
struct EquivalenceRecord {
  std::string_view a, b;
};

/// The concept `code` is called `external` in another terminology, such as "UMLS:C0444868".
struct XrefRecord {
  std::string_view code, external;
};

}  // namespace enlace
