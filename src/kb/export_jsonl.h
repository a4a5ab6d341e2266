// A knowledge base as lines of JSON, which `jsonl` reads again.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/progress.h"
#include "kb/knowledge_base.h"

namespace enlace {

struct ExportCounts {
  std::uint64_t concepts = 0, names = 0;
  std::uint64_t concepts_left_out = 0, names_left_out = 0;  // by their licences
};

/// Gives `sink` one line, without its end, per concept in the order of codes:
///   {"code", "names": [{"text", "language", "source", "scope", "term_type", "licence"}], "types",
///    "parents", "xrefs", "definition"}
/// and then one per former code, {"code", "names": [], "retired": true, "replaced_by"}, so that who
/// reads the lines again knows as much.
/// `licences`: only names under one of these (kb/licence.h), and no definitions, whose licences are
/// not known, and no former codes; a concept without such a name is left out. Empty: everything.
/// Throws as the accessors of `kb` do; Error(kCancelled); what `sink` throws.
ExportCounts export_jsonl(const KnowledgeBase& kb, std::span<const std::string> licences,
                          const std::function<void(std::string_view line)>& sink,
                          const Progress& progress = {});

}  // namespace enlace
