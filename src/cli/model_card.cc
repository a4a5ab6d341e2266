#include <filesystem>
#include <memory>
#include <string>

#include <fmt/core.h>

#include "cli/model_verbs.h"
#include "encode/model_card.h"
#include "io/publish.h"

namespace enlace::cli {
namespace {

struct Options {
  std::string model;
  CardFacts facts;
};

void run(const Options& options) {
  const std::string card = model_card(options.model, options.facts);
  const auto path = std::filesystem::path(options.model) / "README.md";
  publish_file(path, std::as_bytes(std::span(card)));
  fmt::print("{}\n", path.string());
}

}  // namespace

void add_model_card(CLI::App& group) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      group.add_subcommand("card", "Write a model folder's README.md from what it records");
  verb->add_option("model", options->model, "Model folder")->required();
  verb->add_option("--name", options->facts.name, "What the model is called (the folder's name)");
  verb->add_option("--licence", options->facts.licence, "Its licence, as an SPDX identifier");
  verb->add_option("--base-model", options->facts.base_model, "The model it was made from");
  verb->add_option("--language", options->facts.languages, "A language it is for; repeatable")
      ->allow_extra_args(false);
  verb->callback([options] { run(*options); });
}

}  // namespace enlace::cli
