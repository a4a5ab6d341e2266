// Finding mentions in a text by the names of the knowledge base.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/document.h"
#include "link/kb_parts.h"
#include "link/name_forms.h"
#include "text/abbreviations.h"

namespace enlace {

/// Longest dictionary match: from left to right, the longest run of words whose stem key is that of
/// an allowed name becomes a mention, and the search goes on behind it. Mentions do not overlap.
///
/// The stem key forgives case, diacritics, punctuation and inflection. Names of up to
/// kShortLetters letters with more than one capital are abbreviations, and would match everyday
/// words: they match only in their own case.
///
/// Where no name begins, a short form of the abbreviations, or one that the text explains
/// (text/abbreviations.h), becomes a mention if one of its long forms is a name; not among words in
/// capitals, where it may be an everyday word.
///
/// Cost: kMaxWords look-ups a word; every word is normalised once or twice. Const use is
/// thread-safe.
class MentionFinder {
 public:
  static constexpr std::size_t kMaxWords = 12;  // of a mention
  static constexpr std::size_t kShortLetters = 3;

  /// Finds the names that count of every part. Borrows both; without abbreviations none is found
  /// by its long form, not even where the text explains it.
  MentionFinder(std::span<const KbPart> parts, const Abbreviations& abbreviations) noexcept
      : parts_(parts), abbreviations_(abbreviations) {}

  /// The mentions of `text`, in textual order.
  std::vector<Mention> find(std::string_view text) const;

 private:
  bool is_name(std::string_view span, std::string_view key) const;
  bool is_name(const KbPart& part, std::string_view span, std::string_view key) const;
  std::vector<Span> short_names(std::string_view text) const;

  std::span<const KbPart> parts_;
  const Abbreviations& abbreviations_;
  NameForms forms_;
};

}  // namespace enlace
