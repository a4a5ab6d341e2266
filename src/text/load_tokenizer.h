// Tokenizers from the files of a model.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "text/tokenizer.h"
#include "text/tokenizer_config.h"

namespace enlace {

/// The tokenizer of `path`: a file, or a folder with one. In a folder the first of these counts:
///
///   tokenizer.json           everything (parse_tokenizer)
///   vocab.txt                WordPiece, as BertTokenizer has it
///   vocab.json, merges.txt   byte-level BPE, as RobertaTokenizer has it
///   sentencepiece.bpe.model, spm.model, spiece.model, tokenizer.model
///                            Unigram or BPE of SentencePiece
///
/// For all but the first, tokenizer_config.json and config.json beside it say which family of
/// tokenizers it is, what its special tokens are and how text is rewritten
/// (vocabulary_tokenizer.h). Of the first, what tokenizer_config.json says of case, accents,
/// Chinese characters, a space before the text and added tokens counts, as in transformers. Throws
/// Error as parse_tokenizer does; kNotFound if there is no such file; kIo.
Tokenizer load_tokenizer(const std::filesystem::path& path);

/// The files in `folder` that load_tokenizer reads, in a fixed order.
std::vector<std::filesystem::path> tokenizer_files(const std::filesystem::path& folder);

/// The tokenizer that `json`, the text of a tokenizer.json, describes, where `config` does not say
/// otherwise. `where` opens every message.
///
/// Models: Unigram, WordPiece, BPE without dropout. Every normalizer; regular expressions in
/// Replace are recognised, not run (text_step.h, RunPattern). Every pre-tokenizer but
/// UnicodeScripts and FixedLength; those in Split likewise (split_pattern.h). Every post-processor,
/// for one text. Padding and the length of truncation are not looked at. Throws Error: kCorrupt if
/// it is not such a file, kUnsupported, naming it, for any other component.
Tokenizer parse_tokenizer(std::string_view json, std::string_view where,
                          const TokenizerConfig& config = {});

}  // namespace enlace
