// A training that is reported, evaluated, saved, and gone on with after an interruption.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "train/trainer.h"

namespace enlace::cli {

struct SessionOptions {
  std::filesystem::path out;          // the model folder to make
  std::string log;                    // gets a line of JSON a step; empty: none
  std::vector<std::string> dev_sets;  // folders for report_accuracy (cli/dev_sets.h)
  std::uint64_t eval_every = 0;       // steps between two evaluations; 0: at the end only
  double save_minutes = 10;           // between two saves
  bool restart = false;               // begin anew where an interrupted run could go on
  std::string command;                // the model's record of how it was made
};

/// Trains to the end and writes the model. What was done so far is kept in OUT.training, from which
/// the next session with the same `out` goes on; it is removed at the end. Throws what Trainer and
/// building do, with a word on what is kept.
void run_training(const TrainData& data, const TrainRecipe& recipe, const TrainRun& run,
                  const SessionOptions& options, const Progress& progress);

}  // namespace enlace::cli
