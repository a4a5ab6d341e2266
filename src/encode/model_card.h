// The card of a model: what its folder records, for people and for model hubs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace enlace {

/// What the records of a folder may not say.
struct CardFacts {
  std::string name;                    // empty: the folder's
  std::string licence;                 // an SPDX identifier; empty: training.json's "licence"
  std::string base_model;              // empty: training.json's "base_model"
  std::vector<std::string> languages;  // beside those of training.json
};

/// A README.md for `model` in Markdown, opened by the front matter in YAML that model hubs read
/// (language, license, base_model, tags).
///
/// From config.json, the usage (encode/model_usage.h) and the weights' types; and where they are
/// there, from these, whose members may all be missing:
///
/// | training.json | command, recipe, seed, steps or step, pairs, licence, base_model, languages, |
/// |               | options {}, sources [{name, licence, names, languages}], losses [number] | |
/// pruning.json  | as encode/prune_model.h writes it | | receipt.json  | as eval/model_receipt.h
/// writes it                                               |
///
/// Throws Error: as read_model_usage, parse_model_config and Checkpoint::open do; kCorrupt for a
/// record that is no JSON object.
std::string model_card(const std::filesystem::path& model, const CardFacts& facts = {});

}  // namespace enlace
