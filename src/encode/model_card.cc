#include "encode/model_card.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "encode/model_usage.h"
#include "encode/optional_json.h"
#include "io/json_copy.h"
#include "nn/checkpoint.h"
#include "nn/model_config.h"

namespace enlace {
namespace {

namespace dom = simdjson::dom;
namespace fs = std::filesystem;

/// A scalar as people write it; a list of scalars with commas between; nothing for anything else.
std::string plain(std::optional<JsonElement> element) {
  if (!element) return "";
  if (element->is_string()) return std::string(std::string_view(*element));
  if (element->is_array()) {
    std::string text;
    for (const JsonElement item : dom::array(*element)) {
      const std::string part = plain(item);
      if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
    }
    return text;
  }
  if (element->is_object() || element->is_null()) return "";
  JsonWriter json;
  copy_json(*element, json);
  return json.text();
}

/// The first of `keys` that `record` has.
std::string first_of(const OptionalJson& record, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (std::string text = plain(record.find(key)); !text.empty()) return text;
  }
  return "";
}

/// `text` for a cell of a table.
std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c == '\n' || c == '\r' ? ' ' : c;
  }
  return result;
}

/// `text` as a string of YAML, which JSON's are.
std::string yaml_string(std::string_view text) {
  return JsonWriter().string(text).text();
}

void append(std::string& card, std::string_view what, std::string_view value) {
  if (!value.empty()) card += fmt::format("| {} | {} |\n", what, cell(value));
}

/// Splits "es, en" into its parts, for which the list is asked.
void add_languages(std::string_view listed, std::vector<std::string>& languages) {
  while (!listed.empty()) {
    const std::size_t end = std::min(listed.find(", "), listed.size());
    const std::string language(listed.substr(0, end));
    if (std::ranges::find(languages, language) == languages.end()) languages.push_back(language);
    listed.remove_prefix(std::min(end + 2, listed.size()));
  }
}

std::vector<std::string> languages_of(const OptionalJson& training, const CardFacts& facts) {
  std::vector<std::string> languages = facts.languages;
  add_languages(first_of(training, {"languages", "language"}), languages);
  if (const auto sources = training.find("sources"); sources && sources->is_array()) {
    for (const JsonElement source : dom::array(*sources)) {
      if (!source.is_object()) continue;
      for (const char* key : {"languages", "language"}) {
        add_languages(plain(json_member(source, key, training.where())), languages);
      }
    }
  }
  std::ranges::sort(languages);
  return languages;
}

void append_front_matter(std::string& card, const OptionalJson& training, const CardFacts& facts) {
  card += "---\n";
  if (const auto languages = languages_of(training, facts); !languages.empty()) {
    card += "language:\n";
    for (const std::string& language : languages) card += "- " + yaml_string(language) + "\n";
  }
  const std::string licence =
      facts.licence.empty() ? first_of(training, {"licence", "license"}) : facts.licence;
  if (!licence.empty()) card += "license: " + yaml_string(licence) + "\n";
  const std::string base =
      facts.base_model.empty() ? first_of(training, {"base_model"}) : facts.base_model;
  if (!base.empty()) card += "base_model: " + yaml_string(base) + "\n";
  card +=
      "library_name: sentence-transformers\n"
      "pipeline_tag: sentence-similarity\n"
      "tags:\n- enlace\n- entity-linking\n- biomedical\n- clinical\n- feature-extraction\n---\n\n";
}

/// How many numbers there are of each type, such as "F32".
struct Weights {
  std::map<std::string, std::uint64_t, std::less<>> counts;

  /// Whether other libraries cannot read them.
  bool ours() const { return counts.contains("I8") || counts.contains("I4"); }
};

Weights weights_of(const Checkpoint& checkpoint) {
  Weights weights;
  for (const CheckpointTensor& entry : checkpoint.tensors()) {
    if (entry.tensor.type == TensorType::kOther) continue;
    weights.counts[std::string(name_of(entry.tensor.type))] += entry.tensor.count();
  }
  return weights;
}

/// "21.3 million I8, 57.6 million I4".
std::string counted(const Weights& weights) {
  std::string text;
  for (const auto& [type, count] : weights.counts) {
    text += fmt::format("{}{:.1f} million {}", text.empty() ? "" : ", ", double(count) / 1e6, type);
  }
  return text;
}

void append_facts(std::string& card, const ModelConfig& config, const ModelUsage& usage,
                  const Weights& weights) {
  card += "| | |\n|---|---|\n";
  append(card, "encoder",
         fmt::format("{}, {} layers, hidden size {}, {} heads, feed-forward {}", config.type,
                     config.layers, config.hidden, config.heads, config.inner));
  append(card, "vocabulary", fmt::format("{} entries", config.vocabulary));
  append(card, "weights", counted(weights));
  append(card, "pooling",
         usage.pooling == Pooling::kMean ? "mean of all tokens" : "the first token");
  append(card, "prefix", usage.prefix.empty() ? "none" : fmt::format("`{}`", usage.prefix));
  append(card, "lower case",
         usage.lower_case ? "made before tokenising" : "as the tokenizer has it");
  if (usage.fold_case) append(card, "case", "names in lower case, mentions both ways");
  if (usage.plain_names) append(card, "closing words", "without \"unspecified\", \"NOS\", \"SAI\"");
  if (usage.concept_share > 0) {
    append(card, "score",
           fmt::format("{:g} of the name's cosine and {:g} of its concept's",
                       1 - usage.concept_share, usage.concept_share));
  }
  append(card, "longest text", fmt::format("{} tokens", usage.max_tokens));
  append(card, "vectors",
         fmt::format("{} values{}", config.hidden, usage.normalize ? ", of length 1" : ""));
  card += "\n";
}

void append_use(std::string& card, const std::string& name, const ModelUsage& usage,
                const Weights& weights) {
  card += fmt::format(
      "## Use\n\n"
      "```\n"
      "enlace build --out kb --from tsv=names.tsv --model {0}\n"
      "echo 'dolor torácico' | enlace link --kb kb --model {0}\n"
      "```\n\n",
      name);
  if (weights.ours()) {
    card += fmt::format(
        "Weights are bytes with a scale for each row, or numbers of 4 bits with a scale for every\n"
        "32, which only enlace reads. For\n"
        "sentence-transformers: `enlace model quantise {0} --to f32 --out {0}-f32`, then\n\n",
        name);
  }
  card += fmt::format(
      "```python\n"
      "from sentence_transformers import SentenceTransformer\n"
      "\n"
      "model = SentenceTransformer(\"{}{}\")  # the prefix is its default prompt\n"
      "vectors = model.encode([\"dolor torácico\", \"chest pain\"])\n"
      "```\n\n",
      name, weights.ours() ? "-f32" : "");
  if (usage.fold_case) {
    card +=
        "`enlace` looks past case: it embeds names in lower case, and a mention half way between\n"
        "itself and its lower case. Elsewhere, lower the names and take that mean for the same\n"
        "accuracy.\n\n";
  }
  if (usage.plain_names) {
    card +=
        "Of names and mentions alike it leaves out words that say that no more is said:\n"
        "\"fever\" of \"Fever, unspecified\". Elsewhere, leave them out for the same accuracy.\n\n";
  }
  if (usage.concept_share > 0) {
    card += fmt::format(
        "A candidate's score is {:g} times the mention's cosine with its best name, and {:g}\n"
        "times that with the sum of the vectors of all names of its concept.\n\n",
        1 - usage.concept_share, usage.concept_share);
  }
}

void append_losses(std::string& card, const OptionalJson& training) {
  const auto losses = training.find("losses");
  if (!losses || !losses->is_array() || dom::array(*losses).size() == 0) return;
  std::vector<std::string> values;
  for (const JsonElement loss : dom::array(*losses)) {
    if (loss.is_number()) values.push_back(fmt::format("{:.4f}", double(loss)));
  }
  constexpr std::size_t kMost = 11;
  std::string some;
  for (std::size_t i = 0; i < std::min(values.size(), kMost); ++i) {
    const std::size_t last = std::min(values.size(), kMost) - 1;
    const std::size_t at = last == 0 ? 0 : i * (values.size() - 1) / last;
    some += (i == 0 ? "" : ", ") + values[at];
  }
  if (!some.empty()) card += fmt::format("Loss, from the first step to the last: {}.\n\n", some);
}

void append_training(std::string& card, const OptionalJson& training) {
  if (!training) return;
  card += "## How it was trained\n\n";
  if (const std::string command = first_of(training, {"command"}); !command.empty()) {
    card += fmt::format("```\n{}\n```\n\n", command);
  }
  std::string rows;
  for (const char* key : {"recipe", "seed", "pairs", "tier"})
    append(rows, key, first_of(training, {key}));
  append(rows, "steps", first_of(training, {"steps", "step"}));
  if (const auto options = training.find("options"); options && options->is_object()) {
    for (const auto [key, value] : dom::object(*options)) append(rows, cell(key), plain(value));
  }
  if (!rows.empty()) card += "| | |\n|---|---|\n" + rows + "\n";
  append_losses(card, training);
  const auto sources = training.find("sources");
  if (!sources || !sources->is_array()) return;
  card += "### Names it was trained on\n\n| source | licence | names |\n|---|---|--:|\n";
  for (const JsonElement source : dom::array(*sources)) {
    if (!source.is_object()) continue;
    const auto member = [&](std::initializer_list<const char*> keys) {
      for (const char* key : keys) {
        std::string text = plain(json_member(source, key, training.where()));
        if (!text.empty()) return cell(text);
      }
      return std::string();
    };
    card += fmt::format("| {} | {} | {} |\n", member({"name", "source"}),
                        member({"licence", "license"}), member({"names", "count"}));
  }
  card += "\n";
}

/// Each blend with the weights that the one before left.
void append_blending(std::string& card, const OptionalJson& blending) {
  const auto steps = blending.find("steps");
  if (!steps || !steps->is_array()) return;
  card +=
      "## Blending\n\n"
      "Names of one terminology teach a model to tell concepts apart, and make it forget "
      "languages\n"
      "that they do not have: so the weights are between those of two models.\n\n";
  for (const JsonElement step : dom::array(*steps)) {
    if (!step.is_object()) continue;
    const auto member = [&](const char* key) {
      return plain(json_member(step, key, blending.where()));
    };
    card += fmt::format("* weights of {0} + {1} x (weights - {0})\n", member("initial"),
                        member("share"));
    if (const std::string command = member("command"); !command.empty()) {
      card += fmt::format("\n  ```\n  {}\n  ```\n", command);
    }
  }
  card += "\n";
}

/// Whether the record has all of these: a sentence with a hole says nothing.
bool states(const OptionalJson& record, std::initializer_list<const char*> keys) {
  return std::ranges::all_of(keys, [&](const char* key) { return record.find(key).has_value(); });
}

void append_pruning(std::string& card, const OptionalJson& pruning) {
  if (!states(pruning, {"entries_before", "entries_after", "texts", "texts_split_as_before"}))
    return;
  card += fmt::format(
      "## Vocabulary\n\n"
      "Cut from {} to {} entries: those that {} names use{}, the single characters of {}{}. {} of\n"
      "these names are split as before and keep their vectors; other words fall apart into "
      "smaller\n"
      "entries.\n\n",
      first_of(pruning, {"entries_before"}), first_of(pruning, {"entries_after"}),
      first_of(pruning, {"texts"}),
      first_of(pruning, {"min_count"}) == "1"
          ? ""
          : fmt::format(" {} times or more", first_of(pruning, {"min_count"})),
      first_of(pruning, {"scripts"}),
      first_of(pruning, {"at_least"}) == "0" ? "" : ", and the most frequent others of these",
      first_of(pruning, {"texts_split_as_before"}));
}

double number(JsonElement object, std::string_view key, std::string_view where) {
  return json_get_or<double>(object, key, 0.0, where);
}

void append_receipt(std::string& card, const OptionalJson& receipt) {
  if (!states(receipt, {"weights", "precision", "kernels"})) return;
  card +=
      fmt::format("## What rounding the weights to {} changed\n\n", first_of(receipt, {"weights"}));
  card += fmt::format("Computed in {} on {}.\n\n", first_of(receipt, {"precision"}),
                      first_of(receipt, {"kernels"}));
  if (const auto cosine = receipt.find("cosine"); cosine && cosine->is_object()) {
    card += fmt::format(
        "Cosine with the vector before, over {} names: {:.5f} on average, at least {:.5f}.\n\n",
        plain(json_member(*cosine, "texts", receipt.where())),
        number(*cosine, "mean", receipt.where()), number(*cosine, "least", receipt.where()));
  }
  const auto sets = receipt.find("accuracy");
  if (!sets || !sets->is_array()) return;
  card += "| set | mentions | at 1 | | at 5 | | at 25 | |\n|---|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const JsonElement set : dom::array(*sets)) {
    if (!set.is_object()) continue;
    card += fmt::format("| {} | {} |", cell(plain(json_member(set, "set", receipt.where()))),
                        plain(json_member(set, "mentions", receipt.where())));
    const auto at = json_member(set, "at", receipt.where());
    for (const char* k : {"1", "5", "25"}) {
      const auto values =
          at && at->is_object() ? json_member(*at, k, receipt.where()) : std::nullopt;
      if (!values || !values->is_object()) {
        card += " | |";
        continue;
      }
      const double before = number(*values, "before", receipt.where());
      const double after = number(*values, "after", receipt.where());
      card += fmt::format(" {:.4f} | {:+.4f} |", after, after - before);
    }
    card += "\n";
  }
  card += "\nAccuracy of dense retrieval, and how far it is from that before the rounding.\n\n";
}

}  // namespace

std::string model_card(const fs::path& model, const CardFacts& facts) {
  const ModelUsage usage = read_model_usage(model);
  const ModelConfig config = read_model_config(usage.encoder);
  const Weights weights = weights_of(Checkpoint::open(usage.encoder));
  const OptionalJson training(model / "training.json");
  const std::string name =
      facts.name.empty()
          ? fs::absolute(model / "").lexically_normal().parent_path().filename().string()
          : facts.name;
  std::string card;
  append_front_matter(card, training, facts);
  card += fmt::format(
      "# {}\n\n"
      "Turns names and mentions of clinical concepts into vectors, near each other where they "
      "mean\n"
      "the same. Made for `enlace`, an engine for clinical entity linking.\n\n",
      name);
  append_facts(card, config, usage, weights);
  append_use(card, name, usage, weights);
  append_training(card, training);
  append_blending(card, OptionalJson(model / "blending.json"));
  append_pruning(card, OptionalJson(model / "pruning.json"));
  append_receipt(card, OptionalJson(model / "receipt.json"));
  while (card.ends_with("\n\n")) card.pop_back();
  return card;
}

}  // namespace enlace
