// Making concepts.enlace from a finished draft.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "kb/draft.h"

namespace enlace {

/// Writes the section file of kb/knowledge_base.h to `path`, which must not exist yet, and gives
/// its fingerprint. Equal facts give equal bytes, in whatever order they were added; only which
/// source a name shared by several sources is counted for depends on the order of the sources.
///
/// Labels of the hierarchy (kb/subtree_labels.h) are left out if they would take more than
/// `most_intervals`, by default eight a concept and a million besides; it is then walked instead.
///
/// Meant for a folder that is published as a whole (io/publish.h).
/// Throws Error: kInvalidArgument if the draft is not settled or has no name, kIo.
std::uint64_t write_concepts(const KbDraft& draft, const std::filesystem::path& path,
                             std::optional<std::size_t> most_intervals = {});

}  // namespace enlace
