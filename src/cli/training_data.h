// What a training run reads: names of a knowledge base, pairs of a file, annotated mentions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/progress.h"
#include "link/folded_kb.h"
#include "link/kb_folder.h"
#include "train/train_data.h"
#include "train/train_recipe.h"

namespace enlace::cli {

/// The choice of data as it stands on a command line.
struct DataFlags {
  std::string kb, pairs, mentions;
  std::vector<std::string> languages, sources;
  std::optional<std::uint32_t> synonyms, ancestors;  // of recipes by quotas
};

/// --kb, --pairs, --mentions, and which names and how many of them.
void add_data_flags(CLI::App& verb, DataFlags& flags);

/// Kept together, since the later borrow from the earlier.
struct TrainingData {
  std::optional<KbFolder> folder;
  std::optional<FoldedKb> folded;  // of the folder
  TrainData data;
};

/// Fills `to`, which is empty, and says on standard error how much there is. A knowledge base that
/// has to be folded is so beside `out`. Requires --kb or --pairs, and --kb with --mentions.
/// Throws as open_kb_folder, FoldedKb, read_pairs, add_kb_pairs and read_gold do.
void read_training_data(const DataFlags& flags, const TrainRecipe& recipe,
                        const std::filesystem::path& out, std::size_t workers,
                        const Progress& progress, TrainingData& to);

}  // namespace enlace::cli
