// Making concepts.enlace from a finished draft.
#pragma once

#include <cstdint>
#include <filesystem>

#include "kb/draft.h"

namespace enlace {

/// Writes the section file of kb/knowledge_base.h to `path`, which must not exist yet, and gives
/// its fingerprint. Equal facts give equal bytes, in whatever order they were added; only which
/// source a name shared by several sources is counted for depends on the order of the sources.
///
/// Meant for a folder that is published as a whole (io/publish.h).
/// Throws Error: kInvalidArgument if the draft is not settled or has no name, kIo.
std::uint64_t write_concepts(const KbDraft& draft, const std::filesystem::path& path);

}  // namespace enlace
