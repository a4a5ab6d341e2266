// The classes of characters that BERT's tokenizer knows, as the reference library has them.
#pragma once

namespace enlace {

/// General category P* of Unicode 8, and every ASCII symbol.
bool is_bert_punctuation(char32_t c) noexcept;

/// What clean_text drops: general category Cc, Cf or Co of Unicode 8, and U+FFFD; not the line
/// ends and the tab.
bool is_bert_control(char32_t c) noexcept;

/// General category Mn of Unicode 8: what strip_accents drops from a decomposed text.
bool is_bert_accent(char32_t c) noexcept;

/// The blocks of Chinese characters, each of which becomes a word.
bool is_bert_chinese(char32_t c) noexcept;

}  // namespace enlace
