// From a text to the token ids that a model wants: prefix, case and length as its folder says.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "encode/model_usage.h"
#include "nn/model_config.h"
#include "text/tokenizer.h"

namespace enlace {

/// Throws Error(kCorrupt) if `tokenizer` gives ids that a model of `config` has no embedding for.
/// `folder` is named.
void require_known_ids(const Tokenizer& tokenizer, const ModelConfig& config,
                       const std::filesystem::path& folder);

/// Const use is thread-safe, with a workspace per thread.
class ModelTokenizer {
 public:
  struct Workspace {
    std::string text;  // prefix and text
    std::vector<std::int32_t> ids;
    TokenizerWorkspace tokenizer;
  };

  /// The tokenizer in usage.encoder, for a model of `config`; texts get at most
  /// min(usage.max_tokens, config.max_tokens()) ids. Throws as load_tokenizer and
  /// require_known_ids do.
  ModelTokenizer(const ModelUsage& usage, const ModelConfig& config);

  /// Appends the ids of `text` to `ids`. Throws Error as Tokenizer::encode does.
  void append(std::string_view text, Workspace& workspace, std::vector<std::int32_t>& ids) const;

  const Tokenizer& tokenizer() const noexcept { return tokenizer_; }
  std::size_t max_tokens() const noexcept { return max_tokens_; }

 private:
  ModelUsage usage_;
  Tokenizer tokenizer_;
  std::size_t max_tokens_;
};

}  // namespace enlace
