#include <algorithm>
#include <limits>

#include "base/error.h"
#include "base/parallel.h"
#include "index/flat_index.h"
#include "io/mapped_file.h"

namespace enlace {
namespace {

constexpr std::size_t kMaxDimension = 65536;
constexpr std::uint64_t kMaxRows = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kBlockBytes = 2 << 20;  // of rows that one worker turns into bytes at a time

/// The bytes of some rows, a whole number of groups.
struct Block {
  std::vector<std::uint8_t> bytes;
  std::vector<float> scales, biases;
  std::vector<GroupBounds> bounds;

  void quantize(const RowQuantizer& quantizer, MatrixView<const float> rows) {
    const std::size_t stride = byte_stride(rows.cols());
    bytes.resize(rows.rows() * stride);
    scales.resize(rows.rows());
    biases.resize(rows.rows());
    bounds.resize((rows.rows() + kGroupRows - 1) / kGroupRows);
    quantizer.quantize(rows, {bytes.data(), rows.rows(), stride}, scales, biases, bounds);
  }
};

template <class T>
void extend(std::vector<T>& all, const std::vector<T>& some) {
  all.insert(all.end(), some.begin(), some.end());
}

}  // namespace

FlatIndexWriter::FlatIndexWriter(const std::filesystem::path& path, std::size_t dimension,
                                 std::uint64_t made_from, std::string_view kind)
    : path_(path),
      file_(path, kind, made_from),
      dimension_(dimension),
      mean_(std::min(dimension, kMaxDimension)) {
  if (dimension < 1 || dimension > kMaxDimension) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected 1 to {} dimensions, found {}",
                path.string(), kMaxDimension, dimension);
  }
  file_.add_value("dimension", std::uint64_t{dimension_});
  file_.begin("vectors", sizeof(float), SectionRole::kBulk);
}

void FlatIndexWriter::append(MatrixView<const float> rows) {
  if (rows.cols() != dimension_) {
    throw Error(ErrorKind::kInvalidArgument, "expected vectors of {} dimensions, found {}",
                dimension_, rows.cols());
  }
  if (rows_ + rows.rows() >= kMaxRows) {
    throw Error(ErrorKind::kInvalidArgument, "expected fewer than {} vectors, found {}", kMaxRows,
                rows_ + rows.rows());
  }
  rows_ += rows.rows();
  mean_.add(rows);
  file_.append(std::as_bytes(std::span(rows.data(), rows.rows() * rows.cols())));
}

SectionWriter& FlatIndexWriter::close_rows(std::size_t workers) {
  open_ = false;
  const std::uint64_t offset = file_.flush();
  const MappedFile written(path_);
  const MatrixView<const float> rows(
      reinterpret_cast<const float*>(written.bytes().data() + offset), rows_, dimension_);
  const std::vector<float> mean = mean_.mean();
  file_.add("mean", mean);
  file_.begin("bytes", 1, SectionRole::kBulk);

  const RowQuantizer quantizer(mean);
  const std::size_t in_block =
      std::max<std::size_t>(1, kBlockBytes / byte_stride(dimension_) / kGroupRows) * kGroupRows;
  std::vector<float> scales, biases;
  std::vector<GroupBounds> bounds;
  std::vector<Block> blocks(std::max<std::size_t>(1, workers));
  for (std::size_t first = 0; first < rows_; first += blocks.size() * in_block) {
    const std::size_t count = std::min(blocks.size(), (rows_ - first + in_block - 1) / in_block);
    parallel_for(workers, count, [&](std::size_t, std::size_t b) {
      const std::size_t begin = first + b * in_block;
      blocks[b].quantize(quantizer, rows.slice(begin, std::min(rows_, begin + in_block)));
    });
    for (std::size_t b = 0; b < count; ++b) {
      file_.append(std::as_bytes(std::span(blocks[b].bytes)));
      extend(scales, blocks[b].scales);
      extend(biases, blocks[b].biases);
      extend(bounds, blocks[b].bounds);
    }
  }
  file_.add("scales", scales, SectionRole::kBulk);
  file_.add("biases", biases, SectionRole::kBulk);
  file_.add("bounds", bounds, SectionRole::kBulk);
  return file_;
}

std::uint64_t FlatIndexWriter::finish(std::size_t workers) {
  if (open_) close_rows(workers);
  return file_.finish();
}

FlatIndex::FlatIndex(SectionFile file) : file_(std::move(file)) {
  const auto dimension = file_.value<std::uint64_t>("dimension");
  const auto values = file_.array<float>("vectors");
  if (dimension < 1 || dimension > kMaxDimension || values.size() % dimension != 0 ||
      values.size() / dimension >= kMaxRows) {
    throw Error(ErrorKind::kCorrupt,
                "{}: expected whole vectors of 1 to {} dimensions, found {} values of {}",
                file_.name(), kMaxDimension, values.size(), dimension);
  }
  vectors_ = {values.data(), values.size() / dimension, dimension};
  const auto bytes = file_.array<std::uint8_t>("bytes");
  bytes_ = {file_.array<float>("mean"),
            {bytes.data(), size(), byte_stride(dimension)},
            file_.array<float>("scales"),
            file_.array<float>("biases"),
            file_.array<GroupBounds>("bounds")};
  if (bytes_.mean.size() != dimension || !ByteQueries::can_be(bytes_.mean) ||
      bytes.size() != size() * byte_stride(dimension) || bytes_.scales.size() != size() ||
      bytes_.biases.size() != size() ||
      bytes_.bounds.size() != (size() + kGroupRows - 1) / kGroupRows) {
    throw Error(ErrorKind::kCorrupt,
                "{}: expected a finite mean, and bytes, scales, biases and bounds of {} vectors",
                file_.name(), size());
  }
  advise(std::as_bytes(values), Access::kRandom);
}

FlatIndex FlatIndex::open(const std::filesystem::path& path, std::string_view kind) {
  return FlatIndex(SectionFile::open(path, kind));
}

}  // namespace enlace
