// Making a knowledge base folder from sources and, if there is one, a model.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/progress.h"
#include "encode/text_encoder.h"
#include "kb/joined_codes.h"
#include "kb/source_report.h"
#include "link/stage_clock.h"
#include "nn/precision.h"

namespace enlace {

struct BuildOptions {
  std::filesystem::path out;         // the folder to make
  std::vector<std::string> sources;  // "obo=hp.obo", "tsv=list.tsv,lang=es" (sources/read_source.h)
  std::vector<std::string> merge_xrefs;  // references that are mappings, by prefix: "UMLS", "MESH"
  std::filesystem::path model;  // a model folder; empty for a knowledge base without vectors
  Precision precision = default_precision();  // that vectors are computed in
  std::filesystem::path
      vectors_from;    // a knowledge base to take vectors from; empty: the one at out
  std::string engine;  // the version to note in the manifest
  std::size_t workers = 1;
};

struct BuildReport {
  std::vector<SourceReport> sources;
  JoinReport joined;
  std::uint32_t concepts = 0;
  std::uint32_t names = 0;
  std::uint32_t texts = 0;    // distinct strings among the names
  std::size_t dimension = 0;  // of the vectors; 0 if there are none
  std::uint32_t reused = 0;   // vectors taken from an earlier knowledge base
  EncodeTimes embedding;
  std::vector<StageTime> stages;  // reading, settling, and the making of each file
};

/// Reads and merges the sources, builds every index and publishes the folder in one step: until
/// then, and if anything fails or is cancelled, a knowledge base that was at `out` stays as it was
/// and nothing new is left behind.
///
/// A name that an earlier knowledge base embedded with the same model is not embedded again: its
/// vector depends on nothing else, so the result is the same.
///
/// Equal sources in equal order and an equal model give equal files, whatever the workers.
/// Throws Error: kInvalidArgument if there are no sources, a source specification is wrong, or
/// `out` exists and is no knowledge base; what the readers and the model loader throw; kCancelled.
/// Memory: the merged names, and their n-grams (index/ngram_index.h); vectors are streamed.
BuildReport build_kb_folder(const BuildOptions& options, const Progress& progress = {});

/// What happened to one source, a sentence a line: for people, and for the manifest.
std::vector<std::string> describe(const SourceReport& report);

/// What mappings joined, a sentence a line; nothing if there were none.
std::vector<std::string> describe(const JoinReport& report);

}  // namespace enlace
