// Short forms in clinical text, and what they stand for.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/span.h"

namespace enlace {

/// Long forms by short form; where one may stand for several things, the likeliest first. A short
/// form is a run of letters and numbers, "HTA", "COVID19", in the case in which it is written.
using Abbreviations = std::map<std::string, std::vector<std::string>, std::less<>>;

/// At most so many meanings of a short form are kept, and so many other readings of a text given.
inline constexpr std::size_t kMostReadings = 8;

/// Adds a meaning behind those that `table` has, unless there are kMostReadings or one of them is
/// the same but for case and diacritics. Dots and hyphens in the short form ("COVID-19", "H.T.A.")
/// are left out. False if there is another sign or nothing else in it: no text is read so.
bool add_abbreviation(Abbreviations& table, std::string_view short_form,
                      std::string_view long_form);

/// What notes abbreviate without saying so, in Spanish, English, French, German, Italian,
/// Portuguese, Dutch and Catalan together: the tables in src/text/abbreviations. Thread-safe.
const Abbreviations& clinical_abbreviations();

/// A short form in a text, and what it may stand for; borrows from its table.
struct ShortForm {
  Span span;
  const std::vector<std::string>* long_forms;
  bool among_capitals;  // beside a word in capitals, with nothing but blanks between them
};

/// The short forms in `text`, in order. Each is a whole word, or words joined by single dots or
/// hyphens ("H.T.A.", "COVID-19"), in the case of the table, or with a plural s behind it. If it is
/// all of `text` and has four characters or more, it may be in capitals in the table alone
/// ("epoc"). The first of `tables` that has it decides. What is an everyday word too is none among
/// capitals: "SCHMERZEN IM BEIN" has no IM. (Letters, Roman numerals and short forms are no words
/// in capitals.)
std::vector<ShortForm> find_short_forms(std::string_view text,
                                        std::span<const Abbreviations* const> tables);

/// Other ways to read `text`, at most kMostReadings: without the short forms that it explains
/// itself (behind a known one only by what it is known for), and with others written out, in every
/// combination of what they may stand for, unless there are more than three: that is a list.
///
///   TAC craneal                                   tomografía axial computarizada craneal
///   D.M. tipo 2                                   diabetes mellitus tipo 2
///   AINEs                                         antiinflamatorio no esteroideo
///   infarto agudo de miocardio (IAM, anterior)    infarto agudo de miocardio, anterior
std::vector<std::string> readings(std::string_view text,
                                  std::span<const Abbreviations* const> tables);

}  // namespace enlace
