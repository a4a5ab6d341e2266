// A knowledge base while it is being put together from several sources, in memory.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "kb/name_record.h"
#include "kb/source_report.h"
#include "kb/string_pool.h"

namespace enlace {

/// Merges what readers find: concepts by code, names by (code, text, language). Everything is an id
/// into a string pool; a million names of 40 bytes take about 120 MB.
///
/// Use: begin_source() and the add functions for one source after the other, settle() once, then
/// write_concepts (kb/concepts_writer.h). Views into it die with the next change.
class KbDraft {
 public:
  struct Name {
    std::uint32_t code, text, source;
    std::uint16_t language;
    Scope scope;
  };
  struct Edge {
    std::uint32_t child, parent;  // in codes()
    std::uint32_t reader;         // the number of the source that said it first, from 0
  };
  using Pair = std::pair<std::uint32_t, std::uint32_t>;  // an id in codes(), an id in another pool

  /// Everything added from now on comes from a further source.
  void begin_source() { ++readers_; }

  /// Adds a name, and counts it in `report` as a name or a duplicate and its concept as new or
  /// merged. Of a duplicate only a stronger scope is taken over. Requires a begun source, a code
  /// and a text that are not empty.
  /// Throws Error(kUnsupported) beyond 65,536 languages or 2^32 - 2 names.
  void add(const NameRecord& name, SourceReport& report);
  void add(const TypeRecord& type);
  void add(const RelationRecord& relation);
  void add(const XrefRecord& xref);

  /// Sorts what was added; drops types, references and relations of concepts that no source names,
  /// and the relations that close an is-a cycle, counting dropped relations in the report of the
  /// source they came from. `reports`: one per begun source, in order.
  ///
  /// Cycles are searched depth first from child to parent, codes in byte order, and each is
  /// complained about with its path; so what is dropped depends on the relations alone.
  void settle(std::span<SourceReport> reports);
  bool settled() const noexcept { return settled_; }

  const StringPool& codes() const noexcept { return codes_; }
  const StringPool& texts() const noexcept { return texts_; }
  const StringPool& languages() const noexcept { return languages_; }
  const StringPool& sources() const noexcept { return sources_; }
  const StringPool& types() const noexcept { return types_; }
  const StringPool& xrefs() const noexcept { return xrefs_; }

  /// Whether any source gives the concept a name. Requires an id of codes().
  bool named(std::uint32_t code) const noexcept {
    return code < last_reader_.size() && last_reader_[code] != 0;
  }

  const std::vector<Name>& names() const noexcept { return names_; }  // in order of arrival
  /// Distinct and sorted by id once settled.
  const std::vector<Pair>& type_pairs() const noexcept { return type_pairs_; }
  const std::vector<Pair>& xref_pairs() const noexcept { return xref_pairs_; }
  const std::vector<Edge>& edges() const noexcept { return edges_; }

 private:
  std::size_t slot_of(const Name& name) const noexcept;
  void grow();

  StringPool codes_, texts_, languages_, sources_, types_, xrefs_;
  std::vector<Name> names_;
  std::vector<std::uint32_t> slots_;        // open addressing over names_: index + 1, or 0
  std::vector<std::uint32_t> last_reader_;  // per code: number + 1 of the last source to name it
  std::vector<Pair> type_pairs_, xref_pairs_;
  std::vector<Edge> edges_;
  std::uint32_t readers_ = 0;
  bool settled_ = false;
};

}  // namespace enlace
