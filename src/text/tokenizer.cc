#include "text/tokenizer.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/utf8.h"
#include "text/characters.h"

namespace enlace {
namespace {

constexpr char32_t kByteSpace = 0x120;  // what byte_character() gives for a space

/// Copies text[span] into `out`; if traced, every byte of a code point with its span as origin.
void copy_section(std::string_view text, Span span, bool traced, NormalizedText& out) {
  out.clear();
  out.text = span.of(text);
  if (!traced) return;
  for (std::uint32_t at = span.begin; at < span.end;) {
    const std::uint32_t size = next_code_point(text, at).size;
    out.origins.insert(out.origins.end(), size, Span{at, at + size});
    at += size;
  }
}

bool is_space(char32_t c) {
  return c == kByteSpace || is_white_space(c);
}

/// Where the character before text[at] begins. Requires at > 0.
std::uint32_t before(std::string_view text, std::uint32_t at) {
  do --at;
  while (at > 0 && is_utf8_continuation(text[at]));
  return at;
}

/// `span` of `text`, of a token that is spelt `spelling`, without as many characters at either end
/// as the spelling has spaces there, as the reference library has it.
Span trim_span(std::string_view text, Span span, std::string_view spelling, bool first,
               SpanTrim trim) {
  bool keeps_one = trim == SpanTrim::kSpacesButFirst && (first || span.begin == 0);
  const Span whole = span;
  for (std::uint32_t at = 0; at < spelling.size() && span.begin < span.end;) {
    const CodePoint next = next_code_point(spelling, at);
    if (!is_space(next.value)) break;
    if (!keeps_one) span.begin += next_code_point(text, span.begin).size;
    keeps_one = false;
    at += next.size;
  }
  for (auto at = std::uint32_t(spelling.size()); at > 0 && span.end > span.begin;) {
    at = before(spelling, at);
    if (!is_space(next_code_point(spelling, at).value)) break;
    span.end = before(text, span.end);
  }
  return {std::min(span.begin, whole.end), std::max(span.end, span.begin)};
}

}  // namespace

Tokenizer::Tokenizer(TokenizerParts parts) : parts_(std::move(parts)) {
  std::vector<AddedToken> raw;
  std::vector<AddedToken> normalized;
  size_ = parts_.model->size();
  for (AddedToken token : parts_.added_tokens) {
    size_ = std::max(size_, token.id + 1);
    if (!token.normalized) {
      raw.push_back(std::move(token));
      continue;
    }
    NormalizedText content;
    NormalizedText scratch;
    content.text = token.content;
    apply_steps(parts_.text_steps, content, scratch);
    token.content = content.text;
    normalized.push_back(std::move(token));
  }
  raw_tokens_ = AddedTokens(std::move(raw));
  normalized_tokens_ = AddedTokens(std::move(normalized));
  needs_origins_ = std::any_of(parts_.word_steps.begin(), parts_.word_steps.end(),
                               [](const auto& step) { return step->needs_origins(); });
}

std::int32_t Tokenizer::find(std::string_view spelling) const {
  for (const AddedToken& token : parts_.added_tokens) {
    if (token.content == spelling) return token.id;
  }
  return parts_.model->find(spelling);
}

std::size_t Tokenizer::content_limit(std::string_view text, std::size_t max_tokens) const {
  const std::size_t special = parts_.prefix.size() + parts_.suffix.size();
  if (max_tokens < special) {
    throw Error(ErrorKind::kInvalidArgument,
                "max_tokens: expected at least {} for the special tokens, found {}", special,
                max_tokens);
  }
  if (text.size() > kMaxTextSize) {
    throw Error(ErrorKind::kInvalidArgument, "text: expected at most {} bytes, found {}",
                kMaxTextSize, text.size());
  }
  if (const std::size_t bad = first_invalid_utf8(text); bad < text.size()) {
    throw Error(ErrorKind::kInvalidArgument, "text: expected UTF-8, found another byte at {}", bad);
  }
  return max_tokens - special;
}

void Tokenizer::encode(std::string_view text, std::size_t max_tokens, TokenizerWorkspace& workspace,
                       std::vector<std::int32_t>& ids) const {
  tokenize(text, content_limit(text, max_tokens), needs_origins_, workspace);
  ids.assign(parts_.prefix.begin(), parts_.prefix.end());
  for (const Token& token : workspace.tokens) ids.push_back(token.id);
  ids.insert(ids.end(), parts_.suffix.begin(), parts_.suffix.end());
}

Encoding Tokenizer::encode(std::string_view text, std::size_t max_tokens) const {
  TokenizerWorkspace workspace;
  tokenize(text, content_limit(text, max_tokens), true, workspace);
  Encoding encoding;
  encoding.ids = parts_.prefix;
  encoding.spans.resize(parts_.prefix.size());
  for (const Token& token : workspace.tokens) {
    encoding.ids.push_back(token.id);
    encoding.spans.push_back(token.span);
  }
  encoding.ids.insert(encoding.ids.end(), parts_.suffix.begin(), parts_.suffix.end());
  encoding.spans.resize(encoding.ids.size());
  return encoding;
}

void Tokenizer::tokenize(std::string_view text, std::size_t limit, bool traced,
                         TokenizerWorkspace& workspace) const {
  workspace.tokens.clear();
  workspace.original = text;
  raw_tokens_.split(text, workspace.raw_sections);
  for (const TextSection& section : workspace.raw_sections) {
    if (workspace.tokens.size() >= limit) break;
    if (section.id >= 0) {
      push_added(section.id, section.span, workspace);
    } else {
      copy_section(text, section.span, traced, workspace.text);
      tokenize_section(limit, workspace);
    }
  }
  if (workspace.tokens.size() > limit) workspace.tokens.resize(limit);
}

void Tokenizer::push_added(std::int32_t id, Span span, TokenizerWorkspace& workspace) const {
  if (parts_.trim != SpanTrim::kNone) {
    span = trim_span(workspace.original, span, span.of(workspace.original),
                     workspace.tokens.empty(), parts_.trim);
  }
  workspace.tokens.push_back({id, span});
}

void Tokenizer::tokenize_section(std::size_t limit, TokenizerWorkspace& workspace) const {
  NormalizedText& text = workspace.text;
  apply_steps(parts_.text_steps, text, workspace.scratch);
  normalized_tokens_.split(text.text, workspace.sections);
  for (const TextSection& section : workspace.sections) {
    if (workspace.tokens.size() >= limit) return;
    const Span span = section.span;
    if (section.id >= 0) {
      const bool traced = !text.origins.empty();
      push_added(section.id, traced ? text.original(span.begin, span.end) : span, workspace);
      continue;
    }
    workspace.pieces.text.clear();
    workspace.pieces.text.append(text, span.begin, span.end);
    workspace.pieces.pieces.assign(1, {0, span.size()});
    const std::size_t most = most_rewritten(section.span.size());
    for (const auto& step : parts_.word_steps) {
      step->apply(workspace.pieces, workspace.piece_scratch);
      if (workspace.pieces.text.text.size() > most) {
        throw Error(ErrorKind::kUnsupported,
                    "pre_tokenizer: expected a text to become at most {} bytes, found {}", most,
                    workspace.pieces.text.text.size());
      }
    }
    tokenize_pieces(limit, workspace);
  }
}

void Tokenizer::tokenize_pieces(std::size_t limit, TokenizerWorkspace& workspace) const {
  const NormalizedText& text = workspace.pieces.text;
  for (const Span piece : workspace.pieces.pieces) {
    if (workspace.tokens.size() >= limit) return;
    const std::size_t first = workspace.tokens.size();
    parts_.model->tokenize(piece.of(text.text), workspace.model, workspace.tokens);
    if (text.origins.empty()) continue;
    for (std::size_t i = first; i < workspace.tokens.size(); ++i) {
      Span& span = workspace.tokens[i].span;
      const std::string_view spelt = span.of(piece.of(text.text));
      span = text.original(piece.begin + span.begin, piece.begin + span.end);
      if (parts_.trim == SpanTrim::kNone) continue;
      span = trim_span(workspace.original, span, spelt, i == 0, parts_.trim);
    }
  }
}

}  // namespace enlace
