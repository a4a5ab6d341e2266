// Which texts of a knowledge base stand behind each row of an index of their normalised forms.
//
// A section file of kind "textmap" with the sections
//   starts   u32[rows + 1]   row r stands for texts[starts[r] .. starts[r+1]]
//   texts    u32[]           text ids, ascending within a row; each text in one row or none
//   rows     u32[texts]      the row of each text, 2^32 - 1 if its form is empty
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/section_file.h"

namespace enlace {

/// The distinct forms of some texts, and which texts have each: what an index is built from.
struct DistinctForms {
  std::vector<std::string> forms;     // sorted by bytes; the empty form is left out
  std::vector<std::uint32_t> starts;  // (forms + 1)
  std::vector<std::uint32_t> texts;
  std::vector<std::uint32_t> rows;  // of each text, kNoRow if its form is empty

  static constexpr std::uint32_t kNoRow = 0xFFFFFFFF;
};

/// Groups texts by form: `form_of_text[t]` is that of text t. Deterministic.
DistinctForms distinct_forms(std::vector<std::string> form_of_text);

/// An open text map.
class TextMap {
 public:
  /// Throws as SectionFile::open does; kCorrupt if it is not a map of `text_count` texts.
  static TextMap open(const std::filesystem::path& path, std::uint32_t text_count);

  std::uint32_t row_count() const noexcept { return std::uint32_t(starts_.size() - 1); }
  std::span<const std::uint32_t> texts_of(std::uint32_t row) const noexcept {
    return texts_.subspan(starts_[row], starts_[row + 1] - starts_[row]);
  }
  /// The row that stands for `text`; nothing if its form is empty.
  std::optional<std::uint32_t> row_of(std::uint32_t text) const noexcept {
    if (rows_[text] == DistinctForms::kNoRow) return std::nullopt;
    return rows_[text];
  }
  const SectionFile& file() const noexcept { return file_; }

 private:
  explicit TextMap(SectionFile file);

  SectionFile file_;
  std::span<const std::uint32_t> starts_;
  std::span<const std::uint32_t> texts_;
  std::span<const std::uint32_t> rows_;
};

/// Writes the map of `forms`. `made_from` is the fingerprint of the knowledge base whose texts they
/// are. Returns the file's fingerprint. Throws Error(kIo).
std::uint64_t write_text_map(const std::filesystem::path& path, const DistinctForms& forms,
                             std::uint64_t made_from);

}  // namespace enlace
