// Documents in BRAT standoff form: a folder of .txt files with .ann files beside them.
#pragma once

#include <filesystem>

#include "corpus/document.h"

namespace enlace {

/// The documents of a BRAT folder and its sub-folders, in the order of their paths: each text with
/// the text-bound annotations ("T" lines) of its .ann file as mentions. The id is the path below
/// `folder`, without its extension.
///
/// Offsets count code points of the text as stored (Stenetorp et al. 2012, EACL, and
/// brat.nlplab.org/standoff.html). The fragments of a discontinuous annotation are taken in
/// textual order and joined by single spaces. A .txt without .ann is a document without mentions;
/// other annotation lines are ignored. A T line that does not hold, an .ann without its .txt, or a
/// text that is not UTF-8 goes to `refused`, with the file in the complaint.
/// Throws Error: kNotFound, kIo; kInvalidArgument if the folder holds no .txt file.
void read_brat(const std::filesystem::path& folder, const DocumentSink& sink,
               const RefusalSink& refused);

}  // namespace enlace
