// For the parity scripts: the gradients of one batch, or the losses of some steps.
//
//   train_gradients MODEL BATCHES OUT [bf16] [cls] [recompute] [dropout] [threads=N] [steps] [nce]
//
// A line of BATCHES is a sequence, `label id id …`; an empty line ends a batch. Prints the loss of
// every batch. With `steps` each is a step of AdamW as the SapBERT recipe has it, and OUT gets the
// parameters at the end; else OUT gets the gradients of the sum over batches.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "nn/safetensors_writer.h"
#include "train/encoder_pass.h"
#include "train/objectives.h"
#include "train/optimizer.h"

namespace {

using namespace enlace;

struct TextBatch {
  std::vector<std::uint32_t> labels, starts{0};
  std::vector<std::int32_t> ids;
};

std::vector<TextBatch> read_batches(const char* path) {
  std::vector<TextBatch> batches(1);
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) {
      batches.emplace_back();
      continue;
    }
    std::istringstream words(line);
    std::uint32_t label = 0;
    words >> label;
    TextBatch& batch = batches.back();
    batch.labels.push_back(label);
    for (std::int32_t id = 0; words >> id;) batch.ids.push_back(id);
    batch.starts.push_back(static_cast<std::uint32_t>(batch.ids.size()));
  }
  if (batches.back().labels.empty()) batches.pop_back();
  return batches;
}

int run(int argc, char** argv) {
  const std::filesystem::path model = argv[1];
  std::set<std::string> flags(argv + 4, argv + argc);
  std::size_t threads = 1;
  for (const std::string& flag : flags) {
    if (flag.starts_with("threads=")) threads = std::stoul(flag.substr(8));
  }
  const ParameterLayout layout(read_model_config(model));
  const Checkpoint checkpoint = Checkpoint::open(model);
  const auto parameters = load_parameters(layout, checkpoint, model.string());
  const auto gradients = allocate<float>(layout.size);
  const float dropout = flags.contains("dropout") ? 0.1F : 0.0F;
  const auto pass = EncoderPass::make(
      layout, {.precision = flags.contains("bf16") ? Precision::kBf16 : Precision::kF32,
               .pooling = flags.contains("cls") ? Pooling::kCls : Pooling::kMean,
               .hidden_dropout = dropout,
               .attention_dropout = dropout,
               .recompute = flags.contains("recompute"),
               .workers = threads});
  const bool steps = flags.contains("steps");
  Optimizer optimizer(layout, {}, parameters.get());
  std::uint64_t number = 0;
  for (const TextBatch& batch : read_batches(argv[2])) {
    if (steps || number == 0) pass->load(parameters.get());
    const auto vectors = pass->forward({batch.ids, batch.starts}, 7 + number++);
    std::vector<float> slopes(vectors.rows() * vectors.cols());
    const MatrixView<float> gradient{slopes.data(), vectors.rows(), vectors.cols()};
    const BatchLabels labels{batch.labels};
    const LossResult loss = flags.contains("nce")
                                ? info_nce(vectors, labels, 0.07F, gradient, threads)
                                : multi_similarity(vectors, labels, {}, gradient, threads);
    const auto touched = pass->backward(gradient, gradients.get());
    std::printf("%.9g\n", loss.loss);
    if (steps) optimizer.step(2e-5, touched, gradients.get(), threads);
  }
  write_safetensors(argv[3],
                    steps ? as_tensors(layout, parameters.get(),
                                       [&](std::size_t token) { return optimizer.lag(token); })
                          : as_tensors(layout, gradients.get()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 4) return 2;
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
