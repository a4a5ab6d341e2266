#include "encode/model_tokenizer.h"

#include <algorithm>

#include "encode/prepared_text.h"
#include "text/load_tokenizer.h"

namespace enlace {

ModelTokenizer::ModelTokenizer(const ModelUsage& usage, std::size_t most_tokens)
    : usage_(usage),
      tokenizer_(load_tokenizer(usage.encoder)),
      max_tokens_(std::min(usage.max_tokens, most_tokens)) {}

void ModelTokenizer::append(std::string_view text, Workspace& workspace,
                            std::vector<std::int32_t>& ids) const {
  prepare_text(usage_, text, workspace.text);
  tokenizer_.encode(workspace.text, max_tokens_, workspace.tokenizer, workspace.ids);
  ids.insert(ids.end(), workspace.ids.begin(), workspace.ids.end());
}

}  // namespace enlace
