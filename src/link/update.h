// Changing a knowledge base in place: additions and retirements beside it, and folding them in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "link/build.h"

namespace enlace {

struct UpdateOptions {
  std::filesystem::path kb;
  std::vector<std::string> sources;            // what to add, as in BuildOptions
  std::vector<std::filesystem::path> retired;  // what to retire (kb/changed_kb.h)
  std::filesystem::path model;                 // empty: where the knowledge base was built with it
  std::string engine;                          // the version to note in the manifest
  std::size_t workers = 1;
};

struct UpdateReport {
  std::vector<SourceReport> sources, retirements;
  std::size_t retired_concepts = 0, retired_names = 0;
  std::vector<std::string> unknown;  // what was to be retired and is not there
  // What stands beside the base now, earlier changes and ancestors included.
  std::uint32_t concepts = 0, names = 0;
  std::uint32_t superseded = 0;  // concepts of the base that no longer count
  EncodeTimes embedding;
};

/// Adds what the sources say to the concepts of the knowledge base, makes new ones of codes it does
/// not have, and retires concepts and names; retirements first, so that a name is changed by
/// retiring the old and adding the new. Written as one small folder beside the base, which stays as
/// it is, and made to count in one step: at every instant the knowledge base is the old one or the
/// new one, also if the process is killed. Whoever has it open keeps what they opened. One update
/// at a time: a second one waits.
///
/// Throws Error: kInvalidArgument if there is nothing to do; as open_kb_folder, the readers and the
/// model loader do; kCancelled. The knowledge base is then as it was.
/// Cost: grows with all changes since the base was built, not with the base.
UpdateReport update_kb_folder(const UpdateOptions& options, const Progress& progress = {});

struct CompactOptions {
  std::filesystem::path kb;
  std::filesystem::path model;  // as in UpdateOptions
  std::string engine;
  std::size_t workers = 1;
};

/// Makes the base and its changes one new base, which replaces both in one step. Vectors are taken
/// over. Throws as build_kb_folder does. Cost: that of a build without reading and embedding.
BuildReport compact_kb_folder(const CompactOptions& options, const Progress& progress = {});

}  // namespace enlace
