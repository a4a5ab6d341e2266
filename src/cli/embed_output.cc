#include "cli/embed_output.h"

#include <optional>

#include <unistd.h>

#include "io/json_writer.h"
#include "io/matrix_writer.h"
#include "io/write_all.h"

namespace enlace::cli {
namespace {

class MatrixFile final : public VectorFile {
 public:
  MatrixFile(const std::string& path, MatrixFormat format, std::size_t columns)
      : writer_(path, format, columns) {}

  void append(const TextBlock&, MatrixView<const float> vectors) override {
    writer_.append({vectors.data(), vectors.rows() * vectors.cols()});
  }
  void finish() override { writer_.finish(); }

 private:
  MatrixWriter writer_;
};

class JsonLinesFile final : public VectorFile {
 public:
  explicit JsonLinesFile(const EmbedOutput& output) : with_text_(output.with_text) {
    if (output.path != "-") file_.emplace(output.path);
  }

  void append(const TextBlock& block, MatrixView<const float> vectors) override {
    constexpr std::size_t kBytesAtOnce = 1 << 20;
    std::string lines;
    JsonWriter json;
    for (std::size_t i = 0; i < vectors.rows(); ++i) {
      json.clear();
      json.object().member("line", std::uint64_t(block.lines[i]));
      if (with_text_) json.member("text", block.texts[i]);
      json.key("vector").array();
      for (const float value : vectors.row(i)) json.number(value);
      json.close().close();
      lines += json.text();
      lines += '\n';
      if (lines.size() < kBytesAtOnce && i + 1 < vectors.rows()) continue;
      write_all(file_ ? file_->descriptor() : STDOUT_FILENO, std::as_bytes(std::span(lines)),
                file_ ? file_->staging() : "<stdout>");
      lines.clear();
    }
  }
  void finish() override {
    if (file_) file_->publish();
  }

 private:
  std::optional<FilePublication> file_;
  bool with_text_;
};

std::string format_of(const EmbedOutput& output) {
  if (!output.format.empty()) return output.format;
  if (output.path == "-") return "jsonl";
  const std::string extension = std::filesystem::path(output.path).extension();
  for (const char* format : {"npy", "safetensors", "jsonl"}) {
    if (extension == fmt::format(".{}", format)) return format;
  }
  throw Error(ErrorKind::kInvalidArgument,
              "{}: expected a name that ends in .npy, .safetensors or .jsonl, or --format, found "
              "neither",
              output.path);
}

}  // namespace

std::unique_ptr<VectorFile> make_vector_file(const EmbedOutput& output, std::size_t columns) {
  const std::string format = format_of(output);
  if (format == "jsonl") return std::make_unique<JsonLinesFile>(output);
  if (output.path == "-" || output.with_text) {
    throw Error(ErrorKind::kInvalidArgument, "{} goes with the format jsonl only",
                output.with_text ? "--with-text" : "--out -");
  }
  return std::make_unique<MatrixFile>(
      output.path, format == "npy" ? MatrixFormat::kNpy : MatrixFormat::kSafetensors, columns);
}

}  // namespace enlace::cli
