// A training run: batch after batch, from where it stands.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "train/batch_maker.h"
#include "train/train_recipe.h"

namespace enlace {

struct TrainRun {
  std::filesystem::path init;  // the model folder it begins from
  bool random = false;         // its weights are not read: they are drawn
  Precision precision = Precision::kF32;
  bool recompute = false;
  std::size_t workers = 1;
};

struct StepReport {
  std::uint64_t step = 0;  // from 1
  std::uint64_t steps = 0;
  double loss = 0;
  double gradient_norm = 0;
  double rate = 0;
  std::uint64_t positives = 0, negatives = 0;  // pairs that the loss took
  std::size_t tokens = 0;
};

/// Everything a step does follows from the data, the recipe, the initial model, the precision and
/// the tier of the processor: neither from the number of workers nor from where a run was
/// interrupted.
class Trainer {
 public:
  /// Keeps references to `data`, whose pairs are finished. Throws Error: what reading the model
  /// throws; kInvalidArgument if there are no pairs, or only of one label.
  Trainer(const TrainData& data, const TrainRecipe& recipe, const TrainRun& run);
  ~Trainer();

  std::uint64_t step_count() const noexcept;  // of the whole run
  std::uint64_t step() const noexcept;        // done so far
  const ModelUsage& usage() const noexcept;   // of the model that is made

  /// One more. Mines hard negatives first if it is time. Throws Error: kInvalidArgument if the loss
  /// or its gradient is not finite, naming the step, and nothing is changed; kCancelled.
  StepReport train(const Progress& progress = {});

  /// Saves the run to `path`, and goes on from there (train/train_state.h).
  void save(const std::filesystem::path& path);
  /// Throws Error(kInvalidArgument), naming it, if an option is another than in the saved run.
  void resume(const std::filesystem::path& path);

  /// Writes the model as it is to the folder `out` (encode/model_folder.h), with training.json:
  /// what it was made of and how. `command` is noted there.
  void write_model(const std::filesystem::path& out, const std::string& command);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace enlace
