#include "base/ascii.h"
#include "kb/language_tag.h"
#include "sources/first_names.h"
#include "sources/readers.h"
#include "sources/source_lines.h"

namespace enlace {
void read_tsv(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
              const Progress& progress) {
  const std::string default_language = language_option(spec, "");
  const std::string default_source = source_option(spec);
  const auto default_type = spec.option("type");
  const std::size_t fewest = default_language.empty() ? 3 : 2;
  constexpr std::size_t kMost = 5;

  SourceLines lines(spec.path, report, progress);
  FirstNames first_names;
  LanguageCache languages;
  std::string_view line;
  while (lines.next(line)) {
    if (trimmed(line).empty()) continue;
    ++report.rows.rows;
    auto fields = split_tabs(line);
    const auto place_of = [&](std::size_t field) {
      return lines.place(line, std::size_t(fields[field].data() - line.data()));
    };
    if (fields.size() < fewest || fields.size() > kMost) {
      report.refuse("wrong number of fields", "{}: expected {} to {} fields, found {}",
                    fields.size() > kMost ? place_of(kMost) : lines.place(line, line.size()),
                    fewest, kMost, fields.size());
      continue;
    }
    for (auto& field : fields) field = trimmed(field);
    const auto field = [&](std::size_t index, std::string_view otherwise) {
      return index < fields.size() && !fields[index].empty() ? fields[index] : otherwise;
    };
    const auto& language = languages.canonical(field(2, default_language));
    if (fields[0].empty()) {
      report.refuse("no code", "{}: expected a code, found none", place_of(0));
    } else if (fields[1].empty()) {
      report.refuse("no name", "{}: expected a name, found none", place_of(1));
    } else if (!language) {
      report.refuse("unknown language", "{}: expected a language tag, found none that is known",
                    fields.size() > 2 ? place_of(2) : lines.place());
    } else {
      const auto scope = first_names.add(fields[0], *language) ? Scope::kPreferred : Scope::kExact;
      draft.add(NameRecord{fields[0], fields[1], *language, field(3, default_source), scope},
                report);
      const auto type = field(4, default_type);
      if (!type.empty()) draft.add(TypeRecord{fields[0], type});
    }
  }
}

}  // namespace enlace
