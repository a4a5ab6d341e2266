#include <memory>

#include <fmt/core.h>

#include "cli/model_verbs.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "encode/blend_models.h"

namespace enlace::cli {
namespace {

struct Options {
  std::string initial, trained, out;
  float share = 0.5F;
};

void blend_to(const Options& options) {
  require_new_path(options.out);
  TerminalProgress terminal;
  blend_models(options.initial, options.trained, options.share, options.out, terminal.progress());
  fmt::print("{}: {} + {} x ({} - {})\n", options.out, options.initial, options.share,
             options.trained, options.initial);
}

}  // namespace

void add_model_blend(CLI::App& group) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = group.add_subcommand(
      "blend", "Write a model between one and what was trained from it, in a straight line");
  verb->add_option("initial", options->initial, "Model folder")->required();
  verb->add_option("trained", options->trained, "Model folder, which gives tokenizer and usage")
      ->required();
  verb->add_option("--share", options->share, "0 gives the first, 1 the second")
      ->capture_default_str()
      ->check(within(0.0, 1.0));
  verb->add_option("--out", options->out, "Folder to write")->required();
  verb->callback([options] { blend_to(*options); });
}

}  // namespace enlace::cli
