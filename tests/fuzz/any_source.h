// Bytes as a file of a terminology, read by its reader.
#pragma once

#include <string>

#include "base/error.h"
#include "input_file.h"
#include "sources/read_source.h"

namespace enlace::testing_fuzz {

/// Reads and settles the source `spec`, or sees it throw Error.
inline void read_any(const std::string& spec) {
  try {
    KbDraft draft;
    const SourceSpec sources[] = {parse_source_spec(spec)};
    read_sources(sources, draft);
  } catch (const Error&) {
  }
}

}  // namespace enlace::testing_fuzz
