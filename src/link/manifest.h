// The table of contents of a knowledge base folder: what it was built from, and its files.
//
// manifest.json holds two lines: a JSON object, and {"crc32c":"<8 hex digits>"}, the CRC-32C of the
// first line without its line end. Fingerprints are 16 hex digits.
//
//   {"format":4,"engine":"0.1.0",
//    "files":[{"name":"concepts.enlace","size":123,"fingerprint":"0123456789abcdef"}, …],
//    "model":{"path":"…","precision":"int8","fingerprint":"…"},  absent if there are no vectors
//    "sources":[{"spec":"obo=hp.obo","report":["…", …]}, …],
//    "merge":{"xrefs":["UMLS", …],"report":["…", …]},            absent if nothing was to be merged
//    "changes":"changes-3"}                                     absent if there are none
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nn/precision.h"

namespace enlace {

struct ManifestFile {
  std::string name;
  std::uint64_t size;
  std::uint64_t fingerprint;
};

struct ManifestModel {
  std::string path;           // as an absolute path
  Precision precision;        // that the vectors were computed in
  std::uint64_t fingerprint;  // of the weights, tokenizer, pooling, prefix and precision
};

struct ManifestSource {
  std::string spec;                 // "obo=hp.obo", as the user gave it
  std::vector<std::string> report;  // what was read, merged, skipped and why
};

/// How concepts were joined beyond equal codes.
struct ManifestMerge {
  std::vector<std::string> xrefs;   // the prefixes of references that were mappings
  std::vector<std::string> report;  // what mappings and references joined
};

struct Manifest {
  std::string engine;  // the version that wrote it
  std::vector<ManifestFile> files;
  std::optional<ManifestModel> model;
  std::vector<ManifestSource> sources;
  ManifestMerge merge = {};
  std::string changes = {};  // the folder of the changes that count, beside the files; empty: none

  /// The file called `name`, or nothing.
  const ManifestFile* find(std::string_view name) const noexcept;
};

/// The manifest of the knowledge base in `folder`.
/// Throws Error: kNotFound if there is none, so that it is no knowledge base; kCorrupt if it is
/// damaged; kUnsupported if its format is another.
Manifest read_manifest(const std::filesystem::path& folder);

/// Writes it into `folder`. Throws Error(kIo).
void write_manifest(const std::filesystem::path& folder, const Manifest& manifest);

/// Whether `folder` looks like a knowledge base: it holds a manifest.
bool is_knowledge_base(const std::filesystem::path& folder);

}  // namespace enlace
