#include "encode/model_tokenizer.h"

#include <algorithm>

#include "base/utf8.h"
#include "text/load_tokenizer.h"
#include "text/text_step.h"

namespace enlace {
namespace {

/// Does nothing to what is not UTF-8: the tokenizer will refuse it.
void lower_case(std::string& text) {
  if (!is_utf8(text)) return;
  std::string lowered;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint code_point = decode_utf8(text, at);
    append_lower(lowered, code_point.value);
    at += code_point.size;
  }
  text = std::move(lowered);
}

}  // namespace

ModelTokenizer::ModelTokenizer(const ModelUsage& usage, std::size_t most_tokens)
    : prefix_(usage.prefix),
      lower_case_(usage.lower_case),
      tokenizer_(load_tokenizer(usage.encoder)),
      max_tokens_(std::min(usage.max_tokens, most_tokens)) {}

void ModelTokenizer::append(std::string_view text, Workspace& workspace,
                            std::vector<std::int32_t>& ids) const {
  workspace.text.assign(prefix_).append(text);
  if (lower_case_) lower_case(workspace.text);
  tokenizer_.encode(workspace.text, max_tokens_, workspace.tokenizer, workspace.ids);
  ids.insert(ids.end(), workspace.ids.begin(), workspace.ids.end());
}

}  // namespace enlace
