#include <array>
#include <filesystem>
#include <memory>
#include <optional>

#include <fmt/core.h>

#include "base/parallel.h"
#include "cli/embed_output.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "corpus/text_reader.h"
#include "encode/text_encoder.h"
#include "io/publish.h"
#include "math/tier.h"

namespace enlace::cli {
namespace {

constexpr std::size_t kTextsAtOnce = 16'384;  // bounds memory; equal texts are found within
constexpr std::size_t kBytesAtOnce = 64 << 20;

struct Options {
  std::string model;
  std::string file;
  std::string column;
  std::string member;
  EmbedOutput out;
  Precision precision = default_precision();
  std::size_t threads = 0;
};

/// What the vectors are computed with.
std::string engine_of(const TextEncoder& encoder) {
  return fmt::format("{} {}", name_of(current_tier()), name_of(encoder.precision()));
}

TextPlace place_of(const Options& options) {
  if (!options.column.empty()) return {TextPlace::Kind::kColumn, options.column};
  if (!options.member.empty()) return {TextPlace::Kind::kMember, options.member};
  const std::string name = std::filesystem::path(options.file).filename();
  if (name.find(".jsonl") != name.npos) return {TextPlace::Kind::kMember, "text"};
  return {};
}

/// `progress` with what earlier blocks did added; how much there is in all is not known.
Progress beyond(const Progress& progress, std::uint64_t before) {
  Progress shifted = progress;
  if (progress.report) {
    shifted.report = [&progress, before](std::string_view stage, std::uint64_t done,
                                         std::uint64_t) {
      progress.report(stage, before + done, 0);
    };
  }
  return shifted;
}

/// Gathers texts, and writes the vectors of many at a time.
class EmbedStream {
 public:
  EmbedStream(const TextEncoder& encoder, std::size_t workers, VectorFile& out)
      : encoder_(encoder), workers_(workers), out_(out), progress_(terminal_.progress()) {}

  void add(std::string&& text, std::size_t line) {
    bytes_ += text.size();
    block_.texts.push_back(std::move(text));
    block_.lines.push_back(line);
    if (block_.texts.size() >= kTextsAtOnce || bytes_ >= kBytesAtOnce) write();
  }

  /// Writes the vectors of the texts so far.
  void write() {
    if (block_.texts.empty()) return;
    const std::vector<std::string_view> texts(block_.texts.begin(), block_.texts.end());
    vectors_.resize(texts.size() * encoder_.dimension());
    const MatrixView<float> rows(vectors_.data(), texts.size(), encoder_.dimension());
    encoder_.encode(texts, rows, workers_, beyond(progress_, count_));
    out_.append(block_, rows);
    count_ += texts.size();
    block_ = {};
    bytes_ = 0;
  }

  /// While there is nothing to read: writes what there is, if somebody may be waiting for it.
  void wait(bool writes) {
    if (writes) write();
    progress_.check("embedding");
  }

  /// How many texts there were.
  std::size_t finish() {
    write();
    // A pipe that ends because of the signal that stops this program is no whole input.
    progress_.tell("embedding", count_);
    return count_;
  }

 private:
  const TextEncoder& encoder_;
  std::size_t workers_;
  VectorFile& out_;
  TerminalProgress terminal_;
  Progress progress_;
  TextBlock block_;
  std::size_t bytes_ = 0;  // of block_
  std::vector<float> vectors_;
  std::size_t count_ = 0;
};

void run(const Options& options) {
  if (options.out.path != "-") {
    require_distinct(std::array<std::filesystem::path, 2>{options.file, options.out.path});
  }
  std::optional<EmbedStream> stream;
  // Who reads the answers from a pipe may want them before asking more.
  const WaitHook waiting = [&] {
    if (stream) stream->wait(options.out.path == "-");
  };
  TextReader reader(options.file, place_of(options), waiting);
  const TextEncoder encoder = TextEncoder::open(options.model, options.precision);
  const auto out = make_vector_file(options.out, encoder.dimension());
  const Stopwatch watch;
  stream.emplace(encoder, workers_of(options.threads), *out);
  for (std::string text; reader.next(text);) stream->add(std::move(text), reader.number());
  const std::size_t count = stream->finish();
  if (count == 0) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected texts, found none", reader.name());
  }
  const double seconds = std::max(watch.seconds(), 1e-9);
  out->finish();
  complain(fmt::format("embedded {} in {:.2f} s, {:.0f} strings/s, {} dimensions, {}\n",
                       counted(count, "text"), seconds, double(count) / seconds,
                       encoder.dimension(), engine_of(encoder)));
}

}  // namespace

void add_embed_verb(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("embed", "Write the vectors of texts to a file");
  verb->add_option("--model", options->model, "Model folder")->required();
  verb->add_option("--out", options->out.path,
                   "The file to make; - for standard output, in the format jsonl")
      ->required();
  verb->add_option("--format", options->out.format,
                   "npy, safetensors or jsonl; default as the file's name ends")
      ->check(CLI::IsMember({"npy", "safetensors", "jsonl"}));
  verb->add_flag("--with-text", options->out.with_text, "Repeat each text in jsonl");
  CLI::Option* column = verb->add_option(
      "--column", options->column,
      "The texts are a column of a table: its name in the first line, or its number from 1");
  verb->add_option("--field", options->member,
                   "The texts are this member of JSON lines; default text if FILE is a .jsonl")
      ->excludes(column);
  add_precision_flag(*verb, options->precision);
  add_threads_flag(*verb, options->threads);
  verb->add_option("FILE", options->file, "Texts, plain or gzip; - for standard input")->required();
  verb->callback([options] { run(*options); });
}

}  // namespace enlace::cli
