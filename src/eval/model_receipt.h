// What changing a model's weights has changed: its vectors, and how often it is right.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "encode/text_encoder.h"

namespace enlace {

/// Cosines between the vectors that two models give the same texts.
struct CosineReport {
  std::size_t texts = 0;
  double least = 1, mean = 1;
  /// A percentage, and the cosine below which that part of the texts lies.
  std::vector<std::pair<double, double>> percentiles;
};

/// Throws Error: kInvalidArgument if there are no texts or the models' vectors have not the same
/// length; as TextEncoder::encode does; kCancelled. The percentiles are 0.1, 1, 5 and 50.
CosineReport compare_vectors(const TextEncoder& before, const TextEncoder& after,
                             std::span<const std::string_view> texts, std::size_t workers,
                             const Progress& progress = {});

/// A set to measure accuracy on: names as a TSV that `enlace build` reads, and a gold standard.
struct AccuracySet {
  std::string name;
  std::filesystem::path names, gold;
};

struct AccuracyChange {
  std::string name;
  std::size_t mentions = 0;
  std::map<std::size_t, std::pair<double, double>> at;  // by k: before, after
};

/// Accuracy at 1, 5 and 25 of dense retrieval (eval/run_eval.h) with the models `before` and
/// `after`, one result a set. Knowledge bases are built in the folder `scratch`, which is made and
/// removed again; equal names are built once for all sets. Throws what building and linking do.
std::vector<AccuracyChange> compare_accuracy(const std::filesystem::path& before,
                                             const std::filesystem::path& after,
                                             std::span<const AccuracySet> sets,
                                             const std::filesystem::path& scratch,
                                             Precision precision, std::size_t workers,
                                             const Progress& progress = {});

/// What a receipt says.
struct Receipt {
  std::string model;                          // the name of the folder that was changed
  std::string weights;                        // what it has become: "int8"
  Precision precision = default_precision();  // that both were computed in
  CosineReport cosine;                        // of no texts: not measured
  std::vector<AccuracyChange> accuracy;
};

/// {"model", "weights", "precision", "kernels",
///  "cosine": {"texts", "least", "mean", "percentiles": {"0.1": …}},
///  "accuracy": [{"set", "mentions", "at": {"1": {"before", "after"}, …}}]}, indented; without what
/// was not measured.
std::string to_json(const Receipt& receipt);

}  // namespace enlace
