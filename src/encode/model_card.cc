#include "encode/model_card.h"

#include <algorithm>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "encode/card_records.h"
#include "encode/card_text.h"
#include "encode/model_usage.h"
#include "io/json_writer.h"
#include "nn/checkpoint.h"
#include "nn/model_config.h"

namespace enlace {
namespace {

namespace dom = simdjson::dom;
namespace fs = std::filesystem;

/// `text` as a string of YAML, which JSON's are.
std::string yaml_string(std::string_view text) {
  return JsonWriter().string(text).text();
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
  add_languages(first_text(training, {"languages", "language"}), languages);
  if (const auto sources = training.find("sources"); sources && sources->is_array()) {
    for (const JsonElement source : dom::array(*sources)) {
      if (!source.is_object()) continue;
      for (const char* key : {"languages", "language"}) {
        add_languages(plain_text(json_member(source, key, training.where())), languages);
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
      facts.licence.empty() ? first_text(training, {"licence", "license"}) : facts.licence;
  if (!licence.empty()) card += "license: " + yaml_string(licence) + "\n";
  const std::string base =
      facts.base_model.empty() ? first_text(training, {"base_model"}) : facts.base_model;
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
  append_row(card, "encoder",
             fmt::format("{}, {} layers, hidden size {}, {} heads, feed-forward {}", config.type,
                         config.layers, config.hidden, config.heads, config.inner));
  append_row(card, "vocabulary", fmt::format("{} entries", config.vocabulary));
  append_row(card, "weights", counted(weights));
  append_row(card, "pooling",
             usage.pooling == Pooling::kMean ? "mean of all tokens" : "the first token");
  append_row(card, "prefix", usage.prefix.empty() ? "none" : fmt::format("`{}`", usage.prefix));
  append_row(card, "lower case",
             usage.lower_case ? "made before tokenising" : "as the tokenizer has it");
  if (usage.fold_case) append_row(card, "case", "names in lower case, mentions both ways");
  if (usage.plain_names)
    append_row(card, "closing words", "without \"unspecified\", \"NOS\", \"SAI\"");
  if (usage.concept_share > 0) {
    append_row(card, "score",
               fmt::format("{:g} of the name's cosine and {:g} of its concept's",
                           1 - usage.concept_share, usage.concept_share));
  }
  append_row(card, "longest text", fmt::format("{} tokens", usage.max_tokens));
  append_row(card, "vectors",
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
  append_records(card, model);
  while (card.ends_with("\n\n")) card.pop_back();
  return card;
}

}  // namespace enlace
