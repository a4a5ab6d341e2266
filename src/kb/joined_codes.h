// Which code stands for all that mean the same concept.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace enlace {

/// Two codes that a mapping declares to be one concept, and the number of the source that said so.
struct CodeJoin {
  std::uint32_t a, b;
  std::uint32_t reader;
};

/// For each of the codes 0 … ranks.size() - 1 the one that stands for its group: of those that
/// `joins` connect, directly or by way of others, the code of the least rank; of equal ranks, the
/// least code. Requires codes below ranks.size(). Does not depend on the order of `joins`.
std::vector<std::uint32_t> standing_codes(std::span<const CodeJoin> joins,
                                          std::span<const std::uint32_t> ranks);

/// Codes of one source that joining made one concept: mostly a mapping that is too coarse, or
/// wrong.
struct DoubtfulGroup {
  std::uint32_t standing, source;
  std::vector<std::uint32_t> codes;  // two or more, ascending
};

/// The groups among `uses`, which say (standing code, source, code) for each code that a source
/// names, as often as it does. Sorted by standing code and source.
std::vector<DoubtfulGroup> doubtful_groups(
    std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> uses);

/// What mappings did to the whole draft.
struct JoinReport {
  static constexpr std::size_t kKeptExamples = 20;

  std::size_t mappings = 0;           // declared by sources
  std::size_t references = 0;         // taken for mappings
  std::size_t joined_concepts = 0;    // named concepts that became part of another
  std::size_t doubtful = 0;           // groups in which one source has several codes
  std::vector<std::string> examples;  // "source: code code …" of the first of them, by code
};

}  // namespace enlace
