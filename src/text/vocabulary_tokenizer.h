// Tokenizers from a vocabulary and what is known of its family, where no tokenizer.json says more.
#pragma once

#include <span>
#include <string_view>

#include "text/tokenizer.h"
#include "text/tokenizer_config.h"

namespace enlace {

/// The tokenizer of a vocab.txt: WordPiece, one entry a line, as BertTokenizer has it. Families:
/// Bert (or none), DistilBert, Electra, MPNet.
/// Throws Error: kCorrupt, naming `where`, for a vocabulary that is not sound; kUnsupported for
/// another family, and as Trie does.
Tokenizer parse_vocab_txt(std::string_view text, const TokenizerConfig& config,
                          std::string_view where);

/// The tokenizer of a vocab.json and the text of its merges.txt: byte-level BPE, as
/// RobertaTokenizer has it. Families: Roberta (or none), Longformer, Deberta. Throws likewise;
/// `where` and `merges_where` name the two.
Tokenizer parse_vocab_json(std::string_view json, std::string_view merges,
                           const TokenizerConfig& config, std::string_view where,
                           std::string_view merges_where);

/// The tokenizer of a SentencePiece model: Unigram or BPE.
///
/// Families: XLMRoberta, Camembert and DebertaV2 have the ids, special tokens and normalisation of
/// their tokenizers; without a family ids are places in the file, no token is put around a text,
/// and the file's own normalisation is done. Throws likewise.
Tokenizer parse_sentencepiece(std::string_view bytes, const TokenizerConfig& config,
                              std::string_view where);

/// The special tokens of a family, by role.
struct FamilyTokens {
  AddedToken first;  // before a text
  AddedToken last;   // and after
  AddedToken unknown;
  AddedToken padding;
  AddedToken mask;
};

/// Sets parts.added_tokens, parts.prefix and parts.suffix: of the tokens of `config` and `tokens`
/// those that the model has. Throws Error(kCorrupt) if an id of the configuration is not the next,
/// or the model has no first or last token.
void set_special_tokens(const FamilyTokens& tokens, const TokenizerConfig& config,
                        std::string_view where, TokenizerParts& parts);

/// The id of a token that must be there; Throws Error(kCorrupt), naming it, if there is none.
std::int32_t required_id(const AddedToken& token, const TokenizerParts& parts,
                         std::string_view where);

/// Whether the family of `config` is none or one of `known`; else throws Error(kUnsupported).
void check_family(const TokenizerConfig& config, std::span<const std::string_view> known);

}  // namespace enlace
