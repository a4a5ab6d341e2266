#include "encode/card_records.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "encode/card_text.h"
#include "encode/optional_json.h"

namespace enlace {
namespace {

namespace dom = simdjson::dom;

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
  if (const std::string command = first_text(training, {"command"}); !command.empty()) {
    card += fmt::format("```\n{}\n```\n\n", command);
  }
  std::string rows;
  for (const char* key : {"recipe", "seed", "pairs", "tier"})
    append_row(rows, key, first_text(training, {key}));
  append_row(rows, "steps", first_text(training, {"steps", "step"}));
  if (const auto options = training.find("options"); options && options->is_object()) {
    for (const auto [key, value] : dom::object(*options))
      append_row(rows, table_cell(key), plain_text(value));
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
        std::string text = plain_text(json_member(source, key, training.where()));
        if (!text.empty()) return table_cell(text);
      }
      return std::string();
    };
    card += fmt::format("| {} | {} | {} |\n", member({"name", "source"}),
                        member({"licence", "license"}), member({"names", "count"}));
  }
  card += "\n";
}

/// Each blend with the weights that the one before left; what made its initial model below it.
void append_blends(std::string& card, dom::array steps, const std::string& indent,
                   const std::string& where) {
  for (const JsonElement step : steps) {
    if (!step.is_object()) continue;
    const auto member = [&](const char* key) { return plain_text(json_member(step, key, where)); };
    const std::string initial = member("initial"), command = member("command");
    card += fmt::format("{0}* weights of {1} + {2} x (weights - {1})\n", indent, initial,
                        member("share"));
    if (!command.empty()) {
      card += fmt::format("\n{0}  {1} was trained by\n{0}  ```\n{0}  {2}\n{0}  ```\n", indent,
                          initial, command);
    }
    if (const auto earlier = json_member(step, "steps", where); earlier && earlier->is_array()) {
      const std::string made = command.empty() ? initial + " was blended:" : "and then blended:";
      card += fmt::format("\n{}  {}\n", indent, made);
      append_blends(card, dom::array(*earlier), indent + "  ", where);
    }
  }
}

void append_blending(std::string& card, const OptionalJson& blending) {
  const auto steps = blending.find("steps");
  if (!steps || !steps->is_array()) return;
  card +=
      "## Blending\n\n"
      "Names of one terminology teach a model to tell concepts apart, and make it forget "
      "languages\n"
      "that they do not have: so the weights are between those of two models.\n\n";
  append_blends(card, dom::array(*steps), "", blending.where());
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
      first_text(pruning, {"entries_before"}), first_text(pruning, {"entries_after"}),
      first_text(pruning, {"texts"}),
      first_text(pruning, {"min_count"}) == "1"
          ? ""
          : fmt::format(" {} times or more", first_text(pruning, {"min_count"})),
      first_text(pruning, {"scripts"}),
      first_text(pruning, {"at_least"}) == "0" ? "" : ", and the most frequent others of these",
      first_text(pruning, {"texts_split_as_before"}));
}

double number(JsonElement object, std::string_view key, std::string_view where) {
  return json_get_or<double>(object, key, 0.0, where);
}

void append_receipt(std::string& card, const OptionalJson& receipt) {
  if (!states(receipt, {"weights", "precision", "kernels"})) return;
  card += fmt::format("## What rounding the weights to {} changed\n\n",
                      first_text(receipt, {"weights"}));
  card += fmt::format("Computed in {} on {}.\n\n", first_text(receipt, {"precision"}),
                      first_text(receipt, {"kernels"}));
  if (const auto cosine = receipt.find("cosine"); cosine && cosine->is_object()) {
    card += fmt::format(
        "Cosine with the vector before, over {} names: {:.5f} on average, at least {:.5f}.\n\n",
        plain_text(json_member(*cosine, "texts", receipt.where())),
        number(*cosine, "mean", receipt.where()), number(*cosine, "least", receipt.where()));
  }
  const auto sets = receipt.find("accuracy");
  if (!sets || !sets->is_array()) return;
  card += "| set | mentions | at 1 | | at 5 | | at 25 | |\n|---|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const JsonElement set : dom::array(*sets)) {
    if (!set.is_object()) continue;
    card +=
        fmt::format("| {} | {} |", table_cell(plain_text(json_member(set, "set", receipt.where()))),
                    plain_text(json_member(set, "mentions", receipt.where())));
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

void append_records(std::string& card, const std::filesystem::path& model) {
  append_training(card, OptionalJson(model / "training.json"));
  append_blending(card, OptionalJson(model / "blending.json"));
  append_pruning(card, OptionalJson(model / "pruning.json"));
  append_receipt(card, OptionalJson(model / "receipt.json"));
}

}  // namespace enlace
