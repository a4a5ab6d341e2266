// A plain text file as one document.
#pragma once

#include <filesystem>

#include "corpus/document.h"
#include "io/line_reader.h"

namespace enlace {

/// The whole of `path` as a document without mentions, whose id is the file's name without its
/// extension. "-" is standard input, with id "stdin"; gzip is recognised. The text is
/// exactly that of the file, so that offsets into it are offsets into the file.
/// Throws Error as LineReader does; kCorrupt if it is not UTF-8; kInvalidArgument if it is empty.
Document read_text(const std::filesystem::path& path, WaitHook waiting = {});

}  // namespace enlace
