// Names without the words by which a terminology says that it says no more.
#pragma once

#include <string_view>

namespace enlace {

/// `name` without words that mean "not otherwise specified", in English, Spanish, Catalan, French,
/// German, Italian, Portuguese and Dutch, in any case: what ICD, ICD-O and others put at the
/// general name of a thing, and people never say.
///
///   Fever, unspecified · Carcinoma (NOS) · Dolor no especificado · Neoplasia, SAI
///   Pneumonia, unspecified organism      behind the last comma, with at most two more words
///   Unspecified abdominal pain           at the beginning
///
/// "Not elsewhere classified" stays: it sets a concept apart. A name of nothing else stays as it
/// is. The result is a part of `name`.
std::string_view plain_name(std::string_view name);

}  // namespace enlace
