#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "base/error.h"
#include "cli/kept_texts.h"
#include "cli/model_verbs.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "encode/quantize_model.h"
#include "eval/model_receipt.h"
#include "io/publish.h"
#include "io/require_file.h"

namespace enlace::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string model, out, to;
  std::vector<std::string> names, sets;
  Precision precision = default_precision();
  std::size_t threads = 0;
};

/// "folder/kb.tsv,folder/gold.tsv" as a set that is called as the folder of its gold standard.
AccuracySet set_of(const std::string& argument) {
  const std::size_t comma = argument.find(',');
  if (comma == std::string::npos) {
    throw Error(ErrorKind::kInvalidArgument, "--eval: expected NAMES.tsv,GOLD.tsv, found no comma");
  }
  AccuracySet set{{}, argument.substr(0, comma), argument.substr(comma + 1)};
  require_file(set.names);
  require_file(set.gold);
  set.name = fs::absolute(set.gold).lexically_normal().parent_path().filename().string();
  return set;
}

/// The weights and the tokenizer of a model folder, in MB.
double megabytes(const fs::path& folder) {
  std::uintmax_t size = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) size += entry.file_size();
  }
  return double(size) / 1e6;
}

void print(const Receipt& receipt) {
  if (receipt.cosine.texts > 0) {
    fmt::print("cosine of {}: at least {:.6f}, {:.6f} on average",
               counted(receipt.cosine.texts, "text"), receipt.cosine.least, receipt.cosine.mean);
    for (const auto& [percentage, value] : receipt.cosine.percentiles) {
      fmt::print("; {} % below {:.6f}", percentage, value);
    }
    fmt::print("\n");
  }
  for (const AccuracyChange& change : receipt.accuracy) {
    fmt::print("{:<32} {:>8}", change.name, counted(change.mentions, "mention"));
    for (const auto& [k, values] : change.at) {
      fmt::print("  at {}: {:.4f} {:+.4f}", k, values.first, values.second - values.first);
    }
    fmt::print("\n");
  }
}

void measure(const Options& options, std::span<const AccuracySet> sets, const KeptTexts& texts,
             const Progress& progress) {
  const std::size_t workers = workers_of(options.threads);
  Receipt receipt;
  receipt.model = fs::absolute(options.model).lexically_normal().filename().string();
  receipt.weights = options.to;
  receipt.precision = options.precision;
  if (!texts.texts().empty()) {
    const TextEncoder before = TextEncoder::open(options.model, options.precision);
    const TextEncoder after = TextEncoder::open(options.out, options.precision);
    receipt.cosine = compare_vectors(before, after, texts.texts(), workers, progress);
  }
  if (!sets.empty()) {
    receipt.accuracy =
        compare_accuracy(options.model, options.out, sets, staging_beside(options.out),
                         options.precision, workers, progress);
  }
  const std::string text = to_json(receipt);
  publish_file(fs::path(options.out) / "receipt.json", std::as_bytes(std::span(text)));
  print(receipt);
}

void run(const Options& options) {
  require_new_path(options.out);
  std::vector<AccuracySet> sets;
  for (const std::string& argument : options.sets) sets.push_back(set_of(argument));
  KeptTexts texts;
  for (const std::string& path : options.names) texts.add(path);
  const Stopwatch watch;
  TerminalProgress terminal;
  const Progress progress = terminal.progress();
  convert_model(options.model, *weight_type_named(options.to), options.out, progress);
  complain(fmt::format("{}: {:.1f} MB in {}, {:.1f} s\n", options.out, megabytes(options.out),
                       options.to, watch.seconds()));
  if (sets.empty() && texts.texts().empty()) return;
  try {
    measure(options, sets, texts, progress);
  } catch (...) {  // without its receipt it is not what was asked for
    fs::remove_all(options.out);
    throw;
  }
}

}  // namespace

void add_model_quantise(CLI::App& group) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand(
      "quantise", "Write a model with weights of fewer bytes, or of f32 again");
  verb->add_option("model", options->model, "Model folder")->required();
  verb->add_option("--to", options->to, "bf16, int8, or f32")
      ->required()
      ->check(CLI::IsMember({"bf16", "int8", "f32"}));
  verb->add_option("--out", options->out, "Folder to write")->required();
  verb->add_option("--names", options->names,
                   "Compare the vectors of these in receipt.json: a knowledge base, or a file with "
                   "a text a line; repeatable")
      ->allow_extra_args(false);
  verb->add_option("--eval", options->sets, "Compare accuracy too: NAMES.tsv,GOLD.tsv; repeatable")
      ->allow_extra_args(false);
  add_precision_flag(*verb, options->precision);
  add_threads_flag(*verb, options->threads);
  verb->callback([options] { run(*options); });
}

}  // namespace enlace::cli
