// The tables of a UMLS release: files of fields between bars, found and read by column name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/line_reader.h"
#include "kb/source_report.h"

namespace enlace::rrf {

/// The folder META of a release. Which columns a table has is what MRFILES.RRF says, if it is
/// there, else what UMLS 2023AA has.
class Release {
 public:
  /// Throws Error(kInvalidArgument) if `folder` is not a folder; as LineReader does of MRFILES.
  explicit Release(std::filesystem::path folder);

  /// The files that a table such as "MRCONSO" is in, in order: MRCONSO.RRF, or MRCONSO.RRF.gz, or
  /// MRCONSO.RRF.aa(.gz), MRCONSO.RRF.ab(.gz), …. None if it is missing.
  std::vector<std::filesystem::path> files(std::string_view table) const;

  const std::vector<std::string>& columns(std::string_view table) const;
  const std::filesystem::path& folder() const noexcept { return folder_; }

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::vector<std::string>, std::less<>> columns_;
};

/// Reads a table row by row. Lines are UTF-8 without zero bytes, of at most 1 MiB, with as many
/// fields as the table has columns; others are refused in the report.
class Table {
 public:
  /// `wanted`: the columns to be read, which field() numbers from 0.
  /// Throws Error(kCorrupt) if MRFILES.RRF knows no such column; as LineReader does.
  Table(const Release& release, std::string_view table,
        std::initializer_list<std::string_view> wanted, SourceReport& report);

  /// Whether there was a further good row. Its fields live until the next call.
  /// Throws as LineReader::next does.
  bool next();

  std::string_view field(std::size_t wanted) const noexcept { return fields_[places_[wanted]]; }

  /// "path:17:4": the first character of a field of this row.
  std::string place(std::size_t wanted) const;
  /// The number of its line, and the file it is in: an address that outlives the row.
  std::size_t line_number() const noexcept { return lines_->number(); }
  const std::string& file() const noexcept { return names_[next_file_ - 1]; }
  std::uint64_t rows() const noexcept { return rows_; }

 private:
  bool split();
  void refuse_line();

  SourceReport& report_;
  std::vector<std::string> names_;  // of the files
  std::size_t next_file_ = 0;
  std::unique_ptr<LineReader> lines_;
  std::string_view line_;
  std::vector<std::string_view> fields_;  // one per column
  std::vector<std::size_t> places_;       // in fields_, of the wanted ones
  std::uint64_t rows_ = 0;
};

}  // namespace enlace::rrf
