// Plain text: one mention, or one whole document, a line.
#pragma once

#include <filesystem>

#include "corpus/document.h"
#include "io/line_reader.h"

namespace enlace {

/// What a line of plain text is.
enum class LineIs { kMention, kDocument };

/// Each line of `path` as a document whose id is the line's number: with one mention that is the
/// whole line without the blanks around it, or with none. An empty line is a document without
/// mentions, so that answers can be matched to lines.
///
/// "-" is standard input; gzip is recognised. A line that is not UTF-8 goes to `refused`.
/// `waiting` hears of each wait for a line that has not arrived.
/// Throws Error as LineReader does; kInvalidArgument if there is no line at all.
void read_lines(const std::filesystem::path& path, LineIs what, const DocumentSink& sink,
                const RefusalSink& refused, WaitHook waiting = {});

}  // namespace enlace
