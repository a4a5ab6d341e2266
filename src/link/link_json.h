// Linked documents as JSON, the same for every front end.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "corpus/document.h"
#include "io/json_writer.h"
#include "link/candidate.h"

namespace enlace {

/// Why a candidate is one, for people: "same name", "same name but for inflection", or how alike
/// spelling and meaning are, "spelling 0.83, meaning 0.92"; with "read as …, " before it where the
/// mention was not taken as it stands.
std::string reason_of(const Candidate& candidate);

/// Writes one object:
///
///   {"id":"note-7","mentions":[
///     {"start":0,"end":14,"text":"dolor torácico","candidates":[
///       {"code":"R07.4","name":"Dolor en el pecho","language":"es","source":"ICD10",
///        "score":0.93,"scores":{"exact":1,"ngram":0.71,"dense":0.94},"reason":"…"}]}]}
///
/// start and end count code points of the document's text. `scores` holds those of the retrievers
/// that had something to say; "read_as" stands before "score" where the mention was not
/// taken as it stands. No candidates: "candidates":[] (NIL).
/// Requires one list of candidates per mention.
void write_linked(JsonWriter& json, const Document& document,
                  std::span<const std::vector<Candidate>> candidates);

}  // namespace enlace
