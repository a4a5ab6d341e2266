#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "base/error.h"
#include "io/line_reader.h"
#include "kb/language_tag.h"
#include "sources/csv_rows.h"
#include "sources/first_names.h"
#include "sources/json_record.h"
#include "sources/json_stream.h"
#include "sources/readers.h"
#include "sources/table_columns.h"

namespace enlace {
namespace {

namespace ondemand = simdjson::ondemand;

/// Which variables a query has: entity, label, lang, and one of another name, the identifier.
struct Variables {
  bool entity = false, label = false;
  std::string identifier;  // its name; empty: there is none

  explicit Variables(const std::vector<std::string_view>& names) {
    for (const auto given : names) {
      const auto name = trimmed(given);
      entity = entity || name == "entity";
      label = label || name == "label";
      const bool other = name != "entity" && name != "label" && name != "lang";
      if (other && identifier.empty()) identifier = name;
    }
  }
  bool are_mapping() const { return entity && !label && !identifier.empty(); }
  bool are_names() const { return label && (entity || !identifier.empty()); }
};

/// One row of the answer.
struct Solution {
  std::string_view entity, identifier, label, language;
};

using PlaceOf = std::function<std::string(std::string_view variable)>;

/// "Q31" of "http://www.wikidata.org/entity/Q31".
std::string_view item_of(std::string_view iri) {
  return iri.find("://") == iri.npos ? iri : iri.substr(iri.rfind('/') + 1);
}

class SparqlReader {
 public:
  SparqlReader(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
               const Progress& progress)
      : path_(spec.path),
        language_(language_option(spec, "")),
        source_(spec.option("source", "Wikidata")),
        licence_(spec.option("licence", "CC0-1.0")),
        prefix_(spec.option("prefix")),
        type_(spec.option("type")),
        draft_(draft),
        report_(report),
        progress_(progress) {}

  void read() {
    require_readable_twice(path_);
    std::string_view line;
    LineReader first(path_);
    if (first.next(line) && trimmed(line).starts_with('{')) {
      read_json();
    } else {
      read_csv_rows();
    }
    require_found(report_, mappings_ + report_.names + report_.duplicates, "name or mapping");
  }

 private:
  void read_csv_rows() {
    CsvRows rows(path_, {}, report_, progress_);
    std::vector<std::string_view> row;
    if (!rows.next(row)) {
      throw Error(ErrorKind::kCorrupt, "{}:1: expected a header, found an empty file", rows.name());
    }
    const TableColumns columns(row);
    const Variables variables = checked(Variables(row), rows.place());
    while (rows.next(row)) {
      ++report_.rows.rows;
      if (row.size() != columns.count()) {
        report_.refuse("wrong number of fields", "{}: expected {} fields, found {}",
                       rows.place(std::min(columns.count(), row.size())), columns.count(),
                       row.size());
        continue;
      }
      take({columns.field(row, "entity"), columns.field(row, variables.identifier),
            columns.field(row, "label"), columns.field(row, "lang")},
           variables, [&](std::string_view variable) {
             return columns.has(variable) ? rows.place(columns.place(variable)) : rows.place();
           });
    }
  }

  void read_json() {
    JsonStream json(path_);
    ondemand::document document = json.begin();
    try {
      const auto names = variables_of(document);
      const std::vector<std::string_view> views(names.begin(), names.end());
      const Variables variables = checked(Variables(views), json.name());
      document.rewind();
      for (auto member : document.get_object()) {
        if (std::string_view(member.unescaped_key()) != "results") continue;
        for (auto binding : member.value().find_field_unordered("bindings").get_array()) {
          ++report_.rows.rows;
          take_binding(binding.get_object().value().raw_json(), variables, json);
        }
      }
    } catch (const simdjson::simdjson_error& error) {
      json.refuse(error.error(), document);
    }
  }

  /// The names in head.vars, wherever it stands; none without it.
  static std::vector<std::string> variables_of(ondemand::document& document) {
    std::vector<std::string> names;
    ondemand::array given;
    auto head = document.find_field_unordered("head");
    const auto code = head.find_field_unordered("vars").get_array().get(given);
    if (code == simdjson::NO_SUCH_FIELD) return names;
    if (code != simdjson::SUCCESS) throw simdjson::simdjson_error(code);
    for (auto name : given) names.emplace_back(std::string_view(name));
    return names;
  }

  void take_binding(std::string_view text, const Variables& variables, JsonStream& json) {
    const std::string where = json.place(text.data());
    try {
      const JsonElement binding = parse_json_record(parser_, text, where);
      const auto value = [&](std::string_view name, std::string_view key) {
        const auto bound = json_member(binding, name, where);
        return bound ? trimmed(json_get_or<std::string_view>(*bound, key, "", where))
                     : std::string_view{};
      };
      auto language = value("lang", "value");
      if (language.empty()) language = value("label", "xml:lang");
      take({value("entity", "value"),
            variables.identifier.empty() ? "" : value(variables.identifier, "value"),
            value("label", "value"), language},
           variables,
           [&](std::string_view variable) { return fmt::format("{}: {}", where, variable); });
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kCorrupt) throw;
      report_.refuse("not the JSON expected", "{}", error.what());
    }
  }

  static Variables checked(Variables variables, std::string_view where) {
    if (variables.are_mapping() || variables.are_names()) return variables;
    throw Error(ErrorKind::kCorrupt,
                "{}: expected variables entity and an identifier, or label and one of them; found "
                "others",
                where);
  }

  /// `place_of` tells where the value of a variable stands.
  void take(const Solution& given, const Variables& variables, const PlaceOf& place_of) {
    const auto item = item_of(given.entity);
    const auto code = variables.identifier.empty() ? item : given.identifier;
    if (code.empty()) {
      report_.refuse("no code", "{}: expected a code, found none",
                     place_of(variables.identifier.empty() ? "entity" : variables.identifier));
    } else if (variables.are_mapping()) {
      take_mapping(item, code, place_of);
    } else {
      take_name(code, given, place_of);
    }
  }

  void take_mapping(std::string_view item, std::string_view code, const PlaceOf& place_of) {
    if (item.empty()) {
      return report_.refuse("no code", "{}: expected an entity, found none", place_of("entity"));
    }
    // The draft leaves the codes of mappings as they are, so the prefix is put here.
    std::string other(code.starts_with(prefix_) ? std::string_view{} : prefix_);
    other.append(code);
    draft_.add(EquivalenceRecord{item, other});
    ++mappings_;
  }

  void take_name(std::string_view code, const Solution& given, const PlaceOf& place_of) {
    const auto& language =
        languages_.canonical(given.language.empty() ? language_ : given.language);
    if (given.label.empty()) {
      report_.refuse("no name", "{}: expected a label, found none", place_of("label"));
    } else if (!language) {
      report_.refuse("unknown language", "{}: expected a language tag, found none that is known",
                     place_of("lang"));
    } else {
      const auto scope = first_names_.add(code, *language) ? Scope::kPreferred : Scope::kExact;
      NameRecord record{code, given.label, *language, source_, scope};
      record.licence = licence_;
      draft_.add(record, report_);
      if (!type_.empty()) draft_.add(TypeRecord{code, type_});
    }
  }

  std::filesystem::path path_;
  std::string language_;
  std::string_view source_, licence_, prefix_, type_;
  FirstNames first_names_;
  LanguageCache languages_;
  JsonParser parser_;
  std::size_t mappings_ = 0;
  KbDraft& draft_;
  SourceReport& report_;
  const Progress& progress_;
};

}  // namespace

void read_sparql(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                 const Progress& progress) {
  SparqlReader(spec, draft, report, progress).read();
}

}  // namespace enlace
