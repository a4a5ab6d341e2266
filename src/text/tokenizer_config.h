// What the files beside a vocabulary say about its tokenizer.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/added_tokens.h"

namespace enlace {

/// Families that split as BERT does, into pieces of words, and as RoBERTa does, into bytes.
inline constexpr std::array<std::string_view, 4> kBertFamilies{"Bert", "DistilBert", "Electra",
                                                               "MPNet"};
inline constexpr std::array<std::string_view, 3> kRobertaFamilies{"Roberta", "Longformer",
                                                                  "Deberta"};

/// A token by its role. Where the file has only the spelling, `has_flags` is false.
struct NamedToken {
  AddedToken token;
  bool has_flags = false;
};

/// tokenizer_config.json, with what config.json of the same folder says of the model, and the files
/// that older versions kept tokens in: special_tokens_map.json and added_tokens.json.
struct TokenizerConfig {
  std::string where;   // opens messages: the path of tokenizer_config.json
  std::string family;  // "Bert", "XLMRoberta", …: tokenizer_class, else model_type; may be empty
  std::optional<bool> lowercase;
  std::optional<bool> strip_accents;
  std::optional<bool> handle_chinese_chars;
  std::optional<bool> add_prefix_space;
  std::optional<bool> trim_offsets;
  std::optional<bool> split_by_punctuation;
  std::map<std::string, NamedToken, std::less<>> special;  // by role: "cls_token"; ids are not set
  std::vector<AddedToken> added;  // "added_tokens_decoder", else added_tokens.json, by id

  /// Whether the family is one of these.
  bool is_of(std::span<const std::string_view> families) const noexcept;

  /// The token of a role, spelt `otherwise` if the file does not say, and with `left_strip` if it
  /// says no more than the spelling.
  AddedToken token(std::string_view role, std::string_view otherwise,
                   bool left_strip = false) const;
};

/// The configuration in `folder`; defaults for what is not there. A family is a class name without
/// "Tokenizer" and "Fast"; PreTrainedTokenizerFast says nothing.
/// Throws Error(kCorrupt) for a file that is not such a configuration; kUnsupported for one that
/// cuts the beginning of long texts; kIo.
TokenizerConfig read_tokenizer_config(const std::filesystem::path& folder);

}  // namespace enlace
