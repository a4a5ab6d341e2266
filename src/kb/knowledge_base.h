// The concepts of one build with their names and relations: immutable, readable in place.
//
// A section file (io/section_file.h) of kind "concepts", usually concepts.enlace. All sections are
// paged. C concepts, N names, T distinct texts. A "table" is a string table (kb/string_table.h), a
// "group" a group table (kb/groups.h).
//
//   section          items            content
//   code             table            codes, sorted by bytes: the number of a code is its concept
//   name.starts      u32[C + 1]       the names of concept c: name.starts[c] .. name.starts[c + 1]
//   name.concepts    u32[N / 64 + 1]  the concept of every 64th name
//   name.rows        PackedName[N]    u32 text, u16 origin, u16 language x 8 + scope
//   origin           NameOrigin[]     u32 source, u32 term type, u32 licence
//   text             table            the distinct texts of all names, sorted by bytes
//   text.names       group by text    the names with a text, rising
//   type             group by concept semantic types, as numbers in type.value
//   parent           group by concept the parents of a concept, rising
//   child            group by concept the same relations from the parent's side
//   order            u32[C]           labels of the hierarchy (kb/subtree_labels.h); these four
//   by.order         u32[C]             are empty where there would be too many intervals
//   interval.starts  u32[C + 1]
//   intervals        (u32, u32)[]
//   xref             group by concept external references, as numbers in xref.text
//   xref.text        table            sorted by bytes
//   former           table            codes that lead to a concept but are not its own, sorted
//   former.concepts  u32[]            the concept of each
//   defined          u32[]            the concepts with a definition, rising
//   definition       table            their definitions
//   V.value          table            for V in language, source, type, term, licence: the
//   V.tallies        Tally[]            distinct values, sorted; how many names and concepts each
//
// The names of a concept stand preferred first (by scope), then by language, then by text.
// History: 1.0 first version; with manifest format 4: paged, 8 bytes a name, origins, former codes,
// definitions, labels of the hierarchy.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "io/section_file.h"
#include "kb/groups.h"
#include "kb/id_range.h"
#include "kb/name_record.h"
#include "kb/string_table.h"
#include "kb/subtree_labels.h"

namespace enlace {

using ConceptId = std::uint32_t;  // the rank of a code among all codes
using NameId = std::uint32_t;     // names of one concept are consecutive
using TextId = std::uint32_t;     // the rank of a text among all distinct texts

/// How much of a knowledge base carries one language, source or type.
struct Tally {
  std::uint32_t names;
  std::uint32_t concepts;
};
static_assert(sizeof(Tally) == 8);

/// The distinct values of one property, sorted by bytes, and their tallies, by value id.
struct ValueTable {
  StringTable values;
  PagedArray<Tally> tallies;
};

/// Where a name comes from and on what terms: numbers of values.
struct NameOrigin {
  std::uint32_t source, term_type, licence;
};
static_assert(sizeof(NameOrigin) == 12);

/// A name as the file holds it.
struct PackedName {
  std::uint32_t text_id;
  std::uint16_t origin;
  std::uint16_t language_and_scope;  // language id x 8 + scope
};
static_assert(sizeof(PackedName) == 8);
inline constexpr std::uint32_t kNamesPerMark = 64;     // of name.concepts
inline constexpr std::uint32_t kMostLanguages = 8192;  // 13 bits
inline constexpr std::uint32_t kMostOrigins = 65536;

/// One name as numbers.
struct NameRow {
  ConceptId concept_id;
  TextId text_id;
  std::uint32_t source_id;     // in sources()
  std::uint32_t language_id;   // in languages()
  std::uint32_t licence_id;    // in licences()
  std::uint32_t term_type_id;  // in term_types()
  Scope scope;
};

/// The same with its strings, which live in the mapping.
struct Name {
  std::string_view text;
  std::string_view language;  // canonical BCP 47
  std::string_view source;
  std::string_view term_type;  // the source's own word; may be empty
  std::string_view licence;    // may be empty: not said
  Scope scope;
  ConceptId concept_id;
  TextId text_id;
};

/// An open knowledge base. Every view it gives lives in the mapping and dies with the object, which
/// may be moved but not copied. Const use is safe from any number of threads.
///
/// Opening reads almost nothing. Each page is proved by its checksum when it is first read, and
/// every number from the file is checked when it is used: all accessors throw Error(kCorrupt) where
/// the file is damaged. They require an id below the matching count, as any id that came out of
/// this object is, and take constant time unless they say otherwise.
class KnowledgeBase {
 public:
  /// Throws as SectionFile::open does; kCorrupt if the sizes of sections disagree.
  static KnowledgeBase open(const std::filesystem::path& path);

  std::uint32_t concept_count() const noexcept { return codes_.size(); }
  std::uint32_t name_count() const noexcept { return std::uint32_t(rows_.size()); }
  std::uint32_t text_count() const noexcept { return texts_.size(); }

  std::string_view code(ConceptId concept_id) const { return codes_[concept_id]; }

  /// The concept with exactly this code. O(log concepts).
  std::optional<ConceptId> find(std::string_view code) const { return codes_.find(code); }

  /// The concept that a code leads to which is not its own: a retired code to its successor, a
  /// code of a mapped terminology to the concept it was joined with. O(log former codes).
  std::optional<ConceptId> find_former(std::string_view code) const;
  /// The former codes, sorted, and the concept of each.
  const StringTable& former_codes() const noexcept { return former_; }
  ConceptId former_concept(std::uint32_t former) const { return checked(former_concepts_[former]); }

  /// Never empty: a concept has at least one name.
  IdRange names_of(ConceptId concept_id) const;
  ConceptId concept_of(NameId name_id) const;
  Name name(NameId name_id) const;
  NameRow name_row(NameId name_id) const;
  TextId text_of(NameId name_id) const { return rows_[name_id].text_id; }

  /// The first name of the concept in `language`, where "pt" also finds "pt-BR" (language_matches);
  /// its first name of all if it has none there or `language` is empty. Linear in its names.
  NameId preferred_name(ConceptId concept_id, std::string_view language = {}) const;

  std::string_view text(TextId text_id) const { return texts_[text_id]; }
  /// As StringTable's, for texts.
  void ask_where_text(TextId text_id) const noexcept { texts_.ask_where(text_id); }
  void ask_text(TextId text_id) const noexcept { texts_.ask(text_id); }

  /// The text that is exactly this string, byte for byte. O(log texts).
  std::optional<TextId> find_text(std::string_view text) const { return texts_.find(text); }

  /// The names that share a text, ascending; never empty.
  std::span<const NameId> names_with_text(TextId text_id) const { return text_names_[text_id]; }

  /// Ids in types(), ascending.
  std::span<const std::uint32_t> types_of(ConceptId concept_id) const {
    return types_of_[concept_id];
  }
  std::span<const ConceptId> parents_of(ConceptId concept_id) const { return parents_[concept_id]; }
  std::span<const ConceptId> children_of(ConceptId concept_id) const {
    return children_[concept_id];
  }

  /// Whether the concept is `ancestor` or anywhere below it. O(log intervals of the ancestor), of
  /// which there are few; linear in the concept's ancestors if the hierarchy has no labels.
  bool is_at_or_below(ConceptId concept_id, ConceptId ancestor) const;

  /// The concept itself and everything below it, each once, ascending. O(n log n) in what it finds.
  std::vector<ConceptId> descendants(ConceptId concept_id) const;

  /// What the concept is, in words; empty if nobody says. O(log definitions).
  std::string_view definition(ConceptId concept_id) const;
  std::uint32_t definition_count() const noexcept { return std::uint32_t(defined_.size()); }

  /// Numbers of strings for xref(), which are sorted.
  std::span<const std::uint32_t> xrefs_of(ConceptId concept_id) const { return xrefs_[concept_id]; }
  std::string_view xref(std::uint32_t xref_id) const { return xref_texts_[xref_id]; }

  const ValueTable& languages() const noexcept { return languages_; }
  const ValueTable& sources() const noexcept { return sources_; }
  const ValueTable& term_types() const noexcept { return term_types_; }
  const ValueTable& licences() const noexcept { return licences_; }
  /// The tally of a type counts the names of the concepts of that type.
  const ValueTable& types() const noexcept { return types_; }

  /// Identifies the content: equal content, equal fingerprint (io/section_file.h).
  std::uint64_t fingerprint() const noexcept { return file_.fingerprint(); }
  const SectionFile& file() const noexcept { return file_; }

  /// Reads every byte. Throws Error(kCorrupt) unless all checksums hold, all text is UTF-8, and
  /// every number leads somewhere.
  void verify() const;

 private:
  explicit KnowledgeBase(SectionFile file);
  void check_sizes() const;
  [[noreturn]] void refuse(std::string_view section) const;
  ConceptId checked(ConceptId concept_id) const {
    if (concept_id >= concept_count()) refuse("concept");
    return concept_id;
  }
  bool has_labels() const noexcept { return order_.size() > 0; }
  /// What can be reached from a concept by `next`, itself first.
  std::vector<ConceptId> reachable(ConceptId from, const GroupTable& next) const;
  std::span<const OrderInterval> intervals_below(ConceptId concept_id) const {
    return intervals_.slice(interval_starts_[concept_id],
                            interval_starts_[concept_id + std::size_t{1}]);
  }

  SectionFile file_;
  StringTable codes_, texts_, xref_texts_, former_, definitions_;
  PagedArray<std::uint32_t> name_starts_, name_concepts_;
  PagedArray<PackedName> rows_;
  PagedArray<NameOrigin> origins_;
  GroupTable text_names_, types_of_, parents_, children_, xrefs_;
  PagedArray<std::uint32_t> order_, by_order_, interval_starts_;
  PagedArray<OrderInterval> intervals_;
  PagedArray<std::uint32_t> former_concepts_, defined_;
  ValueTable languages_, sources_, types_, term_types_, licences_;
};

}  // namespace enlace
