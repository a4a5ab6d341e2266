// Documents as JSON lines.
#pragma once

#include <filesystem>

#include "corpus/document.h"
#include "io/line_reader.h"

namespace enlace {

/// One document a line of `path`:
///
///   {"id": "note-7", "text": "Dolor torácico y disnea.", "language": "es",
///    "mentions": [{"start": 0, "end": 14}, {"start": 17, "end": 23}]}
///
/// `start` and `end` count Unicode code points of `text`, half open. `id` may be a string or an
/// integer and defaults to the line's number; `language` and `mentions` may be absent; other
/// members are ignored. "-" is standard input; gzip is recognised; empty lines are skipped.
/// A line that is none of this goes to `refused`.
/// `waiting` hears of each wait for a line that has not arrived.
/// Throws Error as LineReader does; kInvalidArgument if there is no line at all.
void read_jsonl(const std::filesystem::path& path, const DocumentSink& sink,
                const RefusalSink& refused, WaitHook waiting = {});

/// The document that one such line holds. `where` opens every message. Throws Error(kCorrupt).
Document parse_jsonl_document(std::string_view line, std::string_view where);

}  // namespace enlace
