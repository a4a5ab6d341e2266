// The folder META of a synthetic UMLS.
#pragma once

#include <filesystem>

#include "rrf_names.h"

namespace enlace::synthetic {

/// Writes MRCONSO, MRHIER, MRSTY, MRREL, MRDEF, MRSAB, MRRANK, MRCUI and MRFILES into `folder`.
void write_rrf(const std::filesystem::path& folder, const RrfOptions& options);

}  // namespace enlace::synthetic
