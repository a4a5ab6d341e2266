#include <unordered_map>

#include "base/ascii.h"
#include "base/error.h"
#include "base/hash.h"
#include "kb/language_tag.h"
#include "sources/mesh_records.h"
#include "sources/readers.h"
#include "sources/source_text.h"

namespace enlace {
namespace {

class MeshReader {
 public:
  MeshReader(const SourceSpec& spec, KbDraft& draft, SourceReport& report, const Progress& progress)
      : given_language_(language_option(spec, "")),
        language_(given_language_.empty() ? "en" : given_language_),
        source_(spec.option("source", "MeSH")),
        type_(spec.option("type")),
        text_(spec.path),
        draft_(draft),
        report_(report),
        progress_(progress) {}

  void read() {
    const auto use = [&](MeshRecord& record) { take(record); };
    if (trimmed(text_.text().substr(0, 4096)).starts_with('<')) {
      read_mesh_xml(
          text_.text(), text_.name(),
          [&](std::string_view code, std::string_view place) { speak(code, place); }, use);
    } else {
      read_mesh_ascii(
          text_.text(), text_.name(), use,
          [&] {
            ++report_.rows.rows;
            report_.leave_out("neither descriptor nor supplementary");
          },
          [&](std::string_view place) {
            report_.refuse("bad line", "{}: expected a field and =, found another line", place);
          });
    }
    add_hierarchy();
  }

 private:
  /// What the set says of its language, unless the options say another.
  void speak(std::string_view code, std::string_view place) {
    if (!given_language_.empty() || code.empty()) return;
    const auto language = canonical_language(code);
    if (!language) {
      throw Error(ErrorKind::kCorrupt,
                  "{}: expected a LanguageCode that is known, found another; say lang", place);
    }
    language_ = *language;
  }

  void take(MeshRecord& record) {
    constexpr std::size_t kRecordsPerReport = 1024;
    if (++report_.rows.rows % kRecordsPerReport == 0) {
      progress_.tell("reading", report_.rows.rows);
    }
    std::erase_if(record.terms, [](const MeshTerm& term) { return term.text.empty(); });
    if (record.code.empty()) {
      report_.refuse("no code", "{}: expected the record to have a code, found none", record.place);
      return;
    }
    if (record.terms.empty()) {
      report_.refuse("no name", "{}: expected the record to have a term, found none", record.place);
      return;
    }
    const std::string_view code = record.code;
    for (const MeshTerm& term : record.terms) {
      draft_.add(NameRecord{code, term.text, language_, source_, term.scope, term.term_type},
                 report_);
    }
    for (const auto& type : record.types) draft_.add(TypeRecord{code, type});
    if (record.types.empty() && !type_.empty()) draft_.add(TypeRecord{code, type_});
    for (const auto& heading : record.headings) draft_.add(RelationRecord{code, heading});
    if (!record.scope_note.empty()) {
      draft_.add(DefinitionRecord{code, record.scope_note, language_});
    }
    for (auto& number : record.tree_numbers) {
      if (!code_at_.emplace(std::move(number), record.code).second) {
        report_.refuse("tree number twice", "{}: expected a tree number once, found it again",
                       record.place);
      }
    }
  }

  /// A code at D03.438.221 is a kind of the one at D03.438.
  void add_hierarchy() {
    for (const auto& [number, code] : code_at_) {
      const std::size_t dot = number.rfind('.');
      if (dot == number.npos) continue;
      const auto above = code_at_.find(std::string_view(number).substr(0, dot));
      if (above != code_at_.end()) {
        draft_.add(RelationRecord{code, above->second});
      } else {
        report_.leave_out("tree number below none");
      }
    }
  }

  std::string given_language_, language_;
  std::string_view source_, type_;
  SourceText text_;
  KbDraft& draft_;
  SourceReport& report_;
  const Progress& progress_;
  std::unordered_map<std::string, std::string, StringHash, std::equal_to<>> code_at_;
};

}  // namespace

void read_mesh(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
               const Progress& progress) {
  MeshReader(spec, draft, report, progress).read();
}

}  // namespace enlace
