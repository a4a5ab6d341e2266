// Models with the vocabulary that some texts need, and no more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "base/progress.h"
#include "text/script.h"

namespace enlace {

struct PruneOptions {
  ScriptSet scripts{};          // whose single characters stay; none: those of the texts
  std::uint64_t min_count = 1;  // an entry stays that so many of its uses in the texts speak for
  std::size_t at_least = 0;     // entries; filled up with the most frequent of the scripts
  std::size_t workers = 1;
};

struct PruneReport {
  std::size_t entries_before = 0, entries_after = 0;
  std::size_t used = 0;  // entries that the texts use
  std::size_t texts = 0;
  std::size_t split_as_before = 0;  // texts: their vectors are the same to the last bit
  ScriptSet scripts;
};

/// Writes `folder`, a model folder (encode/model_folder.h), as `model` with fewer entries in its
/// vocabulary: those that stay by text/prune_tokenizer.h for the texts as the model reads them,
/// prefix included. Rows of the token embeddings are gathered, all other weights copied.
///
/// A text whose entries all stay has the same vector as before: in f32 and bf16 to the last bit.
/// With a min_count of 1 these are all of `texts`, and any other text of their entries.
/// Requires texts in UTF-8. Reports the stages "splitting" and "splitting again" in texts.
/// Throws Error: kInvalidArgument if there are no texts; kUnsupported if the model has no
/// tokenizer.json; as read_model_usage, parse_tokenizer and write_model_folder do; kCancelled.
PruneReport prune_model(const std::filesystem::path& model, std::span<const std::string_view> texts,
                        const PruneOptions& options, const std::filesystem::path& folder,
                        const Progress& progress = {});

}  // namespace enlace
