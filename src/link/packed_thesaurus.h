// A thesaurus in one small file that holds no names, only their hashes.
//
// It says whether two texts name one thing, and nothing else can be read from it: it can be passed
// on with a model where the names' own files are large. A section file of kind "synonyms"
// (io/section_file.h); names are numbered in the order of their hashes.
//
//   section   items       what (all structure)
//   hashes    u64[n]      of the stem keys of names (base/hash.h, link/name_forms.h), rising
//   starts    u32[c + 1]  where the names of a concept begin
//   names     u32[m]      the names of each concept, rising; with kLooseBit those that are loose
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <vector>

#include "io/section_file.h"
#include "link/thesaurus.h"

namespace enlace {

inline constexpr std::uint32_t kLooseBit = 1U << 31;

/// An open file of that kind. Names are the same by stem key, with a likeness of 1, and files of
/// before kLooseBit have none that is loose; a hash that two texts share by chance (one in 10^13)
/// misleads. Cost: a binary search, and a look-up for every
/// name of a concept found. Memory: 4 bytes a name and 4 a name of a concept.
class PackedThesaurus final : public Thesaurus {
 public:
  /// Throws as SectionFile::open does; kCorrupt where sections contradict each other.
  explicit PackedThesaurus(const std::filesystem::path& path);

 private:
  std::vector<OtherNames> look_up(const MentionForms& mention, std::span<const KbPart> parts,
                                  NgramWorkspace& workspace) const override;
  std::map<std::uint64_t, float> hashes_said(const MentionForms& mention) const;
  void check() const;
  void gather_concepts();

  SectionFile file_;
  std::span<const std::uint64_t> hashes_;
  std::span<const std::uint32_t> starts_, names_;
  // By name: the concepts that have it, with kLooseBit where it is loose.
  std::vector<std::uint32_t> concept_starts_, concepts_;
};

}  // namespace enlace
