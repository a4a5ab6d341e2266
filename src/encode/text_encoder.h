// From texts to vectors: tokenizer, encoder and pooling of one model folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#include "base/progress.h"
#include "encode/model_usage.h"
#include "math/matrix.h"
#include "nn/precision.h"

namespace enlace {

/// Where the time of encode() went, in seconds since the model was opened.
struct EncodeTimes {
  double calls = 0;       // from call to return
  double tokenizing = 0;  // of all workers together
  double passing = 0;     // through the encoder, of all workers together
};

/// An open model. Moves, never copies; const is thread-safe.
class TextEncoder {
 public:
  /// Opens a folder with config.json, weights (nn/checkpoint.h), a tokenizer
  /// (text/load_tokenizer.h) and what read_model_usage reads, to compute in `precision`. The
  /// weights stay mapped: the folder must not be changed in place. Packed weights are kept in it
  /// for the next time, if it can be written (encode/packed_file.h). Throws Error: kNotFound, kIo,
  /// kCorrupt or kUnsupported, naming the file.
  static TextEncoder open(const std::filesystem::path& model,
                          Precision precision = Precision::kF32);

  TextEncoder(TextEncoder&&) noexcept;
  TextEncoder& operator=(TextEncoder&&) noexcept;
  ~TextEncoder();

  /// Values of a vector.
  std::size_t dimension() const noexcept;

  Precision precision() const noexcept;

  const ModelUsage& usage() const noexcept;

  /// Says which model made a vector: the same for the same files, usage and precision, on
  /// every machine.
  std::uint64_t fingerprint() const noexcept;

  EncodeTimes times() const noexcept;

  /// Row i of `out` (texts, dimension) is the vector of texts[i].
  ///
  /// A vector depends on its text alone, not on the other texts, nor on `workers`. Equal texts are
  /// encoded once; that of a text without any token is all zeros. Requires texts in UTF-8. Reports
  /// the stage "embedding" in texts. Throws Error: kInvalidArgument if `out` has another shape,
  /// kCorrupt if the weights overflow on the way to a vector, kCancelled.
  void encode(std::span<const std::string_view> texts, MatrixView<float> out, std::size_t workers,
              const Progress& progress = {}) const;

 private:
  class Impl;
  explicit TextEncoder(std::unique_ptr<const Impl> impl) noexcept;

  std::unique_ptr<const Impl> impl_;
};

}  // namespace enlace
