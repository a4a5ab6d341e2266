#include "kb/export_jsonl.h"

#include "io/json_writer.h"
#include "kb/licence.h"

namespace enlace {
namespace {

constexpr ConceptId kPerReport = 4096;  // concepts between two words of progress

void write_name(JsonWriter& json, const Name& name) {
  json.object().member("text", name.text).member("language", name.language);
  json.member("source", name.source).member("scope", to_string(name.scope));
  if (!name.term_type.empty()) json.member("term_type", name.term_type);
  if (!name.licence.empty()) json.member("licence", name.licence);
  json.close();
}

template <class Ids, class TextOf>
void write_texts(JsonWriter& json, std::string_view key, const Ids& ids, const TextOf& text_of) {
  if (ids.empty()) return;
  json.key(key).array();
  for (const std::uint32_t id : ids) json.string(text_of(id));
  json.close();
}

}  // namespace

ExportCounts export_jsonl(const KnowledgeBase& kb, std::span<const std::string> licences,
                          const std::function<void(std::string_view line)>& sink,
                          const Progress& progress) {
  ExportCounts counts;
  JsonWriter json;
  for (ConceptId concept_id = 0; concept_id < kb.concept_count(); ++concept_id) {
    if (concept_id % kPerReport == 0) {
      progress.tell("exporting concepts", concept_id, kb.concept_count());
    }
    json.clear();
    json.object().member("code", kb.code(concept_id)).key("names").array();
    std::uint64_t written = 0;
    for (const NameId name_id : kb.names_of(concept_id)) {
      const Name name = kb.name(name_id);
      const bool wanted = licences.empty() || is_one_of(name.licence, licences);
      ++(wanted ? written : counts.names_left_out);
      if (wanted) write_name(json, name);
    }
    json.close();
    if (written == 0) {
      ++counts.concepts_left_out;
      continue;
    }
    write_texts(json, "types", kb.types_of(concept_id),
                [&](std::uint32_t id) { return kb.types().values[id]; });
    write_texts(json, "parents", kb.parents_of(concept_id),
                [&](ConceptId id) { return kb.code(id); });
    write_texts(json, "xrefs", kb.xrefs_of(concept_id),
                [&](std::uint32_t id) { return kb.xref(id); });
    const auto definition = licences.empty() ? kb.definition(concept_id) : std::string_view();
    if (!definition.empty()) json.member("definition", definition);
    json.close();
    sink(json.text());
    counts.names += written;
    ++counts.concepts;
  }
  const std::uint32_t former_codes = licences.empty() ? kb.former_codes().size() : 0;
  for (std::uint32_t former = 0; former < former_codes; ++former) {
    json.clear();
    json.object().member("code", kb.former_codes()[former]).key("names").array().close();
    json.member("retired", true).member("replaced_by", kb.code(kb.former_concept(former))).close();
    sink(json.text());
  }
  return counts;
}

}  // namespace enlace
