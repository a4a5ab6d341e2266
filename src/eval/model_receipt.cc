#include "eval/model_receipt.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/hash.h"
#include "corpus/read_gold.h"
#include "eval/run_eval.h"
#include "io/json_copy.h"
#include "io/mapped_file.h"
#include "link/build.h"
#include "math/tier.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTextsAtOnce = 1U << 14;
constexpr double kPercentages[] = {0.1, 1, 5, 50};

double cosine(std::span<const float> a, std::span<const float> b) {
  double product = 0, a_square = 0, b_square = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    product += double(a[i]) * double(b[i]);
    a_square += double(a[i]) * double(a[i]);
    b_square += double(b[i]) * double(b[i]);
  }
  const double lengths = std::sqrt(a_square) * std::sqrt(b_square);
  return lengths > 0 ? product / lengths : double(a_square == b_square);
}

/// A folder that goes when this does.
struct Scratch {
  fs::path path;
  explicit Scratch(fs::path folder) : path(std::move(folder)) { fs::create_directory(path); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

std::string hash_of_file(const fs::path& path) {
  const MappedFile file(path);
  const std::string_view text = file.text();
  return fmt::format("{:016x}", hash_bytes(text));
}

/// Accuracies by k of dense retrieval in a knowledge base of the set's names by `model`, which is
/// built at `kb` unless it is there.
SubsetResult measure(const AccuracySet& set, const fs::path& model, const fs::path& kb,
                     Precision precision, std::size_t workers, const Progress& progress) {
  if (!fs::exists(kb)) {
    BuildOptions build;
    build.out = kb;
    build.sources = {"tsv=" + set.names.string()};
    build.model = model;
    build.precision = precision;
    build.workers = workers;
    build_kb_folder(build, progress);
  }
  ReadReport ignored;
  const auto gold = read_gold(set.gold, ignored);
  LinkerOptions options;
  options.retriever = RetrieverKind::kDense;
  options.model = model;
  options.k = 25;
  options.workers = workers;
  return run_eval(Linker::open(kb, options), gold, {}, progress).subsets.front();
}

}  // namespace

CosineReport compare_vectors(const TextEncoder& before, const TextEncoder& after,
                             std::span<const std::string_view> texts, std::size_t workers,
                             const Progress& progress) {
  if (texts.empty()) {
    throw Error(ErrorKind::kInvalidArgument, "expected texts to compare vectors of, found none");
  }
  const std::size_t width = before.dimension();
  if (after.dimension() != width) {
    throw Error(ErrorKind::kInvalidArgument, "expected vectors of {} values, found {}", width,
                after.dimension());
  }
  std::vector<float> cosines;
  double sum = 0;
  std::vector<float> a(std::min(texts.size(), kTextsAtOnce) * width), b(a.size());
  for (std::size_t first = 0; first < texts.size(); first += kTextsAtOnce) {
    progress.tell("comparing", first, texts.size());
    const auto some = texts.subspan(first, std::min(kTextsAtOnce, texts.size() - first));
    const Progress silent{{}, progress.cancelled};
    before.encode(some, {a.data(), some.size(), width}, workers, silent);
    after.encode(some, {b.data(), some.size(), width}, workers, silent);
    for (std::size_t i = 0; i < some.size(); ++i) {
      const double value = cosine({&a[i * width], width}, {&b[i * width], width});
      cosines.push_back(float(value));
      sum += value;
    }
  }
  std::sort(cosines.begin(), cosines.end());
  CosineReport report;
  report.texts = cosines.size();
  report.least = double(cosines.front());
  report.mean = sum / double(cosines.size());
  for (const double percentage : kPercentages) {
    const auto place = std::size_t(percentage / 100 * double(cosines.size()));
    report.percentiles.emplace_back(percentage, double(cosines[place]));
  }
  return report;
}

std::vector<AccuracyChange> compare_accuracy(const fs::path& before, const fs::path& after,
                                             std::span<const AccuracySet> sets,
                                             const fs::path& scratch, Precision precision,
                                             std::size_t workers, const Progress& progress) {
  const Scratch folder(scratch);
  std::vector<AccuracyChange> changes;
  for (const AccuracySet& set : sets) {
    const std::string key = hash_of_file(set.names);
    const SubsetResult old =
        measure(set, before, scratch / ("before-" + key), precision, workers, progress);
    const SubsetResult now =
        measure(set, after, scratch / ("after-" + key), precision, workers, progress);
    AccuracyChange change{set.name, old.mentions, {}};
    for (const auto& [k, accuracy] : old.accuracy) {
      change.at.emplace(k, std::make_pair(accuracy.value, now.accuracy.at(k).value));
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

std::string to_json(const Receipt& receipt) {
  JsonWriter json;
  json.object().member("model", receipt.model).member("weights", receipt.weights);
  json.member("precision", name_of(receipt.precision)).member("kernels", name_of(current_tier()));
  if (receipt.cosine.texts > 0) {
    json.key("cosine").object().member("texts", receipt.cosine.texts);
    json.member("least", receipt.cosine.least).member("mean", receipt.cosine.mean);
    json.key("percentiles").object();
    for (const auto& [percentage, value] : receipt.cosine.percentiles) {
      json.member(fmt::format("{}", percentage), value);
    }
    json.close().close();
  }
  if (!receipt.accuracy.empty()) {
    json.key("accuracy").array();
    for (const AccuracyChange& change : receipt.accuracy) {
      json.object().member("set", change.name).member("mentions", change.mentions);
      json.key("at").object();
      for (const auto& [k, values] : change.at) {
        json.key(std::to_string(k)).object();
        json.member("before", values.first).member("after", values.second).close();
      }
      json.close().close();
    }
    json.close();
  }
  return indented_json(json.close().text());
}

}  // namespace enlace
