#include <vector>

#include "base/ascii.h"
#include "base/error.h"
#include "kb/language_tag.h"
#include "sources/json_record.h"
#include "sources/readers.h"
#include "sources/source_lines.h"

namespace enlace {
namespace {

using simdjson::dom::array;

/// One name of a line, not yet checked.
struct GivenName {
  std::string_view text, language, source, scope, term_type, licence;
};

/// One line. Its views live in the parser, but for `code_digits`.
struct GivenConcept {
  std::string_view code;
  std::string code_digits;  // of a code that is an integer
  std::vector<GivenName> names;
  std::vector<std::string_view> types, parents, xrefs;
  std::string_view definition, licence, replaced_by;
  bool retired = false;
};

std::string_view text_or(JsonElement object, std::string_view key, std::string_view otherwise,
                         std::string_view where) {
  return trimmed(json_get_or<std::string_view>(object, key, otherwise, where));
}

/// The text of the first of two keys that is there; empty if none is.
std::string_view either(JsonElement object, std::string_view key, std::string_view other,
                        std::string_view where) {
  return text_or(object, json_member(object, key, where) ? key : other, "", where);
}

std::vector<std::string_view> strings(JsonElement object, std::string_view key,
                                      std::string_view where) {
  std::vector<std::string_view> texts;
  if (!json_member(object, key, where)) return texts;
  for (const JsonElement item : json_get<array>(object, key, where)) {
    const auto text = trimmed(json_as<std::string_view>(item, key, where));
    if (!text.empty()) texts.push_back(text);
  }
  return texts;
}

/// The scope that a name says, or that "pref": true says; by default preferred for the first.
std::string_view scope_word(JsonElement name, bool first, std::string_view where) {
  const bool preferred = json_get_or<bool>(name, "pref", first, where);
  return text_or(name, "scope", preferred ? "preferred" : "exact", where);
}

/// The members of "names"; those that follow names of other members are exact by default.
void take_names(JsonElement line, std::string_view where, GivenConcept& given) {
  if (!json_member(line, "names", where)) return;
  for (const JsonElement name : json_get<array>(line, "names", where)) {
    const bool is_short = json_member(name, "s", where).has_value();
    given.names.push_back(
        {trimmed(json_get<std::string_view>(name, is_short ? "s" : "text", where)),
         either(name, "language", "lang", where), text_or(name, "source", "", where),
         scope_word(name, given.names.empty(), where), either(name, "term_type", "tty", where),
         text_or(name, "licence", "", where)});
  }
}

/// The keys of a shape: which member is the code, and where names and a definition are.
struct Shape {
  std::string_view code, preferred, definition, type;
};
constexpr Shape kShapes[] = {
    {"code", "", "definition", ""},                        // our own
    {"concept_id", "canonical_name", "definition", ""},    // scispaCy, xMEN
    {"entity_id", "label", "description", "entity_type"},  // GLiNKER
};

const Shape& shape_of(JsonElement line, std::string_view where) {
  for (const Shape& shape : kShapes) {
    if (json_member(line, shape.code, where)) return shape;
  }
  return kShapes[0];
}

GivenConcept read_concept(JsonElement line, std::string_view where) {
  const Shape& shape = shape_of(line, where);
  GivenConcept given;
  const auto code = json_member(line, shape.code, where);
  if (code && shape.code != "code" && code->is<std::int64_t>()) {  // as some files have it
    given.code_digits = std::to_string(json_as<std::int64_t>(*code, shape.code, where));
  } else {
    given.code = trimmed(json_get<std::string_view>(line, shape.code, where));
  }
  if (!shape.preferred.empty()) {
    const auto preferred = text_or(line, shape.preferred, "", where);
    if (!preferred.empty()) given.names.push_back({preferred, "", "", "preferred", "", ""});
    for (const auto alias : strings(line, "aliases", where)) {
      given.names.push_back({alias, "", "", "exact", "", ""});
    }
  }
  take_names(line, where, given);
  given.types = strings(line, "types", where);
  if (!shape.type.empty()) {
    const auto type = text_or(line, shape.type, "", where);
    if (!type.empty()) given.types.push_back(type);
  }
  given.parents = strings(line, "parents", where);
  given.xrefs = strings(line, "xrefs", where);
  given.definition = text_or(line, shape.definition, "", where);
  given.licence = text_or(line, "licence", "", where);
  given.replaced_by = text_or(line, "replaced_by", "", where);
  given.retired = json_get_or<bool>(line, "retired", false, where);
  return given;
}

/// What a line leaves open.
struct Defaults {
  std::string language, source;
  std::string_view type;
};

/// Adds the names that are good and says whether there was one.
bool add_names(const GivenConcept& given, std::string_view code, const Defaults& defaults,
               std::string_view where, KbDraft& draft, SourceReport& report) {
  bool added = false;
  for (std::size_t i = 0; i < given.names.size(); ++i) {
    const GivenName& name = given.names[i];
    const auto language =
        canonical_language(name.language.empty() ? defaults.language : name.language);
    const auto scope = parse_scope(name.scope);
    if (name.text.empty()) {
      report.refuse("no name", "{}: name {}: expected a text, found none", where, i + 1);
    } else if (!language) {
      report.refuse("unknown language",
                    "{}: name {}: expected a language tag, found none that is known", where, i + 1);
    } else if (!scope) {
      report.refuse("unknown scope",
                    "{}: name {}: expected a scope of preferred exact related broad narrow, "
                    "found another",
                    where, i + 1);
    } else {
      const auto source = name.source.empty() ? std::string_view(defaults.source) : name.source;
      const auto licence = name.licence.empty() ? given.licence : name.licence;
      draft.add(NameRecord{code, name.text, *language, source, *scope, name.term_type, licence},
                report);
      added = true;
    }
  }
  return added;
}

void add_line(JsonElement line, const Defaults& defaults, std::string_view where, KbDraft& draft,
              SourceReport& report) {
  GivenConcept given = read_concept(line, where);
  const auto code = given.code.empty() ? std::string_view(given.code_digits) : given.code;
  if (code.empty()) {
    report.refuse("no code", "{}: expected a code, found none", where);
    return;
  }
  if (!given.replaced_by.empty()) draft.add(ReplacementRecord{code, given.replaced_by});
  if (given.retired) return report.leave_out("retired");
  if (given.names.empty()) {
    report.refuse("no name", "{}: expected at least one name, found none", where);
    return;
  }
  if (!add_names(given, code, defaults, where, draft, report)) return;
  if (given.types.empty() && !defaults.type.empty()) given.types.push_back(defaults.type);
  for (const auto type : given.types) draft.add(TypeRecord{code, type});
  for (const auto parent : given.parents) draft.add(RelationRecord{code, parent});
  for (const auto xref : given.xrefs) draft.add(XrefRecord{code, xref});
  if (!given.definition.empty()) {
    draft.add(DefinitionRecord{code, given.definition, defaults.language});
  }
}

}  // namespace

void read_jsonl(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                const Progress& progress) {
  const Defaults defaults{language_option(spec, "en"), source_option(spec), spec.option("type")};
  SourceLines lines(spec.path, report, progress);
  JsonParser parser;
  std::string_view line;
  while (lines.next(line)) {
    if (trimmed(line).empty()) continue;
    ++report.rows.rows;
    try {
      const std::string where = lines.place();
      add_line(parse_json_record(parser, line, where), defaults, where, draft, report);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kCorrupt) throw;
      report.refuse("not the JSON expected", "{}", error.what());
    }
  }
}

}  // namespace enlace
