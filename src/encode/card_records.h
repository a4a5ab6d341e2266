// What the card of a model says of how it was made.
#pragma once

#include <filesystem>
#include <string>

namespace enlace {

/// Adds a section to `card` for each record that the folder has: training.json, blending.json,
/// pruning.json and receipt.json, as encode/model_card.h says.
///
/// Throws Error(kCorrupt) for a record that is no JSON object, or has a member of another type.
void append_records(std::string& card, const std::filesystem::path& model);

}  // namespace enlace
