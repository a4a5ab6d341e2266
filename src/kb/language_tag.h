// Language tags: which are well formed, and their one spelling.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace enlace {

/// The canonical spelling of a BCP 47 tag: "pt-BR", "zh-Hans", "es"; nothing if `tag` is not well
/// formed (RFC 5646, section 2.1, without grandfathered tags) or its language is unknown.
///
/// A language is known if it is one of the 184 two-letter codes of ISO 639-1, or any three letters,
/// as in "mul", "und" and "nna". A three-letter code of a language that has two letters becomes
/// them: "spa" and "SPA" are "es", "ger" and "deu" are "de".
std::optional<std::string> canonical_language(std::string_view tag);

/// canonical_language with the last answer kept: neighbours mostly share a language.
class LanguageCache {
 public:
  /// Valid until the next call.
  const std::optional<std::string>& canonical(std::string_view tag) {
    if (!known_ || tag != tag_) answer_ = canonical_language(tag_ = tag);
    known_ = true;
    return answer_;
  }

 private:
  bool known_ = false;
  std::string tag_;
  std::optional<std::string> answer_;
};

/// The tag of a POSIX locale: "pt_BR" and "pt_BR.UTF-8" are "pt-BR". Nothing if it has none.
std::optional<std::string> language_of_locale(std::string_view locale);

/// Whether the language `tag` lies in `range`, both canonical: "pt-BR" lies in "pt" and in "pt-BR",
/// "pt" does not lie in "pt-BR" (RFC 4647, section 3.3.1).
bool language_matches(std::string_view tag, std::string_view range) noexcept;

}  // namespace enlace
