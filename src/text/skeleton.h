// What related words of different languages have in common: their spelling without its habits.
#pragma once

#include <string>
#include <string_view>

namespace enlace {

/// Respells each word of a match key (text/normalizer.h) so that the Greek and Latin stock of
/// medicine looks alike across European languages, and drops vowel endings:
///
///   "neumonia", "pneumonie"          ->  "neumon", "pneumon"
///   "infektion", "infeccion"         ->  "infecion"
///   "cholecystitis", "colecistitis"  ->  "colecistit"
///
/// The rules are a table in skeleton.cc; they need no language tag, and leave other scripts alone.
/// `out` is replaced; its capacity is kept. Does not throw but std::bad_alloc.
void skeleton_of(std::string_view match_key, std::string& out);

}  // namespace enlace
