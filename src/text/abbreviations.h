// Short forms in clinical text, and what they stand for.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace enlace {

/// Long forms by short form, both as they are written; where a short form may stand for several
/// things, the likeliest first.
using Abbreviations = std::map<std::string, std::vector<std::string>, std::less<>>;

/// What notes abbreviate without saying so, in Spanish, English, French, German, Italian,
/// Portuguese, Dutch and Catalan together: the tables in src/text/abbreviations. Thread-safe.
const Abbreviations& clinical_abbreviations();

/// At most so many other readings of a text are given.
inline constexpr std::size_t kMostReadings = 8;

/// Other ways to read `text`: with its short forms written out, in every combination of what they
/// may stand for, up to kMostReadings. None if it has no short form, or more than three.
///
///   TAC craneal         tomografía axial computarizada craneal
///   D.M. tipo 2         diabetes mellitus tipo 2
///   AINEs               antiinflamatorios no esteroideos
///   infarto agudo de miocardio (IAM)     infarto agudo de miocardio, as it explains itself
///
/// A short form is a whole word in the case of the table, with or without dots or a plural s; where
/// it is all of `text`, in any case ("epoc"). The first of `tables` that has it decides.
std::vector<std::string> readings(std::string_view text,
                                  std::span<const Abbreviations* const> tables);

}  // namespace enlace
