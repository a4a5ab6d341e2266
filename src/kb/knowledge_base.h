// The concepts of one build with their names and relations: immutable, readable in place.
//
// A section file (io/section_file.h) of kind "concepts", usually concepts.enlace.
// C concepts, N names, T distinct texts, E relations, X external references.
//
//   section           items        content
//   code.starts       u64[C + 1]   a string table (kb/string_table.h): the codes, sorted by bytes;
//   code.bytes        char[]         structure, because find() is steered by it
//   name.starts       u32[C + 1]   the names of concept c: from name.starts[c] to name.starts[c +
//   1] name.rows         NameRow[N]   16 bytes each: u32 concept, u32 text, u32 source, u16
//   language,
//                                    u8 scope, u8 zero
//   text.starts       u64[T + 1]   a string table: the distinct texts of all names, sorted by
//   bytes; text.bytes        char[]         bulk text.name.starts  u32[T + 1]   the names with a
//   text, in the same manner text.names        u32[N] type.starts       u32[C + 1]   the semantic
//   types of a concept, as ids of the table `type` type.ids          u32[] parent.starts     u32[C
//   + 1]   the parents of a concept, ascending parent.ids        u32[E] child.starts      u32[C +
//   1]   the same relations from the parent's side child.ids         u32[E] xref.starts       u32[C
//   + 1]   the external references of a concept, as numbers of strings xref.text.starts  u64[X + 1]
//   a string table; xref.text.bytes   char[]         bulk V.value.starts    u64[n + 1]   for V in
//   language, source, type: a string table of the distinct V.value.bytes     char[]         values,
//   sorted by bytes; structure V.tallies         Tally[n]     8 bytes each: u32 names, u32 concepts
//   with that value
//
// The names of a concept stand preferred first (by scope), then by language, then by text.
// History: 1.0 first version.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "io/section_file.h"
#include "kb/id_range.h"
#include "kb/name_record.h"
#include "kb/string_table.h"

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
  std::span<const Tally> tallies;
};

/// One name as the file stores it: ids only.
struct NameRow {
  ConceptId concept_id;
  TextId text_id;
  std::uint32_t source_id;    // in sources()
  std::uint16_t language_id;  // in languages()
  Scope scope;
  std::uint8_t zero = 0;
};
static_assert(sizeof(NameRow) == 16);

/// The same with its strings, which live in the mapping.
struct Name {
  std::string_view text;
  std::string_view language;  // canonical BCP 47
  std::string_view source;
  Scope scope;
  ConceptId concept_id;
  TextId text_id;
};

/// An open knowledge base. Every view it gives lives in the mapping and dies with the object, which
/// may be moved but not copied. Const use is safe from any number of threads.
///
/// Ids are checked when the file is opened, not when they are used: every accessor requires an id
/// below the matching count, as any id that came out of this object is. Accessors do not throw and
/// take constant time unless they say otherwise.
class KnowledgeBase {
 public:
  /// Throws as SectionFile::open does; kCorrupt if any offset or id is out of range.
  /// Cost: one pass over the structure sections; texts are not read.
  static KnowledgeBase open(const std::filesystem::path& path);

  std::uint32_t concept_count() const noexcept { return codes_.size(); }
  std::uint32_t name_count() const noexcept { return std::uint32_t(rows_.size()); }
  std::uint32_t text_count() const noexcept { return texts_.size(); }

  std::string_view code(ConceptId concept_id) const noexcept { return codes_[concept_id]; }

  /// The concept with exactly this code. O(log concepts).
  std::optional<ConceptId> find(std::string_view code) const noexcept { return codes_.find(code); }

  /// Never empty: a concept has at least one name.
  IdRange names_of(ConceptId concept_id) const noexcept {
    return {name_starts_[concept_id], name_starts_[concept_id + 1]};
  }
  Name name(NameId name_id) const noexcept;
  const NameRow& name_row(NameId name_id) const noexcept { return rows_[name_id]; }

  /// The first name of the concept in `language`, where "pt" also finds "pt-BR" (language_matches);
  /// its first name of all if it has none there or `language` is empty. Linear in its names.
  NameId preferred_name(ConceptId concept_id, std::string_view language = {}) const noexcept;

  std::string_view text(TextId text_id) const noexcept { return texts_[text_id]; }

  /// The text that is exactly this string, byte for byte. O(log texts).
  std::optional<TextId> find_text(std::string_view text) const noexcept {
    return texts_.find(text);
  }

  /// The names that share a text, ascending; never empty.
  std::span<const NameId> names_with_text(TextId text_id) const noexcept {
    return slice(text_name_starts_, text_names_, text_id);
  }

  /// Ids in types(), ascending.
  std::span<const std::uint32_t> types_of(ConceptId concept_id) const noexcept {
    return slice(type_starts_, type_ids_, concept_id);
  }
  std::span<const ConceptId> parents_of(ConceptId concept_id) const noexcept {
    return slice(parent_starts_, parent_ids_, concept_id);
  }
  std::span<const ConceptId> children_of(ConceptId concept_id) const noexcept {
    return slice(child_starts_, child_ids_, concept_id);
  }

  /// The concept itself and everything below it, each once, breadth first. Linear in what it finds,
  /// and one bit per concept of this knowledge base.
  std::vector<ConceptId> descendants(ConceptId concept_id) const;

  /// Numbers of strings for xref(), which are sorted.
  IdRange xrefs_of(ConceptId concept_id) const noexcept {
    return {xref_starts_[concept_id], xref_starts_[concept_id + 1]};
  }
  std::string_view xref(std::uint32_t xref_id) const noexcept { return xrefs_[xref_id]; }

  const ValueTable& languages() const noexcept { return languages_; }
  const ValueTable& sources() const noexcept { return sources_; }
  /// The tally of a type counts the names of the concepts of that type.
  const ValueTable& types() const noexcept { return types_; }

  /// Identifies the content: equal content, equal fingerprint (io/section_file.h).
  std::uint64_t fingerprint() const noexcept { return file_.fingerprint(); }
  const SectionFile& file() const noexcept { return file_; }

  /// Reads every byte. Throws Error(kCorrupt) unless all checksums hold and all text is UTF-8.
  void verify() const;

 private:
  explicit KnowledgeBase(SectionFile file);
  void check() const;

  template <class T>
  static std::span<const T> slice(std::span<const std::uint32_t> starts, std::span<const T> items,
                                  std::uint32_t i) noexcept {
    return items.subspan(starts[i], starts[i + 1] - starts[i]);
  }

  SectionFile file_;
  StringTable codes_, texts_, xrefs_;
  std::span<const std::uint32_t> name_starts_;
  std::span<const NameRow> rows_;
  std::span<const std::uint32_t> text_name_starts_, text_names_;
  std::span<const std::uint32_t> type_starts_, type_ids_;
  std::span<const std::uint32_t> parent_starts_, parent_ids_, child_starts_, child_ids_;
  std::span<const std::uint32_t> xref_starts_;
  ValueTable languages_, sources_, types_;
};

}  // namespace enlace
