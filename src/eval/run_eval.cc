#include "eval/run_eval.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "eval/subsets.h"
#include "io/json_writer.h"
#include "math/kernels.h"

namespace enlace {
namespace {

constexpr std::size_t kMentionsPerBlock = 8192;

/// What is known of one gold mention once it has been linked.
struct Outcome {
  Rank rank = 0;
  bool gold_in_kb = false;
};

Outcome outcome_of(const ChangedKb& kb, const GoldMention& gold,
                   std::span<const Candidate> candidates) {
  std::vector<ConceptPlace> right;
  for (const std::string_view code : alternatives_of(gold.code)) {
    if (const auto place = resolve_code(kb, code)) right.push_back(*place);
  }
  Outcome outcome{0, !right.empty()};
  for (std::size_t i = 0; i < candidates.size() && outcome.rank == 0; ++i) {
    const bool is_right = std::any_of(right.begin(), right.end(), [&](const ConceptPlace& place) {
      return place.kb == candidates[i].kb && place.concept_id == candidates[i].concept_id;
    });
    if (is_right) outcome.rank = Rank(i + 1);
  }
  return outcome;
}

std::vector<Outcome> link_all(const Linker& linker, std::span<const GoldMention> gold,
                              const Progress& progress) {
  std::vector<Outcome> outcomes;
  std::vector<std::string> mentions;
  for (std::size_t first = 0; first < gold.size(); first += kMentionsPerBlock) {
    progress.tell("linking mentions", first, gold.size());
    const auto block = gold.subspan(first, std::min(kMentionsPerBlock, gold.size() - first));
    mentions.clear();
    for (const GoldMention& row : block) mentions.push_back(row.text);
    const auto linked = linker.link(mentions);
    for (std::size_t i = 0; i < block.size(); ++i) {
      outcomes.push_back(outcome_of(linker.changed_kb(), block[i], linked[i]));
    }
  }
  return outcomes;
}

SubsetResult result_of(std::string name, const Rows& rows, const std::vector<Outcome>& outcomes,
                       const std::vector<std::size_t>& at) {
  SubsetResult result{std::move(name), rows.size(), 0, {}};
  std::vector<Rank> ranks;
  std::size_t in_kb = 0;
  for (const std::size_t row : rows) {
    ranks.push_back(outcomes[row].rank);
    in_kb += outcomes[row].gold_in_kb ? 1 : 0;
  }
  result.gold_in_kb = double(in_kb) / double(rows.size());
  for (const std::size_t k : at) result.accuracy[k] = accuracy_at(ranks, k);
  return result;
}

void write_subset(JsonWriter& json, const SubsetResult& subset) {
  json.member("mentions", subset.mentions).member("gold_in_kb", subset.gold_in_kb);
  json.key("accuracy").object();
  for (const auto& [k, accuracy] : subset.accuracy) {
    json.key(std::to_string(k)).object().member("value", accuracy.value);
    json.member("low", accuracy.low).member("high", accuracy.high).close();
  }
  json.close();
}

}  // namespace

EvalResult run_eval(const Linker& linker, std::span<const GoldMention> gold,
                    const EvalOptions& options, const Progress& progress) {
  const auto began = std::chrono::steady_clock::now();
  const std::vector<Outcome> outcomes = link_all(linker, gold, progress);
  EvalResult result;
  result.retriever = to_string(linker.retriever());
  result.thesaurus = linker.thesaurus().string();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  result.mentions_per_second = double(gold.size()) / std::max(result.seconds, 1e-9);

  Rows all(gold.size());
  std::iota(all.begin(), all.end(), std::size_t(0));
  result.subsets.push_back(result_of("gs", all, outcomes, options.at));
  if (options.train.empty()) return result;
  const Subsets subsets =
      subsets_of(gold, options.train, [&](std::string_view text) { return linker.has_name(text); });
  result.subsets.push_back(result_of("clean", subsets.clean, outcomes, options.at));
  result.subsets.push_back(result_of("um", subsets.unseen_mentions, outcomes, options.at));
  result.subsets.push_back(result_of("uc", subsets.unseen_codes, outcomes, options.at));
  return result;
}

std::string to_json(const EvalResult& result) {
  JsonWriter json;
  json.object().member("retriever", result.retriever);
  if (result.thesaurus.empty()) {
    json.key("thesaurus").null();
  } else {
    json.member("thesaurus", result.thesaurus);
  }
  write_subset(json, result.subsets.front());
  json.member("mentions_per_second", result.mentions_per_second);
  json.member("kernels", kernels().name);
  if (result.subsets.size() > 1) {
    json.key("subsets").object();
    for (std::size_t i = 1; i < result.subsets.size(); ++i) {
      json.key(result.subsets[i].name).object();
      write_subset(json, result.subsets[i]);
      json.close();
    }
    json.close();
  }
  json.close();
  return json.text();
}

}  // namespace enlace
