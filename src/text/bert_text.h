// BERT's rewriting of a text: the tokenizer.json normalizer "BertNormalizer".
#pragma once

#include "text/text_step.h"

namespace enlace {

struct BertTextOptions {
  bool clean_text = true;            // drop control characters, make white space spaces
  bool handle_chinese_chars = true;  // put spaces around Chinese characters
  bool strip_accents = true;         // decompose (NFD) and drop nonspacing marks
  bool lowercase = true;
};

/// Devlin et al. 2018 (arXiv:1810.04805), as the reference library has it. Every character is
/// rewritten by itself, in the order of the options. Deviation: marks that survive strip_accents
/// are not put in canonical order; there are few, and no BERT vocabulary tells their orders apart.
class BertText final : public TextStep {
 public:
  explicit BertText(const BertTextOptions& options) : options_(options) {}
  bool apply(const NormalizedText& in, NormalizedText& out) const override;

 private:
  void rewrite(char32_t c, std::string& out) const;

  BertTextOptions options_;
};

}  // namespace enlace
