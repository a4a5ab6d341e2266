// Text to the token ids of an encoder, with the way back to the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "text/added_tokens.h"
#include "text/subword_model.h"
#include "text/text_step.h"
#include "text/word_step.h"

namespace enlace {

/// The tokens of a text: ids, and the bytes of the text that each stands for. Tokens that the
/// tokenizer put around the text stand for bytes [0, 0).
struct Encoding {
  std::vector<std::int32_t> ids;
  std::vector<Span> spans;
};

/// Whether the spans of tokens leave out the spaces at their ends.
enum class SpanTrim {
  kNone,
  kSpaces,
  kSpacesButFirst,  // one space at the beginning of the text stays
};

/// What a tokenizer is made of (tokenizer.json has one member for each).
struct TokenizerParts {
  std::vector<AddedToken> added_tokens;
  TextSteps text_steps;  // "normalizer"
  WordSteps word_steps;  // "pre_tokenizer"
  std::unique_ptr<const SubwordModel> model;
  std::vector<std::int32_t> prefix;  // "post_processor": the ids before the tokens of a text
  std::vector<std::int32_t> suffix;  // and after
  SpanTrim trim = SpanTrim::kNone;
};

/// Memory that encode() works in; keep one per thread. Its contents are the tokenizer's business.
struct TokenizerWorkspace {
  std::string_view original;
  std::vector<TextSection> raw_sections;
  std::vector<TextSection> sections;
  NormalizedText text;
  NormalizedText scratch;
  PieceText pieces;
  PieceText piece_scratch;
  ModelWorkspace model;
  std::vector<Token> tokens;
};

/// Gives the ids that the Hugging Face library `tokenizers` gives for one text with special tokens.
///
/// The spans are its offsets, in bytes, but where its own drift (CharacterMap). Const use is
/// thread-safe, with a workspace per thread.
class Tokenizer {
 public:
  static constexpr std::size_t kMaxTextSize = std::size_t{1} << 27;

  /// Requires a model. Throws as Trie does for added tokens that are too long.
  explicit Tokenizer(TokenizerParts parts);

  /// Replaces `ids` by the token ids of `text`: prefix, content, suffix. If they would be more than
  /// `max_tokens`, the content is cut at its end.
  /// Throws Error(kInvalidArgument) if `text` is not UTF-8 or larger than kMaxTextSize, or
  /// max_tokens leaves no room for the special tokens; kUnsupported if rewriting makes it grow
  /// beyond most_rewritten.
  void encode(std::string_view text, std::size_t max_tokens, TokenizerWorkspace& workspace,
              std::vector<std::int32_t>& ids) const;

  /// The same with spans.
  Encoding encode(std::string_view text, std::size_t max_tokens) const;

  /// The ids that encode() puts before and after a text.
  std::span<const std::int32_t> prefix() const noexcept { return parts_.prefix; }
  std::span<const std::int32_t> suffix() const noexcept { return parts_.suffix; }

  /// Every id is below.
  std::int32_t size() const noexcept { return size_; }

  /// What splits its words: "WordPiece", "BPE" or "Unigram".
  std::string_view kind() const noexcept { return parts_.model->kind(); }

  /// The id of an added token or of an entry of the vocabulary, or -1.
  std::int32_t find(std::string_view spelling) const;

 private:
  /// The content of `text` in workspace.tokens, at most `limit` tokens; with spans of `text` if
  /// `traced`, else with spans of no meaning.
  void tokenize(std::string_view text, std::size_t limit, bool traced,
                TokenizerWorkspace& workspace) const;
  /// Appends an added token that stands for `span` of the text.
  void push_added(std::int32_t id, Span span, TokenizerWorkspace& workspace) const;
  void tokenize_section(std::size_t limit, TokenizerWorkspace& workspace) const;
  void tokenize_pieces(std::size_t limit, TokenizerWorkspace& workspace) const;
  std::size_t content_limit(std::string_view text, std::size_t max_tokens) const;

  TokenizerParts parts_;
  AddedTokens raw_tokens_;         // found in the text as it is
  AddedTokens normalized_tokens_;  // found in the text after the text steps
  bool needs_origins_ = false;
  std::int32_t size_ = 0;
};

}  // namespace enlace
