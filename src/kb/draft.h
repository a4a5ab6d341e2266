// A knowledge base while it is being put together from several sources, in memory.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "kb/joined_codes.h"
#include "kb/name_record.h"
#include "kb/source_report.h"
#include "kb/string_pool.h"
#include "kb/tagged_slots.h"

namespace enlace {

/// What holds for everything a source says.
struct SourceDefaults {
  std::string licence;  // of names that do not say
  std::string prefix;   // put before every code that does not begin with it
};

/// Merges what readers find: concepts by code and by declared equivalence, never by name; names by
/// (code, text, language). Everything is an id
/// into a string pool; a million names of 40 bytes take about 120 MB.
///
/// Use: begin_source() and the add functions for one source after the other, settle() once, then
/// write_concepts (kb/concepts_writer.h). Views into it die with the next change.
class KbDraft {
 public:
  struct Name {
    std::uint32_t code, text, origin;
    std::uint16_t language;
    Scope scope;
    bool earlier = false;  // said by the earlier source
  };
  /// Where a name comes from and on what terms.
  struct Origin {
    std::uint32_t source, term_type, licence;  // in the pools of these names
    friend bool operator==(const Origin&, const Origin&) = default;
    friend auto operator<=>(const Origin&, const Origin&) = default;
  };
  struct Definition {
    std::uint32_t code;
    std::string language;  // for whoever chooses; the file does not keep it
    std::string text;
    bool earlier = false;  // said by the earlier source
  };
  struct Edge {
    std::uint32_t child, parent;  // in codes()
    std::uint32_t reader;         // the number of the source that said it first, from 0
  };
  using Pair = std::pair<std::uint32_t, std::uint32_t>;  // an id in codes(), an id in another pool

  /// Everything added from now on comes from a further source.
  void begin_source(SourceDefaults defaults = {});

  /// Everything added from now on was there before all other sources were read, and the result is
  /// that of having added it first: its origins and definitions are kept, and its codes stand
  /// before those of other sources, in the order in which they are named. References that were
  /// mappings have done their work: they join nothing again. At most once, as the last source,
  /// before settle().
  void begin_earlier_source();

  /// Adds a name, and counts it in `report` as a name or a duplicate and its concept as new or
  /// merged. Of a duplicate only a stronger scope is taken over. Requires a begun source, a code
  /// and a text that are not empty.
  /// Throws Error(kUnsupported) beyond 65,536 languages or 2^32 - 2 names.
  void add(const NameRecord& name, SourceReport& report) { add(std::span(&name, 1), report); }
  /// Adds several, with the same result as one after the other and less waiting for memory.
  void add(std::span<const NameRecord> names, SourceReport& report);
  void add(const TypeRecord& type);
  void add(const RelationRecord& relation);
  void add(const XrefRecord& xref);
  void add(const DefinitionRecord& definition);
  void add(const ReplacementRecord& replacement);
  void add(const EquivalenceRecord& equivalence);

  /// Takes a reference such as "UMLS:C0444868" for an equivalence with the code behind the prefix,
  /// or with the whole if that is a code here, for every reference that begins with one of
  /// `prefixes` and a colon. Counts for settle(); none: no reference is.
  void merge_by_xrefs(std::vector<std::string> prefixes) {
    merging_prefixes_ = std::move(prefixes);
  }
  /// The code behind the prefix of a reference that is taken for an equivalence; empty: none is.
  std::string_view merging_code(std::string_view external) const noexcept;

  /// Joins the codes of one concept: of equivalent codes, the one that a source named first stands
  /// for all, and the others become former codes of it. Then sorts what was added; drops types,
  /// references and relations of concepts that no source names, and the relations that close an
  /// is-a cycle, counting dropped relations in the report of the source they came from. `reports`:
  /// one per begun source, in order.
  ///
  /// Cycles are searched depth first from child to parent, codes in byte order, and each is
  /// complained about with its path; so what is dropped depends on the relations alone.
  void settle(std::span<SourceReport> reports);
  bool settled() const noexcept { return settled_; }

  /// What mappings did, once settled.
  const JoinReport& join_report() const noexcept { return join_report_; }

  const StringPool& codes() const noexcept { return codes_; }
  const StringPool& texts() const noexcept { return texts_; }
  const StringPool& languages() const noexcept { return languages_; }
  const StringPool& sources() const noexcept { return sources_; }
  const StringPool& types() const noexcept { return types_; }
  const StringPool& xrefs() const noexcept { return xrefs_; }
  const StringPool& term_types() const noexcept { return term_types_; }
  const StringPool& licences() const noexcept { return licences_; }
  const std::vector<Origin>& origins() const noexcept { return origins_; }

  /// Whether any source gives the concept a name. Requires an id of codes().
  bool named(std::uint32_t code) const noexcept {
    return code < last_reader_.size() && last_reader_[code] != 0;
  }

  const std::vector<Name>& names() const noexcept { return names_; }  // in order of arrival
  /// Distinct and sorted by id once settled.
  const std::vector<Pair>& type_pairs() const noexcept { return type_pairs_; }
  const std::vector<Pair>& xref_pairs() const noexcept { return xref_pairs_; }
  const std::vector<Edge>& edges() const noexcept { return edges_; }
  /// The declared equivalences, until settled.
  const std::vector<CodeJoin>& joins() const noexcept { return joins_; }
  /// At most one a concept, by id of the code, once settled.
  const std::vector<Definition>& definitions() const noexcept { return definitions_; }
  /// Codes that are not a concept's own, and the concept that each leads to; by id, once settled.
  const std::vector<Pair>& former_codes() const noexcept { return former_codes_; }

 private:
  static constexpr std::size_t kBatch = 64;  // names whose memory is fetched at once

  struct Replacement {
    std::uint32_t code, successor, reader;
  };

  TaggedSlots::Slot& slot_of(const Name& name, std::uint32_t hash) noexcept;
  void add_batch(std::span<const NameRecord> names, SourceReport& report);
  void enter(Name name, std::uint32_t hash, const NameRecord& record, SourceReport& report);
  bool earlier() const noexcept { return readers_ == earlier_reader_; }
  std::uint32_t reader_of(std::uint32_t name) const noexcept;
  std::uint32_t code_id(std::string_view code);
  std::uint16_t language_id(std::string_view language);
  std::uint32_t origin_id(const NameRecord& record);
  void join_by_xrefs();
  void join_codes(std::span<SourceReport> reports);
  void recount_known(const std::vector<std::uint32_t>& first_names,
                     std::span<SourceReport> reports) const;
  std::vector<std::uint32_t> code_ranks(std::vector<std::uint32_t> first_names) const;
  void find_doubtful_groups(const std::vector<std::uint32_t>& standing);
  void move_names(const std::vector<std::uint32_t>& standing);
  void settle_former_codes(const std::vector<std::uint32_t>& standing,
                           std::span<SourceReport> reports);
  void settle_relations(std::span<SourceReport> reports);

  StringPool codes_, texts_, languages_, sources_, types_, xrefs_, term_types_, licences_;
  SourceDefaults defaults_;
  std::string prefixed_;  // scratch of code_id()
  std::vector<Origin> origins_;
  std::map<Origin, std::uint32_t> origin_ids_;
  std::array<std::uint32_t, 64> recent_origins_{};  // by their values: ids that were found lately
  std::uint32_t last_code_ = 0;                     // that code_id() gave
  std::vector<std::string> merging_prefixes_;
  std::vector<Definition> definitions_;
  std::vector<Replacement> replacements_;
  std::vector<Pair> former_codes_;
  std::vector<CodeJoin> joins_;
  JoinReport join_report_;
  std::vector<Name> names_;
  TaggedSlots slots_;                       // over names_
  std::vector<std::uint32_t> last_reader_;  // per code: number + 1 of the last source to name it
  std::vector<Pair> type_pairs_, xref_pairs_;
  std::vector<Edge> edges_;
  std::vector<std::uint32_t> first_names_of_readers_;  // in names_
  std::vector<std::uint32_t> earlier_codes_;           // that the earlier source names, in order
  std::size_t earlier_xrefs_ = ~std::size_t{0};        // where its references begin
  std::uint32_t readers_ = 0;
  std::uint32_t earlier_reader_ = ~std::uint32_t{0};  // number + 1 of the earlier source
  bool settled_ = false;
};

}  // namespace enlace
