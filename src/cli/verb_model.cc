#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "cli/model_verbs.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "encode/text_encoder.h"
#include "math/tier.h"
#include "nn/checkpoint.h"
#include "nn/model_config.h"
#include "text/load_tokenizer.h"

namespace enlace::cli {
namespace {

constexpr std::string_view kProbe = "Dolor torácico opresivo irradiado al brazo izquierdo";

void print_row(std::string_view what, std::string_view value) {
  fmt::print("{:<12} {}\n", what, value);
}

void print_config(const ModelConfig& config) {
  print_row("type", config.type);
  print_row("sizes",
            fmt::format("{}, hidden {}, {}, feed-forward {}", counted(config.layers, "layer"),
                        config.hidden, counted(config.heads, "head"), config.inner));
  print_row("positions", fmt::format("{}, the longest text in tokens", config.max_tokens()));
}

void print_checkpoint(const Checkpoint& checkpoint, const ModelConfig& config) {
  std::string files = checkpoint.files()[0].path.filename().string();
  if (checkpoint.files().size() > 1) {
    files += " and " + counted(checkpoint.files().size() - 1, "shard");
  }
  std::set<std::string_view> types;
  for (const CheckpointTensor& entry : checkpoint.tensors()) {
    if (entry.tensor.type != TensorType::kOther) types.insert(name_of(entry.tensor.type));
  }
  const std::size_t all = checkpoint.tensors().size() + checkpoint.others();
  print_row("weights", fmt::format("{}, {}", files, fmt::join(types, " and ")));
  print_row("tensors", fmt::format("{} used, {} ignored", config.tensors(),
                                   all - std::min(all, config.tensors())));
}

void print_tokenizer(const std::filesystem::path& folder) {
  const Tokenizer tokenizer = load_tokenizer(folder);
  std::string files;
  for (const auto& path : tokenizer_files(folder)) {
    files += (files.empty() ? "" : ", ") + path.filename().string();
  }
  print_row("tokenizer", fmt::format("{} of {}, {}", tokenizer.kind(),
                                     counted(std::uint64_t(tokenizer.size()), "token"), files));
}

void print_usage(const ModelUsage& usage) {
  print_row("pooling", name_of(usage.pooling));
  print_row("prefix", usage.prefix.empty() ? "none" : fmt::format("{:?}", usage.prefix));
  print_row("case", usage.fold_case ? "names in lower case, mentions both ways" : "as it stands");
  print_row("closing", usage.plain_names ? "without words such as unspecified" : "as it stands");
  print_row("score", usage.concept_share > 0
                         ? fmt::format("{:g} by the concept's names together", usage.concept_share)
                         : "by the best name");
  print_row("lower case", usage.lower_case ? "made before tokenising" : "left to the tokenizer");
  print_row("max tokens", fmt::format("{}", usage.max_tokens));
  print_row("normalised", usage.normalize ? "yes" : "no");
}

void print_probe(const std::string& model, Precision precision) {
  const Stopwatch opening;
  const TextEncoder encoder = TextEncoder::open(model, precision);
  const double opened = opening.seconds();
  print_row("opened", fmt::format("in {:.3f} s, to compute in {} {}", opened,
                                  name_of(current_tier()), name_of(encoder.precision())));
  std::vector<float> vector(encoder.dimension());
  const Stopwatch encoding;
  encoder.encode({&kProbe, 1}, {vector.data(), 1, vector.size()}, 1);
  const double encoded = encoding.seconds();
  double square = 0;
  for (const float value : vector) square += double(value) * double(value);
  const std::size_t shown_values = std::min<std::size_t>(vector.size(), 4);
  print_row("probe", fmt::format("{}, length {:.4f}, in {:.1f} ms: {:.5f} …",
                                 counted(vector.size(), "value"), std::sqrt(square), 1e3 * encoded,
                                 fmt::join(vector.begin(),
                                           vector.begin() + std::ptrdiff_t(shown_values), " ")));
}

/// A model that cannot be used is what this verb is asked about: the call's answer, and not one
/// failure of many kinds.
void check(const std::string& model, Precision precision) {
  try {
    const ModelUsage usage = read_model_usage(model);
    const ModelConfig config = read_model_config(usage.encoder);
    print_config(config);
    print_checkpoint(Checkpoint::open(usage.encoder), config);
    print_tokenizer(usage.encoder);
    print_usage(usage);
    print_probe(model, precision);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kCorrupt || error.kind() == ErrorKind::kUnsupported ||
        error.kind() == ErrorKind::kNotFound) {
      throw Error(ErrorKind::kInvalidArgument, "{}", error.what());
    }
    throw;
  }
}

}  // namespace

void add_model_verb(CLI::App& app) {
  auto model = std::make_shared<std::string>();
  auto precision = std::make_shared<Precision>(default_precision());
  CLI::App* group =
      app.add_subcommand("model", "Look at a model that is to embed texts, or change it");
  group->require_subcommand(1);
  CLI::App* verb = group->add_subcommand(
      "check", "Say what is understood of a model folder, and embed a sentence with it");
  verb->add_option("model", *model, "Model folder")->required();
  add_precision_flag(*verb, *precision);
  verb->callback([model, precision] { check(*model, *precision); });
  add_model_prune(*group);
  add_model_quantise(*group);
  add_model_blend(*group);
  add_model_card(*group);
}

}  // namespace enlace::cli
