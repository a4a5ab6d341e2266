#include <algorithm>
#include <cstring>
#include <vector>

#include <simdjson.h>

#include "base/ascii.h"
#include "base/error.h"
#include "io/line_reader.h"
#include "sources/chosen_languages.h"
#include "sources/json_record.h"
#include "sources/readers.h"

namespace enlace {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view kItem = "item";  // in place of a property: an item's own id
constexpr std::string_view kCui = "P2892";  // identifiers of UMLS
constexpr std::string_view kNotExpected = "not the JSON expected";

bool is_digits(std::string_view text) noexcept {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string property_option(const SourceSpec& spec) {
  const auto given = spec.option("property", kCui);
  if (given != kItem && !(given.starts_with('P') && is_digits(given.substr(1)))) {
    throw Error(ErrorKind::kInvalidArgument,
                "source {}: expected property to be a property such as P2892, or item", spec.kind);
  }
  return std::string(given);
}

struct GivenName {
  std::string_view language, text;
  Scope scope;
};

enum class Rank { kNormal, kPreferred };

struct Identifier {
  std::string_view text;
  Rank rank;
};

/// One entity as far as it is of use. Views live in the parser until its next line.
struct Entity {
  std::string_view id, type;
  std::vector<GivenName> names;
  std::vector<Identifier> identifiers;

  void clear() {
    id = type = {};
    names.clear();
    identifiers.clear();
  }
};

class WikidataReader {
 public:
  WikidataReader(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                 const Progress& progress)
      : property_(property_option(spec)),
        needle_(property_ == kItem ? "" : "\"" + property_ + "\""),
        source_(spec.option("source", "Wikidata")),
        licence_(spec.option("licence", "CC0-1.0")),
        type_(spec.option("type")),
        languages_(spec),
        lines_(spec.path),
        draft_(draft),
        report_(report),
        progress_(progress) {}

  void read() {
    constexpr std::size_t kLinesPerReport = 4096;
    std::size_t without = 0;
    std::string_view line;
    while (lines_.next(line)) {
      if (lines_.number() == 1) refuse_other_files(line);
      if (lines_.number() % kLinesPerReport == 0) progress_.tell("reading", lines_.number());
      line = trimmed(line);
      if (line.ends_with(',')) line.remove_suffix(1);
      if (line.empty() || line == "[" || line == "]") continue;
      ++report_.rows.rows;
      // Most lines are of no use, and searching one is far faster than parsing it.
      if (::memmem(line.data(), line.size(), needle_.data(), needle_.size()) == nullptr) {
        ++without;
        continue;
      }
      take_line(line);
    }
    if (without > 0) report_.left_out["without the identifier"] += without;
    if (other_languages_ > 0) report_.left_out["other language"] += other_languages_;
  }

 private:
  std::string place() const { return fmt::format("{}:{}", lines_.name(), lines_.number()); }

  void refuse_other_files(std::string_view first_line) const {
    if (first_line.starts_with("BZh")) {
      throw Error(ErrorKind::kUnsupported,
                  "{}: expected JSON lines, plain or gzip, found bzip2; pipe them: "
                  "bzcat FILE | enlace build --from wikidata=- ...",
                  lines_.name());
    }
    const auto text = trimmed(first_line);
    if (!text.starts_with('[') && !text.starts_with('{')) {
      throw Error(ErrorKind::kCorrupt, "{}:1: expected [ or an entity, found another line",
                  lines_.name());
    }
  }

  void take_line(std::string_view line) {
    buffer_.assign(line);
    buffer_.reserve(line.size() + simdjson::SIMDJSON_PADDING);
    entity_.clear();
    try {
      refuse_zeros(line, place());
      ondemand::document document = parser_.iterate(
          simdjson::padded_string_view(buffer_.data(), buffer_.size(), buffer_.capacity()));
      read_entity(document.get_object());
    } catch (const simdjson::simdjson_error& error) {
      report_.refuse(kNotExpected, "{}: expected an entity, found a fault: {}", place(),
                     simdjson::error_message(error.error()));
      return;
    } catch (const Error& error) {
      return report_.refuse(kNotExpected, "{}", error.what());
    }
    add_entity();
  }

  void read_entity(ondemand::object object) {
    for (auto member : object) {
      const std::string_view key = member.unescaped_key();
      if (key == "id") {
        entity_.id = trimmed(std::string_view(member.value()));
      } else if (key == "type") {
        entity_.type = member.value();
      } else if (key == "labels") {
        read_texts(member.value(), Scope::kPreferred);
      } else if (key == "aliases") {
        read_texts(member.value(), Scope::kExact);
      } else if (key == "claims" && property_ != kItem) {
        read_claims(member.value());
      }
    }
  }

  /// {"es": {"value": …}, …}, or with a list of such; empty ones are written [].
  void read_texts(ondemand::value languages, Scope scope) {
    if (languages.type() == ondemand::json_type::array) return;
    for (auto member : languages.get_object()) {
      const std::string_view language = member.unescaped_key();
      if (languages_.find(language).empty()) {
        ++other_languages_;
        continue;
      }
      ondemand::value texts = member.value();
      if (texts.type() == ondemand::json_type::array) {
        for (auto text : texts.get_array()) read_text(text.get_object(), language, scope);
      } else {
        read_text(texts.get_object(), language, scope);
      }
    }
  }

  void read_text(ondemand::object given, std::string_view language, Scope scope) {
    const std::string_view text = given.find_field_unordered("value");
    entity_.names.push_back({language, trimmed(text), scope});
  }

  void read_claims(ondemand::value claims) {
    if (claims.type() == ondemand::json_type::array) return;
    for (auto member : claims.get_object()) {
      if (std::string_view(member.unescaped_key()) != property_) continue;
      for (auto statement : member.value().get_array()) read_statement(statement.get_object());
    }
  }

  void read_statement(ondemand::object statement) {
    std::string_view text, rank, kind = "value";
    for (auto member : statement) {
      const std::string_view key = member.unescaped_key();
      if (key == "rank") rank = member.value();
      if (key != "mainsnak") continue;
      for (auto part : member.value().get_object()) {
        const std::string_view name = part.unescaped_key();
        if (name == "snaktype") kind = part.value();
        if (name == "datavalue") text = part.value().find_field_unordered("value").get_string();
      }
    }
    if (rank == "deprecated" || kind != "value") return;  // somevalue, novalue
    const Rank given = rank == "preferred" ? Rank::kPreferred : Rank::kNormal;
    entity_.identifiers.push_back({trimmed(text), given});
  }

  void add_entity() {
    if (entity_.type != kItem && !entity_.type.empty()) return report_.leave_out("not an item");
    if (property_ == kItem) entity_.identifiers.push_back({entity_.id, Rank::kNormal});
    const auto best =
        std::max_element(entity_.identifiers.begin(), entity_.identifiers.end(),
                         [](const auto& a, const auto& b) { return a.rank < b.rank; });
    if (best == entity_.identifiers.end()) return report_.leave_out("without the identifier");
    const Rank rank = best->rank;
    for (const Identifier& identifier : entity_.identifiers) {
      if (identifier.rank == rank) add_names(identifier.text);
    }
  }

  void add_names(std::string_view code) {
    constexpr std::size_t kCuiSize = 8;
    if (code.empty()) {
      return report_.refuse("no code", "{}: expected an identifier, found an empty one", place());
    }
    if (property_ == kCui &&
        !(code.size() == kCuiSize && code.front() == 'C' && is_digits(code.substr(1)))) {
      return report_.refuse("malformed identifier",
                            "{}: expected C and seven digits as a value of P2892, found another",
                            place());
    }
    if (entity_.names.empty()) return report_.leave_out("no name in these languages");
    for (const GivenName& name : entity_.names) {
      if (name.text.empty()) {
        report_.refuse("no name", "{}: expected a name, found an empty one", place());
        continue;
      }
      NameRecord record{code, name.text, languages_.find(name.language), source_, name.scope};
      record.licence = licence_;
      draft_.add(record, report_);
    }
    if (!type_.empty()) draft_.add(TypeRecord{code, type_});
  }

  std::string property_, needle_;
  std::string_view source_, licence_, type_;
  ChosenLanguages languages_;
  LineReader lines_;
  ondemand::parser parser_;
  std::string buffer_;
  Entity entity_;
  std::size_t other_languages_ = 0;
  KbDraft& draft_;
  SourceReport& report_;
  const Progress& progress_;
};

}  // namespace

void read_wikidata(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                   const Progress& progress) {
  WikidataReader(spec, draft, report, progress).read();
}

}  // namespace enlace
