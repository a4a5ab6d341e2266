#include "link/link_json.h"

#include <fmt/format.h>

#include "base/code_points.h"

namespace enlace {
namespace {

void write_candidate(JsonWriter& json, const Candidate& candidate) {
  const KnowledgeBase& kb = *candidate.kb;
  const Name name = kb.name(candidate.name_id);
  json.object().member("code", kb.code(candidate.concept_id)).member("name", name.text);
  json.member("language", name.language).member("source", name.source);
  if (!candidate.read_as.empty()) json.member("read_as", candidate.read_as);
  json.member("score", candidate.score).key("scores").object();
  const Evidence& evidence = candidate.evidence;
  if (evidence.exact) json.member("exact", *evidence.exact);
  if (evidence.ngram) json.member("ngram", *evidence.ngram);
  if (evidence.dense) json.member("dense", *evidence.dense);
  if (evidence.thesaurus) json.member("thesaurus", *evidence.thesaurus);
  json.close().member("reason", reason_of(candidate)).close();
}

}  // namespace

std::string reason_of(const Candidate& candidate) {
  const Evidence& evidence = candidate.evidence;
  std::string reason;
  if (!candidate.read_as.empty()) reason = fmt::format("read as {}", candidate.read_as);
  const auto add = [&](std::string_view more) {
    reason += reason.empty() ? "" : ", ";
    reason += more;
  };
  if (evidence.exact) {
    add(*evidence.exact == 1 ? "same name" : "same name but for inflection");
    return reason;
  }
  if (evidence.thesaurus) add("same thing by the thesaurus");
  if (evidence.ngram) add(fmt::format("spelling {:.2f}", *evidence.ngram));
  if (evidence.dense) add(fmt::format("meaning {:.2f}", *evidence.dense));
  return reason;
}

void write_linked(JsonWriter& json, const Document& document,
                  std::span<const std::vector<Candidate>> candidates) {
  const CodePointOffsets offsets(document.text);
  json.object().member("id", document.id).key("mentions").array();
  for (std::size_t i = 0; i < document.mentions.size(); ++i) {
    const Mention& mention = document.mentions[i];
    json.object().member("start", offsets.code_point_at(mention.begin));
    json.member("end", offsets.code_point_at(mention.end));
    json.member("text", mention.text).key("candidates").array();
    for (const Candidate& candidate : candidates[i]) write_candidate(json, candidate);
    json.close().close();
  }
  json.close().close();
}

}  // namespace enlace
