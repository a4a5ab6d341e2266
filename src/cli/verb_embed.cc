#include <memory>

#include <fmt/core.h>

#include "base/parallel.h"
#include "cli/embed_output.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "corpus/text_reader.h"
#include "encode/text_encoder.h"
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
  Precision precision = kDefaultPrecision;
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

/// Replaces `block` by further texts; false if there are none.
bool read_block(TextReader& reader, TextBlock& block) {
  block.texts.clear();
  block.lines.clear();
  std::size_t bytes = 0;
  for (std::string text; block.texts.size() < kTextsAtOnce && bytes < kBytesAtOnce;) {
    if (!reader.next(text)) break;
    bytes += text.size();
    block.texts.push_back(std::move(text));
    block.lines.push_back(reader.number());
  }
  return !block.texts.empty();
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

/// Vectors of every text of `reader`, in blocks; how many.
std::size_t embed(TextReader& reader, const TextEncoder& encoder, std::size_t workers,
                  VectorFile& out) {
  TerminalProgress terminal;
  const Progress progress = terminal.progress();
  const std::size_t D = encoder.dimension();
  TextBlock block;
  std::vector<float> vectors;
  std::size_t count = 0;
  while (read_block(reader, block)) {
    const std::vector<std::string_view> texts(block.texts.begin(), block.texts.end());
    vectors.resize(texts.size() * D);
    const MatrixView<float> rows(vectors.data(), texts.size(), D);
    encoder.encode(texts, rows, workers, beyond(progress, count));
    out.append(block, rows);
    count += texts.size();
  }
  // A pipe that ends because of the signal that stops this program is no whole input.
  progress.tell("embedding", count);
  return count;
}

void run(const Options& options) {
  TextReader reader(options.file, place_of(options));
  const TextEncoder encoder = TextEncoder::open(options.model, options.precision);
  const auto out = make_vector_file(options.out, encoder.dimension());
  const Stopwatch watch;
  const std::size_t count = embed(reader, encoder, workers_of(options.threads), *out);
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
  verb->add_option("--threads", options->threads, "Threads; 0 for one per core")
      ->capture_default_str()
      ->check(CLI::Range(0, 1024));
  verb->add_option("FILE", options->file, "Texts, plain or gzip; - for standard input")->required();
  verb->callback([options] { run(*options); });
}

}  // namespace enlace::cli
