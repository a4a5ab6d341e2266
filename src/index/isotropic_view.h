// Vectors without what they all have in common: a second, more even way to score them.
//
// Embeddings of one encoder crowd into a narrow cone. All-but-the-top (Mu and Viswanath 2018, ICLR,
// algorithm 1) takes away the mean of the rows and their first principal directions; what is left
// is scaled to length 1, so that the score of a row is a cosine again. With P the projection,
//
//   score(q, x) = P(q - mean) . P(x - mean) / (|P(q - mean)| |P(x - mean)|)
//
// which needs of each row only its length after projection: the vectors themselves stay where they
// are. Rows come in groups (the names of a concept); the score of a group is the cosine with the
// sum of its rows' projected, scaled vectors.
//
// D dimensions, n rows, g groups. A section file of kind "isotropy":
//
//   section      item  what
//   mean            4  (D) f32
//   directions      4  (0 .. kDirections) D f32, orthonormal
//   row norms       4  (n) f32 |P(x - mean)|
//   group norms     4  (g) f32 length of the sum of a group's projected, scaled rows
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "base/progress.h"
#include "index/flat_index.h"
#include "io/section_file.h"

namespace enlace {

/// Group i has the rows rows[starts[i] .. starts[i + 1]].
struct RowGroups {
  std::span<const std::uint32_t> starts;
  std::span<const std::uint32_t> rows;
};

class IsotropicView;

/// Writes the view of `vectors` at `path`, which must not exist; returns the file's fingerprint.
/// Mean and directions come from at most 100,000 rows, evenly spread. Below 500 rows there is
/// nothing to learn, and where rows have less than kCrowded in common they are spread out as they
/// are: then the mean is 0, there are no directions, and scores are plain cosines.
/// With `learnt`, mean and directions are taken from that view, of vectors of the same dimension,
/// so that the scores of both compare. Equal input gives equal bytes on equal kernels. Throws
/// Error: kCancelled, kIo.
std::uint64_t write_isotropic_view(const std::filesystem::path& path, const FlatIndex& vectors,
                                   RowGroups groups, std::uint64_t made_from,
                                   const Progress& progress = {},
                                   const IsotropicView* learnt = nullptr);

/// A query on its way to scores: score = (direction . x - shift) / row norm.
struct IsotropicQuery {
  std::vector<float> direction;  // (D), length 1, or 0 where the query is the mean itself
  float shift = 0;
};

/// An open view. Const is thread-safe.
class IsotropicView {
 public:
  static constexpr std::size_t kDirections = 7;

  /// The mean's squared length as a share of the rows', which is the mean cosine of two rows of
  /// length 1, from which on vectors are evened out. multilingual-e5-small has 0.83; models trained
  /// to tell names apart have less (enlace-mini 0.48) and lose by it (docs/HYBRID.md).
  static constexpr float kCrowded = 0.65F;

  /// Throws as SectionFile::open does; kCorrupt too if the sections disagree with `dimension` and
  /// the numbers of rows and groups.
  static IsotropicView open(const std::filesystem::path& path, std::size_t dimension,
                            std::size_t rows, std::size_t groups);

  /// Requires D values.
  IsotropicQuery prepare(std::span<const float> query) const;

  /// The score of a row from its inner product with query.direction.
  float row_score(const IsotropicQuery& query, float product, std::uint32_t row) const noexcept {
    return row_norms_[row] > 0 ? (product - query.shift) / row_norms_[row] : 0;
  }

  /// The score of a group from the sum of its rows' scores.
  float group_score(float sum, std::uint32_t group) const noexcept {
    return group_norms_[group] > 0 ? sum / group_norms_[group] : 0;
  }

  /// Whether scores are plain cosines.
  bool plain() const noexcept { return directions_.empty(); }

  std::span<const float> mean() const noexcept { return mean_; }
  std::span<const float> directions() const noexcept { return directions_; }
  const SectionFile& file() const noexcept { return file_; }

 private:
  explicit IsotropicView(SectionFile file);

  SectionFile file_;
  std::span<const float> mean_, directions_, row_norms_, group_norms_;
};

}  // namespace enlace
