// The forms under which names are indexed and mentions looked up.
#pragma once

#include <string>
#include <string_view>

#include "index/ngram_keys.h"
#include "text/normalizer.h"

namespace enlace {

/// What the indexes of a knowledge base are made of, for names when it is built and for mentions
/// when it is searched: the one place where both learn it. Each function replaces `out` and keeps
/// its capacity. Const use is thread-safe. Cheap to make: all share one table of letters.
class NameForms {
 public:
  /// The n-grams of `spelling` and of `skeleton`.
  static constexpr NgramLengths kSpellingNgrams{};
  static constexpr NgramLengths kSkeletonNgrams{3, 3};

  /// The match key (text/normalizer.h).
  void exact(std::string_view text, std::string& out) const { normalizer_->match_key(text, out); }
  /// The stem key.
  void stems(std::string_view text, std::string& out) const { normalizer_->stem_key(text, out); }
  /// The normalised text.
  void spelling(std::string_view text, std::string& out) const {
    normalizer_->normalize(text, out);
  }
  /// The skeleton of the match key (text/skeleton.h).
  void skeleton(std::string_view text, std::string& out) const;

 private:
  /// For all languages: a name and a mention may be in two.
  static const Normalizer& of_all_languages();

  const Normalizer* normalizer_ = &of_all_languages();
};

}  // namespace enlace
