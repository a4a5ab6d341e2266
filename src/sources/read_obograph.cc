#include <algorithm>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "base/error.h"
#include "sources/json_record.h"
#include "sources/json_stream.h"
#include "sources/obo_text.h"
#include "sources/readers.h"
#include "sources/source_lines.h"

namespace enlace {
namespace {

using simdjson::dom::array;
namespace ondemand = simdjson::ondemand;

/// What a name of a property ends in: hasExactSynonym of "http://…/oboInOwl#hasExactSynonym".
std::string_view local_name(std::string_view iri) {
  return iri.substr(iri.find_last_of("/#") + 1);
}

/// "HP:0000003" of "http://purl.obolibrary.org/obo/HP_0000003"; what is no IRI stays as it is.
std::string code_of(std::string_view id) {
  id = trimmed(id);
  if (id.find("://") == id.npos) return std::string(id);
  std::string code(local_name(id));
  if (const std::size_t at = code.rfind('_'); at != code.npos) code[at] = ':';
  return code;
}

std::optional<Scope> scope_of(std::string_view predicate) {
  const auto name = local_name(predicate);
  if (name == "hasExactSynonym") return Scope::kExact;
  if (name == "hasRelatedSynonym") return Scope::kRelated;
  if (name == "hasBroadSynonym") return Scope::kBroader;
  if (name == "hasNarrowSynonym") return Scope::kNarrower;
  return std::nullopt;
}

std::string_view text_of(JsonElement object, std::string_view key, std::string_view where) {
  return trimmed(json_get_or<std::string_view>(object, key, "", where));
}

/// Calls `use` with every member of the list `key` of `object`, if there is one.
template <class Use>
void each_of(JsonElement object, std::string_view key, std::string_view where, const Use& use) {
  if (!json_member(object, key, where)) return;
  for (const JsonElement item : json_get<array>(object, key, where)) use(item);
}

class ObographReader {
 public:
  ObographReader(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                 const Progress& progress)
      : language_(language_option(spec, "en")),
        source_(source_option(spec)),
        type_(spec.option("type")),
        scopes_(scopes_option(spec)),
        only_(split_list(spec.option("only"), ';')),
        json_(spec.path),
        draft_(draft),
        report_(report),
        progress_(progress) {}

  void read() {
    ondemand::document document = json_.begin();
    try {
      bool found = false;
      for (auto member : document.get_object()) {
        if (std::string_view(member.unescaped_key()) != "graphs") continue;
        found = true;
        for (auto graph : member.value().get_array()) read_graph(graph.get_object());
      }
      if (document.current_location().error() == simdjson::SUCCESS) {
        json_.refuse(simdjson::TAPE_ERROR, document);  // more follows
      }
      if (!found) {
        throw Error(ErrorKind::kCorrupt, "{}: expected a member \"graphs\", found none",
                    json_.name());
      }
    } catch (const simdjson::simdjson_error& error) {
      json_.refuse(error.error(), document);
    }
  }

 private:
  void read_graph(ondemand::object graph) {
    for (auto member : graph) {
      const std::string_view key = member.unescaped_key();
      if (key == "nodes") {
        each_object(member.value().get_array(), &ObographReader::take_node);
      } else if (key == "edges") {
        each_object(member.value().get_array(), &ObographReader::take_edge);
      }
    }
  }

  /// Every object of a list is parsed for itself, so that a bad one is refused alone.
  void each_object(ondemand::array list,
                   void (ObographReader::*take)(JsonElement, std::string_view where)) {
    constexpr std::size_t kRowsPerReport = 4096;
    for (auto item : list) {
      if (++report_.rows.rows % kRowsPerReport == 0) progress_.tell("reading", report_.rows.rows);
      ondemand::object object;
      if (const auto code = item.get_object().get(object)) {
        if (code != simdjson::INCORRECT_TYPE) throw simdjson::simdjson_error(code);
        report_.refuse(kNotExpected, "{}: expected an object, found another value",
                       json_.place(item.value().raw_json_token().data()));
        continue;
      }
      const std::string_view text = object.raw_json();
      const std::string where = json_.place(text.data());
      try {
        (this->*take)(parse_json_record(parser_, text, where), where);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::kCorrupt) throw;
        report_.refuse(kNotExpected, "{}", error.what());
      }
    }
  }

  bool wanted(std::string_view code) const {
    return only_.empty() || std::any_of(only_.begin(), only_.end(), [&](std::string_view prefix) {
             return code.starts_with(prefix);
           });
  }

  void take_node(JsonElement node, std::string_view where) {
    const std::string code = code_of(json_get<std::string_view>(node, "id", where));
    const auto type = text_of(node, "type", where);
    if (!type.empty() && type != "CLASS") return report_.leave_out("not a class");
    if (!wanted(code)) return report_.leave_out("other prefix");
    const auto meta = json_member(node, "meta", where);
    const bool deprecated = meta && json_get_or<bool>(*meta, "deprecated", false, where);
    const auto name = text_of(node, "lbl", where);
    if (deprecated) {
      report_.leave_out("obsolete");
    } else if (code.empty()) {
      return report_.refuse("no code", "{}: expected an id, found an empty one", where);
    } else if (name.empty()) {
      return report_.leave_out("no name");  // known from elsewhere, and referred to here
    } else {
      add(code, name, Scope::kPreferred, {});
      if (!type_.empty()) draft_.add(TypeRecord{code, type_});
    }
    if (meta) take_meta(code, *meta, deprecated, where);
  }

  void take_meta(std::string_view code, JsonElement meta, bool deprecated, std::string_view where) {
    each_of(meta, "basicPropertyValues", where, [&](JsonElement property) {
      const auto predicate = local_name(text_of(property, "pred", where));
      const std::string other = code_of(text_of(property, "val", where));
      if (other.empty()) return;
      if (predicate == "IAO_0100001") draft_.add(ReplacementRecord{code, other});
      if (predicate == "hasAlternativeId") draft_.add(ReplacementRecord{other, code});
    });
    if (deprecated) return;
    each_of(meta, "synonyms", where,
            [&](JsonElement synonym) { take_synonym(code, synonym, where); });
    each_of(meta, "xrefs", where, [&](JsonElement xref) {
      const auto external = text_of(xref, "val", where);
      if (!external.empty()) draft_.add(XrefRecord{code, without_release(std::string(external))});
    });
    if (const auto definition = json_member(meta, "definition", where)) {
      const auto text = text_of(*definition, "val", where);
      if (!text.empty()) draft_.add(DefinitionRecord{code, text, language_});
    }
  }

  void take_synonym(std::string_view code, JsonElement synonym, std::string_view where) {
    const auto text = text_of(synonym, "val", where);
    const auto scope = scope_of(json_get<std::string_view>(synonym, "pred", where));
    if (!scope) {
      report_.refuse("bad synonym", "{}: expected a synonym's predicate, found another", where);
    } else if (text.empty()) {
      report_.refuse("bad synonym", "{}: expected a text, found an empty one", where);
    } else if ((scopes_ >> unsigned(*scope) & 1U) == 0) {
      report_.leave_out(std::string(to_string(*scope)) + " synonym");
    } else {
      add(code, text, *scope, local_name(text_of(synonym, "synonymType", where)));
    }
  }

  void add(std::string_view code, std::string_view text, Scope scope, std::string_view term_type) {
    draft_.add(NameRecord{code, text, language_, source_, scope, term_type}, report_);
  }

  void take_edge(JsonElement edge, std::string_view where) {
    const auto predicate = json_get<std::string_view>(edge, "pred", where);
    if (predicate != "is_a" && local_name(predicate) != "subClassOf") {
      return report_.leave_out("other relation");
    }
    const std::string child = code_of(json_get<std::string_view>(edge, "sub", where));
    const std::string parent = code_of(json_get<std::string_view>(edge, "obj", where));
    if (child.empty() || parent.empty()) {
      report_.refuse("no code", "{}: expected two ids, found an empty one", where);
    } else if (wanted(child) && wanted(parent)) {
      draft_.add(RelationRecord{child, parent});
    } else {
      report_.leave_out("other prefix");
    }
  }

  static constexpr std::string_view kNotExpected = "not the JSON expected";

  std::string language_, source_;
  std::string_view type_;
  unsigned scopes_;
  std::vector<std::string_view> only_;
  JsonStream json_;
  JsonParser parser_;
  KbDraft& draft_;
  SourceReport& report_;
  const Progress& progress_;
};

}  // namespace

void read_obograph(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                   const Progress& progress) {
  ObographReader(spec, draft, report, progress).read();
}

}  // namespace enlace
