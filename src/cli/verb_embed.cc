#include <memory>

#include <fmt/core.h>

#include "base/parallel.h"
#include "base/utf8.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "encode/text_encoder.h"
#include "io/line_reader.h"
#include "io/npy.h"
#include "math/kernels.h"

namespace enlace::cli {
namespace {

constexpr std::size_t kTextsAtOnce = 65'536;  // bounds memory; equal texts are found within

struct Options {
  std::string model;
  std::string file;
  std::string out;
  std::size_t threads = 0;
};

/// Lines of a file until there are none, in blocks.
bool read_block(LineReader& lines, std::vector<std::string>& block) {
  block.clear();
  for (std::string_view line; block.size() < kTextsAtOnce && lines.next(line);) {
    if (const auto fault = utf8_fault(line, lines.name(), lines.number())) {
      throw Error(ErrorKind::kCorrupt, "{}", *fault);
    }
    block.emplace_back(line);
  }
  return !block.empty();
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

/// One text a line of the file; row i of the .npy is the vector of line i + 1.
void run(const Options& options) {
  const TextEncoder encoder = TextEncoder::open(options.model);
  const std::size_t D = encoder.dimension();
  const std::size_t workers = options.threads == 0 ? machine_workers() : options.threads;
  LineReader lines(options.file);
  NpyWriter out(options.out, D);
  const Stopwatch watch;
  std::size_t count = 0;
  {
    TerminalProgress terminal;
    const Progress progress = terminal.progress();
    std::vector<std::string> block;
    std::vector<float> vectors;
    while (read_block(lines, block)) {
      const std::vector<std::string_view> texts(block.begin(), block.end());
      vectors.resize(texts.size() * D);
      encoder.encode(texts, {vectors.data(), texts.size(), D}, workers, beyond(progress, count));
      out.append(vectors);
      count += texts.size();
    }
  }
  const double seconds = watch.seconds();
  if (count == 0) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected texts, one a line, found none",
                options.file);
  }
  out.finish();
  fmt::print("embedded {}, {} dimensions, {:.0f} strings/s, {} f32\n", counted(count, "text"), D,
             double(count) / seconds, kernels().name);
}

}  // namespace

void add_embed_verb(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("embed", "Write the vectors of texts, one a line, as .npy");
  verb->add_option("--model", options->model, "Model folder")->required();
  verb->add_option("--out", options->out, "The .npy file to make")->required();
  verb->add_option("--threads", options->threads, "Threads; 0 for one per core")
      ->capture_default_str()
      ->check(CLI::Range(0, 1024));
  verb->add_option("FILE", options->file, "Texts, plain or gzip; - for standard input")->required();
  verb->callback([options] { run(*options); });
}

}  // namespace enlace::cli
