// Where `embed` puts its vectors.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "math/matrix.h"

namespace enlace::cli {

/// What was embedded at once, in the order of the input.
struct TextBlock {
  std::vector<std::string> texts;
  std::vector<std::size_t> lines;  // of the input, from 1
};

struct EmbedOutput {
  std::string path;        // "-": standard output, for jsonl
  std::string format;      // npy, safetensors or jsonl; empty: as the path ends
  bool with_text = false;  // repeat each text beside its vector; for jsonl
};

/// A file of vectors in the making; it appears under its name with finish() and not before.
class VectorFile {
 public:
  virtual ~VectorFile() = default;

  /// Row i of `vectors` belongs to text i. Throws Error(kIo).
  virtual void append(const TextBlock& block, MatrixView<const float> vectors) = 0;

  /// Throws Error(kIo).
  virtual void finish() = 0;
};

/// Throws Error: kInvalidArgument if the format is not to be told or does not go with the rest of
/// `output`; else as FilePublication does.
std::unique_ptr<VectorFile> make_vector_file(const EmbedOutput& output, std::size_t columns);

}  // namespace enlace::cli
