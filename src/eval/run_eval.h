// Linking a gold standard and counting how often it comes out right.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/progress.h"
#include "corpus/read_gold.h"
#include "eval/accuracy.h"
#include "link/linker.h"

namespace enlace {

/// One subset of a gold standard.
struct SubsetResult {
  std::string name;  // "gs", "clean", "um", "uc"
  std::size_t mentions = 0;
  double gold_in_kb = 0;  // share with a gold code that the knowledge base has; NaN of none
  std::map<std::size_t, Accuracy> accuracy;  // by k
};

struct EvalResult {
  std::string retriever;              // that was asked
  std::string thesaurus;              // that it asked; empty: none
  std::vector<SubsetResult> subsets;  // the whole gold standard first
  double seconds = 0;                 // for linking all mentions
  double mentions_per_second = 0;
};

struct EvalOptions {
  std::vector<std::size_t> at{1, 5, 25};
  std::span<const GoldMention> train;  // empty: the whole gold standard only
};

/// Links every gold mention and counts by distinct code: a mention is right at k if one of its gold
/// codes, the parts of a composite taken together as one string, is among the first k candidates
/// (formats of Gallego et al. 2024, section on evaluation). Every row counts once.
///
/// Requires a linker that returns at least max(at) candidates. Throws as Linker::link does;
/// kCancelled.
EvalResult run_eval(const Linker& linker, std::span<const GoldMention> gold,
                    const EvalOptions& options, const Progress& progress = {});

/// {"retriever", "thesaurus", "mentions", "gold_in_kb", "accuracy": {"1": {"value", "low", "high"},
/// …},
///  "mentions_per_second", "kernels", "subsets": {"clean": {"mentions", "gold_in_kb", "accuracy"},
///  …}}, with null for no thesaurus and for the shares of a subset without mentions.
std::string to_json(const EvalResult& result);

}  // namespace enlace
