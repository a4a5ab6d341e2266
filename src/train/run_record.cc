#include "train/run_record.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "io/json_writer.h"
#include "math/tier.h"

namespace enlace {
namespace {

std::string objective_of(const TrainRecipe& recipe) {
  if (recipe.objective == Objective::kMultiSimilarity) return "multi-similarity";
  return fmt::format("infonce, temperature {}", recipe.info_nce_temperature);
}
std::string_view name_of(Schedule schedule) noexcept {
  return schedule == Schedule::kLinear ? "linear" : "constant";
}

/// Takes the first line off `text`.
std::string_view next_line(std::string_view& text) noexcept {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// Those of the names that may stand in a pair.
void write_sources(const KnowledgeBase& kb, const std::vector<bool>& taken, JsonWriter& json) {
  struct Names {
    std::uint64_t count = 0;
    std::set<std::string_view> languages;
  };
  std::map<std::pair<std::string_view, std::string_view>, Names> sources;
  for (NameId id = 0; id < taken.size(); ++id) {
    if (!taken[id]) continue;
    const Name name = kb.name(id);
    Names& names = sources[{name.source, name.licence}];
    ++names.count;
    if (!name.language.empty()) names.languages.insert(name.language);
  }
  for (const auto& [source, names] : sources) {
    json.object().member("name", source.first).member("licence", source.second);
    json.member("names", names.count).key("languages").array();
    for (const std::string_view language : names.languages) json.string(language);
    json.close().close();
  }
}

}  // namespace

std::string run_options(const TrainData& data, const TrainRecipe& recipe, const TrainRun& run,
                        const ModelUsage& usage, std::uint64_t steps, std::uint64_t initial) {
  std::string text;
  const auto add = [&text](std::string_view name, const auto& value) {
    text += fmt::format("{}={}\n", name, value);
  };
  add("recipe", recipe.name);
  add("pairs", fmt::format("{} of {} ids, {:016x}", data.pairs.size(), data.pairs.label_count(),
                           data.pairs.fingerprint()));
  if (data.kb != nullptr) add("knowledge base", fmt::format("{:016x}", data.kb->fingerprint()));
  add("model", fmt::format("{} {}, {:016x}", run.random ? "random" : "weights of",
                           run.init.lexically_normal().string(), initial));
  add("seed", recipe.seed);
  add("steps", steps);
  add("batch", recipe.batch);
  add("accumulate", recipe.accumulate);
  add("rate", recipe.rate);
  add("warm-up", recipe.warm_up);
  add("schedule", name_of(recipe.schedule));
  add("weight decay", recipe.weight_decay);
  add("clip", recipe.clip);
  add("objective", objective_of(recipe));
  add("dropout", recipe.dropout ? fmt::format("{}", *recipe.dropout) : "config");
  add("temperature", recipe.temperature ? fmt::format("{}", *recipe.temperature) : "none");
  add("replay share", recipe.replay_share);
  add("masks", recipe.masks ? fmt::format("up to {} hops", recipe.mask_hops) : "none");
  add("mining", fmt::format("every {}, pool {}, neighbours {}, group {}", recipe.mining.every,
                            recipe.mining.pool, recipe.mining.neighbours, recipe.mining.group));
  add("vary", recipe.vary);
  add("freeze tokens", recipe.freeze_tokens);
  add("blend", recipe.blend);
  add("pooling", enlace::name_of(usage.pooling));
  add("max tokens", usage.max_tokens);
  add("prefix", usage.prefix);
  add("fold case", usage.fold_case);
  add("plain names", usage.plain_names);
  add("concept share", usage.concept_share);
  add("precision", enlace::name_of(run.precision));
  return text;
}

void require_same_options(const std::string& where, std::string_view saved, std::string_view now) {
  while (!saved.empty() || !now.empty()) {
    const std::string_view then = next_line(saved), today = next_line(now);
    if (then == today) continue;
    throw Error(ErrorKind::kInvalidArgument,
                "{}: begun with {}, now {}: give the same options, or begin anew", where, then,
                today);
  }
}

std::string run_record(const std::string& command, const std::string& options,
                       const std::string& base_model, std::span<const float> losses,
                       const TrainData& data) {
  JsonWriter json;
  json.object();
  json.member("command", command);
  json.member("tier", enlace::name_of(current_tier()));
  json.member("step", std::uint64_t{losses.size()});
  if (!base_model.empty()) json.member("base_model", base_model);
  json.key("options").object();
  for (std::string_view rest = options; !rest.empty();) {
    const std::string_view line = next_line(rest);
    const std::size_t equals = line.find('=');
    json.member(line.substr(0, equals), line.substr(equals + 1));
  }
  json.close();
  if (std::ranges::find(data.names, true) != data.names.end()) {
    json.key("sources").array();
    write_sources(*data.kb, data.names, json);
    json.close();
  }
  json.key("losses").array();
  const std::size_t piece = std::max<std::size_t>(1, losses.size() / 100);
  for (std::size_t first = 0; first < losses.size(); first += piece) {
    double sum = 0;
    const std::size_t last = std::min(first + piece, losses.size());
    for (std::size_t i = first; i < last; ++i) sum += double(losses[i]);
    json.number(sum / double(last - first));
  }
  json.close();
  json.close();
  return json.text();
}

}  // namespace enlace
