// What was read from one source, merged, left out and refused.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "io/read_report.h"

namespace enlace {

/// How often something happened, by its reason, in a fixed order.
using ReasonCounts = std::map<std::string, std::size_t, std::less<>>;

/// One per source, filled by its reader and completed by KbDraft::settle.
struct SourceReport {
  std::string kind;  // "obo", "tsv", …
  std::string path;

  ReadReport rows;        // lines, stanzas or entries read; how many were bad; the first complaints
  ReasonCounts refused;   // bad rows, by reason
  ReasonCounts left_out;  // good rows that are not wanted: "obsolete", "not translated", …
  ReasonCounts odd;       // rows taken though something is strange: "wrong check digit", …

  std::size_t names = 0;            // added
  std::size_t duplicates = 0;       // code, text and language that were there before
  std::size_t new_concepts = 0;     // that had no name before this source
  std::size_t merged_concepts = 0;  // that had one
  std::size_t unnamed_edges = 0;    // is-a relations dropped because one end has no name anywhere
  std::size_t cyclic_edges = 0;     // is-a relations dropped because they close a cycle
  std::size_t named_former_codes = 0;  // replaced by others, but a source names them: they stay
  std::size_t mappings = 0;            // declared equivalences of two codes
  std::size_t joined_concepts = 0;     // named concepts that its mappings joined to another

  /// Counts a bad row under `reason` and keeps the complaint if it is among the first.
  template <class... Args>
  void refuse(std::string_view reason, fmt::format_string<Args...> text, Args&&... args) {
    rows.refuse(text, std::forward<Args>(args)...);
    count(refused, reason);
  }

  void leave_out(std::string_view reason) { count(left_out, reason); }

  /// Adds what another reader of this source saw of its rows.
  void add_rows(const SourceReport& part) {
    rows.rows += part.rows.rows;
    rows.bad += part.rows.bad;
    for (const std::string& text : part.rows.complaints) complain("{}", text);
    for (const auto& [reason, number] : part.refused) refused[reason] += number;
    for (const auto& [reason, number] : part.left_out) left_out[reason] += number;
    for (const auto& [reason, number] : part.odd) odd[reason] += number;
  }

  /// Adds what a draft counted of names of this source (KbDraft::add).
  void add_names(const SourceReport& part) noexcept {
    names += part.names;
    duplicates += part.duplicates;
    new_concepts += part.new_concepts;
    merged_concepts += part.merged_concepts;
  }

  /// Counts a row that is taken all the same, and keeps the complaint if it is among the first.
  template <class... Args>
  void warn(std::string_view reason, fmt::format_string<Args...> text, Args&&... args) {
    count(odd, reason);
    complain(text, std::forward<Args>(args)...);
  }

  /// Keeps a complaint that is of no row if it is among the first.
  template <class... Args>
  void complain(fmt::format_string<Args...> text, Args&&... args) {
    if (rows.complaints.size() < ReadReport::kKeptComplaints) {
      rows.complaints.push_back(fmt::format(text, std::forward<Args>(args)...));
    }
  }

 private:
  static void count(ReasonCounts& counts, std::string_view reason) {
    const auto found = counts.find(reason);
    if (found == counts.end()) {
      counts.emplace(reason, 1);
    } else {
      ++found->second;
    }
  }
};

}  // namespace enlace
