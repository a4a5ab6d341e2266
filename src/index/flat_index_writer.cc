#include <algorithm>
#include <limits>

#include <fcntl.h>

#include "base/error.h"
#include "base/parallel.h"
#include "index/flat_index.h"
#include "io/descriptor.h"
#include "io/mapped_file.h"
#include "io/write_all.h"

namespace enlace {
namespace {

constexpr std::uint64_t kMaxRows = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kFewRows = 4096;       // so few are searched at once, in whatever basis
constexpr std::size_t kSampledRows = 16384;  // that a basis is chosen by
constexpr std::size_t kLargeBytes = std::size_t{4} << 30;  // of floats: read where needed only
constexpr std::size_t kHugeBytes = std::size_t{16} << 30;  // let go of after every use
constexpr std::size_t kBlockBytes = 2 << 20;  // of rows that one worker turns into bytes at a time

/// Bytes that wait for their turn in a file of no name.
class Spool {
 public:
  explicit Spool(const std::filesystem::path& beside)
      : path_(beside.string() + ".spool"),
        file_(::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
    if (file_.value < 0) throw os_error(path_);
    ::unlink(path_.c_str());
  }

  void append(std::span<const std::uint8_t> bytes) {
    write_all(file_.value, std::as_bytes(bytes), path_);
  }

  void move_to(SectionWriter& writer) {
    std::vector<std::byte> some(kBlockBytes);
    off_t offset = 0;
    while (true) {
      const ::ssize_t count = ::pread(file_.value, some.data(), some.size(), offset);
      if (count < 0) throw os_error(path_);
      if (count == 0) return;
      writer.append(std::span(some).first(std::size_t(count)));
      offset += count;
    }
  }

 private:
  std::filesystem::path path_;
  Descriptor file_;
};

template <class T>
void extend(std::vector<T>& all, const std::vector<T>& some) {
  all.insert(all.end(), some.begin(), some.end());
}

/// Rows that can be bytes, evenly spread.
std::vector<float> sample_of(MatrixView<const float> rows) {
  std::vector<float> sample;
  const std::size_t count = std::min(rows.rows(), kSampledRows);
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = rows.row(i * rows.rows() / count);
    if (ByteQueries::can_be(row)) sample.insert(sample.end(), row.begin(), row.end());
  }
  return sample;
}

BasisChoice basis_for(MatrixView<const float> rows, std::span<const float> mean) {
  if (rows.rows() < kFewRows) return {{}, byte_stride(mean.size())};
  const std::vector<float> sample = sample_of(rows);
  return choose_basis({sample.data(), sample.size() / mean.size(), mean.size()}, mean);
}

/// Writes the bytes of `rows` and what belongs to them.
void write_bytes(MatrixView<const float> rows, const ByteSpace& space, std::size_t workers,
                 Spool& tails, SectionWriter& file) {
  file.begin("heads", 1, SectionRole::kPaged);
  const std::size_t in_block =
      std::max<std::size_t>(1, kBlockBytes / byte_stride(rows.cols()) / kGroupRows) * kGroupRows;
  const std::size_t blocks = (rows.rows() + in_block - 1) / in_block;
  std::vector<ByteBlock> made(std::max<std::size_t>(1, workers));
  ByteBlock all;  // but for the bytes
  for (std::size_t first = 0; first < blocks; first += made.size()) {
    const std::size_t count = std::min(made.size(), blocks - first);
    parallel_for(workers, count, [&](std::size_t, std::size_t b) {
      const std::size_t begin = (first + b) * in_block;
      const std::size_t end = std::min(rows.rows(), begin + in_block);
      quantize_rows(space, rows.slice(begin, end), made[b]);
    });
    for (std::size_t b = 0; b < count; ++b) {
      file.append(std::as_bytes(std::span(made[b].heads)));
      tails.append(made[b].tails);
      extend(all.scales, made[b].scales);
      extend(all.biases, made[b].biases);
      extend(all.rests, made[b].rests);
      extend(all.bounds, made[b].bounds);
    }
  }
  file.begin("tails", 1, SectionRole::kPaged);
  tails.move_to(file);
  file.add("scales", all.scales, SectionRole::kPaged);
  file.add("biases", all.biases, SectionRole::kPaged);
  file.add("rests", all.rests, SectionRole::kPaged);
  file.add("bounds", all.bounds, SectionRole::kPaged);
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
  file_.begin("vectors", sizeof(float), SectionRole::kPaged);
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
  const BasisChoice choice = basis_for(rows, mean);
  const ByteSpace space{
      mean, {choice.basis.data(), choice.basis.size() / dimension_, dimension_}, choice.head};
  file_.add("mean", mean);
  file_.add("basis", choice.basis);
  file_.add_value("head", std::uint64_t{space.head});
  Spool tails(path_);
  write_bytes(rows, space, workers, tails, file_);
  return file_;
}

std::uint64_t FlatIndexWriter::finish(std::size_t workers) {
  if (open_) close_rows(workers);
  return file_.finish();
}

FlatIndex::FlatIndex(SectionFile file) : file_(std::move(file)) {
  const auto dimension = file_.value<std::uint64_t>("dimension");
  vectors_ = file_.paged<float>("vectors");
  const std::span<const float> values = vectors_.unproved();
  if (dimension < 1 || dimension > kMaxDimension || values.size() % dimension != 0 ||
      values.size() / dimension >= kMaxRows) {
    throw Error(ErrorKind::kCorrupt,
                "{}: expected whole vectors of 1 to {} dimensions, found {} values of {}",
                file_.name(), kMaxDimension, values.size(), dimension);
  }
  const auto head = file_.value<std::uint64_t>("head");
  if (head < kDepthBytes || head % kDepthBytes != 0 || head > byte_stride(dimension)) {
    throw Error(ErrorKind::kCorrupt, "{}: expected heads of 64 to {} bytes, found {}", file_.name(),
                byte_stride(dimension), head);
  }
  rows_ = values.size() / dimension;
  dimension_ = dimension;
  const auto basis = file_.array<float>("basis");
  const auto heads = file_.paged<std::uint8_t>("heads").unproved();
  const auto tails = file_.paged<std::uint8_t>("tails").unproved();
  bytes_ = {{file_.array<float>("mean"), {basis.data(), basis.size() / dimension, dimension}, head},
            {heads.data(), size(), head},
            {tails.data(), size(), byte_stride(dimension) - head},
            file_.paged<float>("scales").unproved(),
            file_.paged<float>("biases").unproved(),
            file_.paged<float>("rests").unproved(),
            file_.paged<GroupBounds>("bounds").unproved(),
            &file_.pages()};
  if (bytes_.space.mean.size() != dimension || !ByteQueries::can_be(bytes_.space.mean) ||
      (!basis.empty() && basis.size() != dimension * dimension)) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a finite mean and a basis of {} dimensions",
                file_.name(), dimension);
  }
  if (heads.size() != size() * head || tails.size() != size() * bytes_.tails.cols() ||
      bytes_.scales.size() != size() || bytes_.biases.size() != size() ||
      bytes_.rests.size() != size() ||
      bytes_.bounds.size() != (size() + kGroupRows - 1) / kGroupRows) {
    throw Error(ErrorKind::kCorrupt, "{}: expected bytes and bounds of {} vectors, found others",
                file_.name(), size());
  }
  // What will not stay in memory is read where it is needed only, not ahead as well.
  if (values.size_bytes() >= kLargeBytes) advise(std::as_bytes(values), Access::kRandom);
}

void FlatIndex::let_go() const noexcept {
  const auto values = std::as_bytes(vectors_.unproved());
  if (values.size() >= kHugeBytes) advise(values, Access::kLater);
}

FlatIndex FlatIndex::open(const std::filesystem::path& path, std::string_view kind) {
  return FlatIndex(SectionFile::open(path, kind));
}

}  // namespace enlace
