#include "encode/text_encoder.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstring>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/parallel.h"
#include "encode/calibrate.h"
#include "encode/model_tokenizer.h"
#include "encode/packed_file.h"
#include "encode/pooling.h"
#include "encode/text_groups.h"
#include "io/mapped_file.h"
#include "nn/encoder.h"
#include "text/load_tokenizer.h"

namespace enlace {
namespace {

constexpr std::size_t kBatchTokens = 1024;  // that share one reading of the weights
constexpr std::size_t kMostTogether = 4;    // threads for one text: more would wait for one another
constexpr std::size_t kMostTextsAtOnce = 128;  // a worker takes

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A hash of many bytes, taken in blocks by all cores: that of the blocks' hashes.
std::uint64_t hash_blocks(std::string_view bytes) {
  constexpr std::size_t kBlock = 1U << 20;
  std::vector<std::uint64_t> hashes((bytes.size() + kBlock - 1) / kBlock);
  parallel_for(machine_workers(), hashes.size(), [&](std::size_t, std::size_t block) {
    hashes[block] = hash_bytes(bytes.substr(block * kBlock, kBlock));
  });
  return hash_bytes(text_of(std::as_bytes(std::span(hashes))));
}

/// A hash of the files of `checkpoint`: that of the file if it is one.
std::uint64_t hash_checkpoint(const Checkpoint& checkpoint) {
  std::vector<std::uint64_t> hashes;
  for (const auto& file : checkpoint.files()) {
    hashes.push_back(hash_blocks(file.content.text()));
  }
  return hashes.size() == 1 ? hashes.front()
                            : hash_bytes(text_of(std::as_bytes(std::span(hashes))));
}

/// A hash of the files that load_tokenizer has read from `folder`.
std::uint64_t hash_tokenizer(const std::filesystem::path& folder) {
  std::uint64_t hash = 0;
  for (const auto& path : tokenizer_files(folder)) {
    hash = 31 * hash + hash_blocks(MappedFile(path).text());
  }
  return hash;
}

/// Adds the time from its making to its end to a sum of nanoseconds.
class Timed {
 public:
  explicit Timed(std::atomic<std::uint64_t>& sum) noexcept : sum_(sum) {}
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;
  ~Timed() {
    const auto spent = std::chrono::steady_clock::now() - start_;
    sum_ += std::uint64_t(std::chrono::duration_cast<std::chrono::nanoseconds>(spent).count());
  }

 private:
  std::atomic<std::uint64_t>& sum_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// What one thread reuses from texts to texts.
struct Scratch {
  ModelTokenizer::Workspace tokenizer;
  std::vector<std::int32_t> ids;  // of a batch's sequences, and where each begins
  std::vector<std::uint32_t> starts;
  std::vector<std::size_t> groups;                                // which each is of
  std::vector<Workspace> workspaces = std::vector<Workspace>(1);  // one for each of its threads
};

}  // namespace

class TextEncoder::Impl {
 public:
  Impl(const std::filesystem::path& folder, Precision precision)
      : usage(read_model_usage(folder)),
        checkpoint_(Checkpoint::open(usage.encoder)),
        where_(checkpoint_.file_name(0)),
        config_file_(usage.encoder / "config.json"),
        config_(parse_model_config(config_text(), (usage.encoder / "config.json").string())),
        opening_(std::async(std::launch::async, open_packed, folder, precision)),
        tokenizer_(usage, config_) {
    const std::uint64_t tokenizer = hash_tokenizer(usage.encoder);
    const std::uint64_t content = load_weights(folder, precision, tokenizer);
    fingerprint = fingerprint_of(
        {content, tokenizer, hash_bytes(config_text()), hash_bytes(usage.prefix),
         std::uint64_t(usage.pooling),
         std::uint64_t(usage.normalize) + 2 * std::uint64_t(usage.lower_case) +
             4 * std::uint64_t(usage.fold_case) + 8 * std::uint64_t(usage.plain_names),
         tokenizer_.max_tokens(), std::uint64_t(precision)});
  }

  /// Encodes the first text of each of the groups [first, last) for all of the group.
  void encode(std::span<const std::string_view> texts, const TextGroups& groups, std::size_t first,
              std::size_t last, MatrixView<float> out, Scratch& scratch) const {
    begin_batch(scratch);
    for (std::size_t g = first; g < last; ++g) {
      append_ids(texts[groups.group(g).front()], scratch);
      if (scratch.ids.size() == scratch.starts.back()) {  // no token, and so no state
        for (const std::uint32_t row : groups.group(g)) std::ranges::fill(out.row(row), 0.0F);
        continue;
      }
      scratch.starts.push_back(static_cast<std::uint32_t>(scratch.ids.size()));
      scratch.groups.push_back(g);
      if (scratch.ids.size() < kBatchTokens) continue;
      run_batch(groups, out, scratch);
      begin_batch(scratch);
    }
    if (!scratch.groups.empty()) run_batch(groups, out, scratch);
  }

  /// Encodes for the only group there is by a crew of `workers` or as many as are of use, which is
  /// hired when the first such text comes and keeps its scratch. Returns false, having done
  /// nothing, if it is at work for another caller.
  bool encode_together(std::span<const std::string_view> texts, const TextGroups& groups,
                       MatrixView<float> out, std::size_t workers) const {
    const std::unique_lock lock(together_mutex_, std::try_to_lock);
    if (!lock) return false;
    const std::size_t size = std::min({workers, machine_workers(), kMostTogether});
    if (crew_ == nullptr || crew_->size() != size) {
      crew_ = std::make_unique<Crew>(size);
      together_.workspaces = std::vector<Workspace>(crew_->size());
    }
    encode(texts, groups, 0, 1, out, together_);
    return true;
  }

  ModelUsage usage;
  EncoderWeights weights;
  std::uint64_t fingerprint = 0;
  mutable std::atomic<std::uint64_t> calls_ns = 0, tokenizing_ns = 0, passing_ns = 0;

 private:
  static std::uint64_t fingerprint_of(std::initializer_list<std::uint64_t> parts) {
    return hash_bytes(text_of(std::as_bytes(std::span(parts.begin(), parts.size()))));
  }

  std::string_view config_text() const noexcept { return config_file_.text(); }

  /// What decides which ranges int8 is calibrated to, beside the weights: the tokens of a text.
  std::uint64_t calibration(Precision precision, std::uint64_t tokenizer) const {
    if (precision != Precision::kInt8) return 0;
    return fingerprint_of({tokenizer, hash_bytes(usage.prefix), std::uint64_t(usage.lower_case),
                           tokenizer_.max_tokens()});
  }

  /// Maps the weights that were packed before, or packs them and keeps them for the next time.
  /// Returns the fingerprint of the files that they are in.
  std::uint64_t load_weights(const std::filesystem::path& folder, Precision precision,
                             std::uint64_t tokenizer) {
    const auto stamps = stamps_of(checkpoint_.files());
    packed_ = opening_.get();
    const std::uint64_t content =
        packed_ && packed_->stamps == stamps ? packed_->weights : hash_checkpoint(checkpoint_);
    const std::uint64_t made_from =
        packed_made_from(content, config_text(), precision, calibration(precision, tokenizer));
    if (packed_ && packed_->file.made_from() == made_from) {
      weights = bind_encoder_weights(config_, checkpoint_, where_, precision, packed_->block);
      if (packed_->stamps != stamps) keep_packed(folder, weights, stamps, content, made_from);
      return content;
    }
    packed_.reset();
    if (precision == Precision::kInt8) {
      const auto seen = calibrate(load_encoder_weights(config_, checkpoint_, where_), tokenizer_);
      weights = load_encoder_weights(config_, checkpoint_, where_, precision, &seen);
    } else {
      weights = load_encoder_weights(config_, checkpoint_, where_, precision);
    }
    keep_packed(folder, weights, stamps, content, made_from);
    return content;
  }

  static void begin_batch(Scratch& scratch) {
    scratch.ids.clear();
    scratch.starts.assign(1, 0);
    scratch.groups.clear();
  }

  void append_ids(std::string_view text, Scratch& scratch) const {
    const Timed timed(tokenizing_ns);
    tokenizer_.append(text, scratch.tokenizer, scratch.ids);
  }

  /// Runs the batch in `scratch`, which has a sequence.
  void run_batch(const TextGroups& groups, MatrixView<float> out, Scratch& scratch) const {
    const Timed timed(passing_ns);
    const bool first_only = usage.pooling == Pooling::kCls;
    const Wanted wanted = first_only ? Wanted::kFirstTokens : Wanted::kAllTokens;
    const Batch batch{scratch.ids, scratch.starts};
    std::optional<MatrixView<const float>> shared;
    if (scratch.workspaces.size() > 1) {
      shared = forward_together(weights, batch, wanted, *crew_, scratch.workspaces);
    }
    const auto states =
        shared ? *shared : forward(weights, batch, wanted, scratch.workspaces.front());
    for (std::size_t s = 0; s < scratch.groups.size(); ++s) {
      const auto rows = groups.group(scratch.groups[s]);
      const auto vector = out.row(rows.front());
      pool(first_only ? states.slice(s, s + 1)
                      : states.slice(scratch.starts[s], scratch.starts[s + 1]),
           usage, vector);
      if (!std::ranges::all_of(vector, [](float value) { return std::isfinite(value); })) {
        throw Error(ErrorKind::kCorrupt,
                    "{}: expected weights that give finite vectors, found another", where_);
      }
      for (const std::uint32_t row : rows.subspan(1)) {
        std::copy(vector.begin(), vector.end(), out.row(row).begin());
      }
    }
  }

  Checkpoint checkpoint_;
  std::string where_;  // its first file, for messages
  MappedFile config_file_;
  ModelConfig config_;
  std::future<std::optional<PackedFile>> opening_;  // read and proved beside the tokenizer
  ModelTokenizer tokenizer_;
  std::optional<PackedFile> packed_;   // where the weights are mapped from
  mutable std::mutex together_mutex_;  // of the two below
  mutable std::unique_ptr<Crew> crew_;
  mutable Scratch together_;
};

TextEncoder::TextEncoder(std::unique_ptr<const Impl> impl) noexcept : impl_(std::move(impl)) {}
TextEncoder::TextEncoder(TextEncoder&&) noexcept = default;
TextEncoder& TextEncoder::operator=(TextEncoder&&) noexcept = default;
TextEncoder::~TextEncoder() = default;

TextEncoder TextEncoder::open(const std::filesystem::path& model, Precision precision) {
  return TextEncoder(std::make_unique<const Impl>(model, precision));
}

std::size_t TextEncoder::dimension() const noexcept {
  return impl_->weights.config.hidden;
}

Precision TextEncoder::precision() const noexcept {
  return impl_->weights.precision;
}

const ModelUsage& TextEncoder::usage() const noexcept {
  return impl_->usage;
}

std::uint64_t TextEncoder::fingerprint() const noexcept {
  return impl_->fingerprint;
}

EncodeTimes TextEncoder::times() const noexcept {
  return {double(impl_->calls_ns) * 1e-9, double(impl_->tokenizing_ns) * 1e-9,
          double(impl_->passing_ns) * 1e-9};
}

void TextEncoder::encode(std::span<const std::string_view> texts, MatrixView<float> out,
                         std::size_t workers, const Progress& progress) const {
  if (out.rows() != texts.size() || out.cols() != dimension()) {
    throw Error(ErrorKind::kInvalidArgument, "expected room for {} x {} values, found {} x {}",
                texts.size(), dimension(), out.rows(), out.cols());
  }
  const Timed timed(impl_->calls_ns);
  const TextGroups groups = group_equal(texts);
  workers = std::max<std::size_t>(workers, 1);
  // Small portions where there is little to do, so that every worker gets some.
  const std::size_t portion =
      std::clamp<std::size_t>(groups.size() / (4 * workers), 1, kMostTextsAtOnce);
  progress.tell("embedding", 0, groups.size());
  if (groups.size() == 1 && workers > 1 && impl_->encode_together(texts, groups, out, workers)) {
    return;
  }
  std::vector<Scratch> scratch(workers);
  std::atomic<std::size_t> done = 0;
  parallel_for(workers, (groups.size() + portion - 1) / portion,
               [&](std::size_t worker, std::size_t item) {
                 const std::size_t first = item * portion;
                 const std::size_t last = std::min(first + portion, groups.size());
                 impl_->encode(texts, groups, first, last, out, scratch[worker]);
                 done += last - first;
                 if (worker == 0) progress.tell("embedding", done, groups.size());
               });
}

}  // namespace enlace
