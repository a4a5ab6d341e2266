// The rows of a table of a SNOMED CT release that hold.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "kb/source_report.h"
#include "sources/rf2_release.h"
#include "sources/source_lines.h"

namespace enlace {

/// The rows of one file, by the names of their columns.
class Rf2Lines {
 public:
  static constexpr std::size_t kMostColumns = 24;

  /// Reads the header. `columns` are those asked for beside id, effectiveTime and active.
  /// Throws as SourceLines does; Error(kCorrupt) if a column is missing, or the header.
  Rf2Lines(const Rf2File& file, std::span<const std::string_view> columns, SourceReport& report,
           const Progress& progress);

  /// The next row whose shape is good; others are refused. Empty lines, and those that begin with
  /// # as in test packages, are passed over.
  bool next();

  // Of the row, until the next one:
  std::uint64_t key() const noexcept { return key_; }  // the id's number, or a hash of a UUID
  std::uint32_t time() const noexcept { return time_; }
  bool active() const noexcept { return active_; }
  /// A field by the place of its column in `columns`.
  std::string_view field(std::size_t column) const noexcept { return fields_[places_[column]]; }
  /// "path:17:4": where that field stands.
  std::string place(std::size_t column) const { return place_of(places_[column]); }
  std::string place_of_time() const { return place_of(time_place_); }
  std::string place_of_id() const { return place_of(id_place_); }

 private:
  bool take(std::string_view line);
  std::string place_of(std::size_t index) const {
    return lines_.place(line_, std::size_t(fields_[index].data() - line_.data()));
  }

  SourceLines lines_;
  SourceReport& report_;
  std::size_t column_count_ = 0;
  std::size_t id_place_ = 0, time_place_ = 0, active_place_ = 0;
  std::vector<std::size_t> places_;
  std::string_view line_;
  std::array<std::string_view, kMostColumns> fields_;
  std::uint64_t key_ = 0;
  std::uint32_t time_ = 0;
  bool active_ = false;
};

/// Calls `use` with every row of `table` that holds, active or not, in the order of the files.
///
/// Of several rows with one id, in a full release or a delta, the one with the greatest
/// effectiveTime up to choice.until holds. A row of a delta that is not newer than what it would
/// change is refused and not applied: the delta was applied already, or comes out of order. So are
/// a second row of the same id and time, and a row that is newer than its release.
///
/// `wanted` tells rows of interest; it must not differ between the rows of one id. Others are only
/// counted, under `unwanted`. Throws as Rf2Lines does.
void read_rf2_rows(const Rf2Choice& choice, Rf2Table table,
                   std::span<const std::string_view> columns, SourceReport& report,
                   const Progress& progress, std::string_view unwanted,
                   const std::function<bool(const Rf2Lines&)>& wanted,
                   const std::function<void(const Rf2File&, const Rf2Lines&)>& use);

}  // namespace enlace
