#include <vector>

#include "base/ascii.h"
#include "base/error.h"
#include "io/json.h"
#include "kb/language_tag.h"
#include "kb/readers.h"
#include "kb/source_lines.h"

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
};

std::string_view text_or(JsonElement object, std::string_view key, std::string_view otherwise,
                         std::string_view where) {
  return trimmed(json_get_or<std::string_view>(object, key, otherwise, where));
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

/// The shape with "names".
GivenConcept own_shape(JsonElement line, std::string_view where) {
  GivenConcept given;
  given.code = trimmed(json_get<std::string_view>(line, "code", where));
  given.parents = strings(line, "parents", where);
  given.xrefs = strings(line, "xrefs", where);
  if (!json_member(line, "names", where)) return given;
  for (const JsonElement name : json_get<array>(line, "names", where)) {
    given.names.push_back(
        {trimmed(json_get<std::string_view>(name, "text", where)),
         text_or(name, "language", "", where), text_or(name, "source", "", where),
         text_or(name, "scope", given.names.empty() ? "preferred" : "exact", where),
         text_or(name, "term_type", "", where), text_or(name, "licence", "", where)});
  }
  return given;
}

/// The shape of scispaCy and xMEN. Some of their files have integers for codes.
GivenConcept foreign_shape(JsonElement line, std::string_view where) {
  GivenConcept given;
  const auto code = json_member(line, "concept_id", where);
  if (code->is<std::int64_t>()) {
    given.code_digits = std::to_string(json_as<std::int64_t>(*code, "concept_id", where));
  } else {
    given.code = trimmed(json_as<std::string_view>(*code, "concept_id", where));
  }
  const auto preferred = text_or(line, "canonical_name", "", where);
  if (!preferred.empty()) given.names.push_back({preferred, "", "", "preferred", "", ""});
  for (const auto alias : strings(line, "aliases", where)) {
    given.names.push_back({alias, "", "", "exact", "", ""});
  }
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
      draft.add(
          NameRecord{code, name.text, *language, source, *scope, name.term_type, name.licence},
          report);
      added = true;
    }
  }
  return added;
}

void add_line(JsonElement line, const Defaults& defaults, std::string_view where, KbDraft& draft,
              SourceReport& report) {
  const bool foreign = json_member(line, "concept_id", where).has_value();
  GivenConcept given = foreign ? foreign_shape(line, where) : own_shape(line, where);
  given.types = strings(line, "types", where);
  const auto code = given.code.empty() ? std::string_view(given.code_digits) : given.code;
  if (code.empty()) {
    report.refuse("no code", "{}: expected a code, found none", where);
    return;
  }
  if (given.names.empty()) {
    report.refuse("no name", "{}: expected at least one name, found none", where);
    return;
  }
  if (!add_names(given, code, defaults, where, draft, report)) return;
  if (given.types.empty() && !defaults.type.empty()) given.types.push_back(defaults.type);
  for (const auto type : given.types) draft.add(TypeRecord{code, type});
  for (const auto parent : given.parents) draft.add(RelationRecord{code, parent});
  for (const auto xref : given.xrefs) draft.add(XrefRecord{code, xref});
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
      add_line(parse_json(parser, line, where), defaults, where, draft, report);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kCorrupt) throw;
      report.refuse("not the JSON expected", "{}", error.what());
    }
  }
}

}  // namespace enlace
