#include <string>
#include <vector>

#include "base/ascii.h"
#include "base/error.h"
#include "sources/obo_text.h"
#include "sources/readers.h"
#include "sources/source_lines.h"

namespace enlace {
namespace {

struct Synonym {
  std::string text;
  Scope scope;
};

/// A [Term] stanza as far as it has been read.
struct Term {
  std::string place;  // of its first line
  std::string id, name;
  std::vector<Synonym> synonyms;
  std::vector<std::string> parents, xrefs, alternatives, successors;
  std::string definition;
  bool obsolete = false;
};

std::optional<Scope> scope_of(std::string_view word) {
  if (word == "EXACT") return Scope::kExact;
  if (word == "RELATED" || word.empty()) return Scope::kRelated;  // the format's default
  if (word == "BROAD") return Scope::kBroader;
  if (word == "NARROW") return Scope::kNarrower;
  return std::nullopt;
}

/// Reads stanza by stanza.
class OboReader {
 public:
  OboReader(const SourceSpec& spec, KbDraft& draft, SourceReport& report, const Progress& progress)
      : lines_(spec.path, report, progress),
        draft_(draft),
        report_(report),
        language_(language_option(spec, "en")),
        source_(source_option(spec)),
        type_(spec.option("type")),
        scopes_(scopes_option(spec)) {}

  void read() {
    bool in_header = true;
    std::string_view line;
    while (lines_.next(line)) {
      const auto text = trimmed(line);
      if (text.empty() || text.starts_with('!')) continue;
      if (in_header && !text.starts_with("format-version:")) {
        throw Error(ErrorKind::kCorrupt,
                    "{}:1: expected format-version: as the first tag, found "
                    "another line",
                    lines_.place());
      }
      in_header = false;
      if (text.starts_with('[')) {
        finish_term();
        in_term_ = text.starts_with("[Term]");
        term_.place = lines_.place();
      } else if (in_term_) {
        take_line(line);
      }
    }
    finish_term();
  }

 private:
  void take_line(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      report_.refuse("not a tag", "{}: expected a tag and a colon, found neither",
                     lines_.place(line, 0));
      return;
    }
    const auto tag = trimmed(line.substr(0, colon));
    const auto value = trimmed(line.substr(colon + 1));
    if (tag == "id") {
      term_.id = obo_identifier(value);
    } else if (tag == "name") {
      term_.name = trimmed(obo_text(value));
    } else if (tag == "synonym") {
      take_synonym(line, value);
    } else if (tag == "is_a") {
      term_.parents.push_back(obo_identifier(value));
    } else if (tag == "xref") {
      term_.xrefs.push_back(without_release(obo_identifier(value)));
    } else if (tag == "alt_id") {
      term_.alternatives.push_back(obo_identifier(value));
    } else if (tag == "replaced_by") {
      term_.successors.push_back(obo_identifier(value));
    } else if (tag == "def") {
      take_definition(line, value);
    } else if (tag == "is_obsolete") {
      term_.obsolete = value.starts_with("true");
    }
  }

  void take_definition(std::string_view line, std::string_view value) {
    const auto definition = parse_obo_synonym(value);  // a text between quotes, then a list
    if (definition) {
      term_.definition = trimmed(definition->text);
    } else {
      report_.refuse("bad definition", "{}: expected a text between quotes, found none",
                     lines_.place(line, std::size_t(value.data() - line.data())));
    }
  }

  void take_synonym(std::string_view line, std::string_view value) {
    const auto place = [&] { return lines_.place(line, std::size_t(value.data() - line.data())); };
    const auto synonym = parse_obo_synonym(value);
    if (!synonym) {
      report_.refuse("bad synonym", "{}: expected a text between quotes, found none", place());
      return;
    }
    const auto scope = scope_of(synonym->scope);
    if (!scope) {
      report_.refuse("bad synonym", "{}: expected EXACT, RELATED, BROAD or NARROW, found another",
                     place());
    } else if (trimmed(synonym->text).empty()) {
      report_.refuse("bad synonym", "{}: expected a text, found an empty one", place());
    } else {
      term_.synonyms.push_back({std::string(trimmed(synonym->text)), *scope});
    }
  }

  void finish_term() {
    if (in_term_) add_term();
    term_ = {};
    in_term_ = false;
  }

  void add_term() {
    ++report_.rows.rows;
    if (!term_.id.empty()) add_former_codes();
    if (term_.obsolete) {
      report_.leave_out("obsolete");
    } else if (term_.id.empty()) {
      report_.refuse("no code", "{}: expected an id in the term, found none", term_.place);
    } else if (term_.name.empty()) {
      report_.refuse("no name", "{}: expected a name in the term, found none", term_.place);
    } else {
      const auto add = [&](const std::string& text, Scope scope) {
        draft_.add(NameRecord{term_.id, text, language_, source_, scope}, report_);
      };
      add(term_.name, Scope::kPreferred);
      for (const Synonym& synonym : term_.synonyms) {
        if ((scopes_ >> unsigned(synonym.scope) & 1U) != 0) {
          add(synonym.text, synonym.scope);
        } else {
          report_.leave_out(std::string(to_string(synonym.scope)) + " synonym");
        }
      }
      if (!type_.empty()) draft_.add(TypeRecord{term_.id, type_});
      for (const auto& parent : term_.parents) draft_.add(RelationRecord{term_.id, parent});
      for (const auto& xref : term_.xrefs) draft_.add(XrefRecord{term_.id, xref});
      if (!term_.definition.empty()) {
        draft_.add(DefinitionRecord{term_.id, term_.definition, language_});
      }
    }
  }

  /// Codes that lead to this term, and where an obsolete one leads to.
  void add_former_codes() {
    for (const auto& code : term_.alternatives) {
      if (!code.empty()) draft_.add(ReplacementRecord{code, term_.id});
    }
    for (const auto& code : term_.successors) {
      if (!code.empty()) draft_.add(ReplacementRecord{term_.id, code});
    }
  }

  SourceLines lines_;
  KbDraft& draft_;
  SourceReport& report_;
  std::string language_, source_;
  std::string_view type_;
  unsigned scopes_;
  Term term_;
  bool in_term_ = false;
};

}  // namespace

void read_obo(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
              const Progress& progress) {
  OboReader(spec, draft, report, progress).read();
}

}  // namespace enlace
