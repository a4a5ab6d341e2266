// Reading any source by its kind.
#pragma once

#include <span>
#include <vector>

#include "base/progress.h"
#include "kb/draft.h"
#include "kb/source_report.h"
#include "sources/source_spec.h"

namespace enlace {

/// Reads one source into `draft`, as a further source of it, and says what was found.
///
/// Throws Error: kInvalidArgument if the kind, an option or its value is unknown, naming those that
/// exist; kNotFound, kIo, kCorrupt and kCancelled as the readers do (sources/readers.h); kCorrupt
/// if not one name could be read, or not one mapping of a source of mappings.
SourceReport read_source(const SourceSpec& spec, KbDraft& draft, const Progress& progress = {});

/// Reads all sources, in order, and settles the draft: what write_concepts takes.
/// The reports are in the same order.
std::vector<SourceReport> read_sources(std::span<const SourceSpec> specs, KbDraft& draft,
                                       const Progress& progress = {});

}  // namespace enlace
