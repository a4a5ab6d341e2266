#include "encode/model_tokenizer.h"

#include <algorithm>

#include "base/error.h"
#include "encode/prepared_text.h"
#include "text/load_tokenizer.h"

namespace enlace {
namespace {

/// Throws Error(kUnsupported) if every text has the token for padding: after it positions would be
/// counted otherwise.
void require_no_padding(const Tokenizer& tokenizer, const ModelConfig& config,
                        const std::filesystem::path& folder) {
  if (config.first_position == 0) return;
  const auto padding = std::int32_t(config.first_position) - 1;
  const auto ids = tokenizer.encode("", SIZE_MAX).ids;
  if (std::ranges::find(ids, padding) == ids.end()) return;
  throw Error(ErrorKind::kUnsupported,
              "{}: pad_token_id: expected a token that no text has, found {}, which all have",
              (folder / "config.json").string(), padding);
}

}  // namespace

void require_known_ids(const Tokenizer& tokenizer, const ModelConfig& config,
                       const std::filesystem::path& folder) {
  const std::size_t ids = std::size_t(tokenizer.size());
  if (ids <= config.vocabulary) return;
  throw Error(ErrorKind::kCorrupt, "{}: expected token ids below the vocab_size {}, found {}",
              folder.string(), config.vocabulary, ids - 1);
}

ModelTokenizer::ModelTokenizer(const ModelUsage& usage, const ModelConfig& config)
    : usage_(usage),
      tokenizer_(load_tokenizer(usage.encoder)),
      max_tokens_(std::min(usage.max_tokens, config.max_tokens())) {
  require_known_ids(tokenizer_, config, usage.encoder);
  require_no_padding(tokenizer_, config, usage.encoder);
}

void ModelTokenizer::append(std::string_view text, Workspace& workspace,
                            std::vector<std::int32_t>& ids) const {
  prepare_text(usage_, text, workspace.text);
  tokenizer_.encode(workspace.text, max_tokens_, workspace.tokenizer, workspace.ids);
  ids.insert(ids.end(), workspace.ids.begin(), workspace.ids.end());
}

}  // namespace enlace
