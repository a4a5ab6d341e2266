// What is written down about a training run: to go on with it, and to tell others.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "kb/knowledge_base.h"
#include "train/trainer.h"

namespace enlace {

/// What a run must have been begun with to be gone on with, a line `name=value` each. `initial`:
/// the hash of the initial parameters.
std::string run_options(const TrainData& data, const TrainRecipe& recipe, const TrainRun& run,
                        const ModelUsage& usage, std::uint64_t steps, std::uint64_t initial);

/// Throws Error(kInvalidArgument), opened by `where` and naming the first that differs, unless
/// `saved` and `now`, both of run_options, are equal.
void require_same_options(const std::string& where, std::string_view saved, std::string_view now);

/// training.json: {"command", "tier", "step", "base_model", "options" {}, "sources" [{"name",
/// "licence", "names", "languages"}], "losses" []}: sources are those of the names of the knowledge
/// base that may stand in a pair, absent if there are none; losses are means over a hundredth of
/// the steps each.
std::string run_record(const std::string& command, const std::string& options,
                       const std::string& base_model, std::span<const float> losses,
                       const TrainData& data);

}  // namespace enlace
