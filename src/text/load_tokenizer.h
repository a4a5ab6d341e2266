// Tokenizers from the files of a model.
#pragma once

#include <filesystem>
#include <string_view>

#include "text/tokenizer.h"

namespace enlace {

/// The tokenizer of `path`: a tokenizer.json, a vocab.txt, or a folder with one of them, the first
/// preferred.
///
/// A vocab.txt has one WordPiece entry a line, [UNK], [CLS] and [SEP] among them; do_lower_case,
/// strip_accents and tokenize_chinese_chars of a tokenizer_config.json beside it are respected.
/// Throws Error as parse_tokenizer does; kNotFound if there is no such file; kIo.
Tokenizer load_tokenizer(const std::filesystem::path& path);

/// The tokenizer that `json`, the text of a tokenizer.json, describes. `where` opens every message.
///
/// Models: Unigram (without byte fallback), WordPiece. Normalizers: Precompiled, Replace (a string,
/// or the patterns " {2,}" and " +"), Strip, Lowercase, BertNormalizer, Sequence. Pre-tokenizers:
/// WhitespaceSplit, Metaspace, BertPreTokenizer, Sequence. Post-processors: TemplateProcessing,
/// BertProcessing, RobertaProcessing (whose trimming of offsets is left out). Truncation, padding
/// and the decoder are not looked at.
/// Throws Error: kCorrupt if it is not such a file, kUnsupported, naming it, for any other
/// component.
Tokenizer parse_tokenizer(std::string_view json, std::string_view where);

}  // namespace enlace
