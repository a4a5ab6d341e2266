#include "sources/rf2_release.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "kb/language_tag.h"
#include "sources/rf2_rows.h"

namespace enlace {
namespace {

/// What a view is called in the names of its files.
struct ViewWord {
  Rf2View view;
  std::string_view word;
};
constexpr ViewWord kViews[] = {
    {Rf2View::kSnapshot, "Snapshot"}, {Rf2View::kFull, "Full"}, {Rf2View::kDelta, "Delta"}};

/// How the content of a table is called in the names of its files.
struct TableWord {
  Rf2Table table;
  std::string_view type, content;  // "sct2" or "der2"; what the name of a reference set holds
};
constexpr TableWord kTables[] = {
    {Rf2Table::kConcept, "sct2", "Concept"},
    {Rf2Table::kDescription, "sct2", "Description"},
    {Rf2Table::kTextDefinition, "sct2", "TextDefinition"},
    {Rf2Table::kRelationship, "sct2", "Relationship"},
    {Rf2Table::kLanguage, "der2", "Language"},
    {Rf2Table::kAssociation, "der2", "Association"},
    {Rf2Table::kExtendedMap, "der2", "ExtendedMap"},
    {Rf2Table::kModuleDependency, "der2", "ModuleDependency"},
};

std::vector<Rf2Release> find_deltas(const SourceSpec& spec) {
  std::vector<Rf2Release> deltas;
  for (const auto folder : split_list(spec.option("delta"), ';')) {
    deltas.push_back(find_rf2_release(std::filesystem::path(folder), Rf2View::kDelta));
  }
  std::stable_sort(deltas.begin(), deltas.end(),
                   [](const Rf2Release& a, const Rf2Release& b) { return a.date < b.date; });
  return deltas;
}

Rf2View view_option(const SourceSpec& spec) {
  const auto given = spec.option("view", "snapshot");
  if (given == "snapshot") return Rf2View::kSnapshot;
  if (given == "full") return Rf2View::kFull;
  if (given == "delta") {
    throw Error(ErrorKind::kInvalidArgument,
                "source {}: a delta says only what changed in a release; expected "
                "rf2=RELEASE,delta={}",
                spec.kind, spec.path.string());
  }
  throw Error(ErrorKind::kInvalidArgument, "source {}: expected view=snapshot or view=full",
              spec.kind);
}

/// Whether no concept of the release is of the International module.
bool is_extension(const Rf2Choice& choice) {
  static constexpr std::string_view kColumns[] = {"moduleId"};
  for (const Rf2File& file : choice.release.of(Rf2Table::kConcept)) {
    SourceReport unread;
    const Progress quiet;
    Rf2Lines lines(file, kColumns, unread, quiet);
    while (lines.next()) {
      if (lines.field(0) == kInternationalModule) return false;
    }
  }
  return true;
}

/// The date of the International rows that a release holds or needs.
std::uint32_t international_date(const Rf2Choice& choice) {
  static constexpr std::string_view kColumns[] = {"referencedComponentId", "targetEffectiveTime"};
  std::uint32_t latest = 0;
  SourceReport unread;
  read_rf2_rows(
      choice, Rf2Table::kModuleDependency, kColumns, unread, {}, "another module",
      [](const Rf2Lines& lines) { return lines.field(0) == kInternationalModule; },
      [&](const Rf2File&, const Rf2Lines& lines) {
        const auto date = parse_rf2_date(lines.field(1));
        if (lines.active() && date) latest = std::max(latest, *date);
      });
  if (latest > 0) return latest;
  latest = choice.release.date;
  for (const Rf2Release& delta : choice.deltas) latest = std::max(latest, delta.date);
  return std::min(latest, choice.until);
}

}  // namespace

std::optional<std::uint32_t> parse_rf2_date(std::string_view text) noexcept {
  if (text.size() != 8) return std::nullopt;
  std::uint32_t date = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    date = date * 10 + std::uint32_t(c - '0');
  }
  return date;
}

std::optional<Rf2File> parse_rf2_name(const std::filesystem::path& path) {
  std::string name = path.filename().string();
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  if (!name.ends_with(".txt")) return std::nullopt;
  name.resize(name.size() - 4);
  if (name.starts_with('x')) name.erase(0, 1);
  const auto parts = split_list(name, '_');
  constexpr std::size_t kParts = 5;  // type, content, summary, namespace, date
  if (parts.size() != kParts) return std::nullopt;
  const auto date = parse_rf2_date(parts[4]);
  if (!date) return std::nullopt;

  std::string_view summary = parts[2];
  for (const auto& [view, word] : kViews) {
    const std::size_t at = summary.rfind(word);
    if (at == std::string_view::npos) continue;
    const auto before = summary.substr(0, at);
    const auto after = summary.substr(at + word.size());
    if (!after.empty() && after.front() != '-') continue;
    for (const TableWord& table : kTables) {
      const bool of_core = table.type == "sct2";
      if (parts[0] != table.type) continue;
      if (of_core ? parts[1] != table.content : before.find(table.content) == before.npos) continue;
      std::string language;
      if (!after.empty()) {
        language = canonical_language(after.substr(1)).value_or("");
      }
      return Rf2File{path,
                     table.table,
                     view,
                     std::string(of_core && !before.empty() ? before : parts[3]),
                     std::move(language),
                     *date};
    }
  }
  return std::nullopt;
}

std::vector<Rf2File> Rf2Release::of(Rf2Table table) const {
  std::vector<Rf2File> found;
  std::copy_if(files.begin(), files.end(), std::back_inserter(found),
               [&](const Rf2File& file) { return file.table == table; });
  return found;
}

Rf2Release find_rf2_release(const std::filesystem::path& folder, Rf2View view) {
  std::error_code failed;
  if (!std::filesystem::exists(folder, failed)) {
    throw Error(ErrorKind::kNotFound, "{}: No such file or directory", folder.string());
  }
  Rf2Release release{folder, {}, 0, {}};
  for (std::filesystem::recursive_directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    auto file = parse_rf2_name(at->path());
    if (file && file->view == view && !at->is_directory(failed)) {
      release.files.push_back(std::move(*file));
    }
  }
  if (failed) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected the folder of a release, found another",
                folder.string());
  }
  if (release.files.empty()) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}: expected files such as sct2_Concept_{}_INT_20240101.txt, found none",
                folder.string(), kViews[std::size_t(view)].word);
  }
  std::sort(release.files.begin(), release.files.end(),
            [](const Rf2File& a, const Rf2File& b) { return a.path < b.path; });
  release.date = release.files.front().date;
  for (const Rf2File& file : release.files) {
    if (file.date != release.date) {
      throw Error(ErrorKind::kInvalidArgument,
                  "{}: expected the files of one release, found dates {} and {}", folder.string(),
                  std::min(release.date, file.date), std::max(release.date, file.date));
    }
    if (release.edition.empty() &&
        (file.table == Rf2Table::kConcept || file.table == Rf2Table::kDescription)) {
      release.edition = file.edition;
    }
  }
  return release;
}

std::vector<Rf2File> Rf2Choice::of(Rf2Table table) const {
  std::vector<Rf2File> files = release.of(table);
  for (const Rf2Release& delta : deltas) {
    const auto more = delta.of(table);
    files.insert(files.end(), more.begin(), more.end());
  }
  return files;
}

Rf2Choice choose_rf2(const SourceSpec& spec) {
  constexpr std::uint32_t kNever = 99999999;
  const Rf2View view = view_option(spec);
  std::uint32_t until = kNever;
  if (const auto given = spec.option("date"); !given.empty()) {
    const auto date = parse_rf2_date(given);
    if (!date || view != Rf2View::kFull) {
      throw Error(ErrorKind::kInvalidArgument,
                  "source {}: expected date to be a date as YYYYMMDD, with view=full", spec.kind);
    }
    until = *date;
  }
  return {find_rf2_release(spec.path, view), find_deltas(spec), view, until};
}

void require_international_rf2(std::span<const SourceSpec> specs) {
  std::vector<std::pair<std::uint32_t, std::string>> international;  // dates and folders so far
  for (const SourceSpec& spec : specs) {
    if (spec.kind != "rf2") continue;
    const Rf2Choice choice = choose_rf2(spec);
    const std::uint32_t date = international_date(choice);
    if (!is_extension(choice)) {
      international.emplace_back(date, spec.path.string());
    } else if (international.empty()) {
      throw Error(ErrorKind::kInvalidArgument,
                  "{}: expected the International release of {} in a source before this "
                  "extension, found none",
                  spec.path.string(), date);
    } else if (std::none_of(international.begin(), international.end(),
                            [&](const auto& found) { return found.first == date; })) {
      throw Error(ErrorKind::kInvalidArgument,
                  "{}: expected the International release of {} in a source before this "
                  "extension, found that of {} in {}",
                  spec.path.string(), date, international.back().first,
                  international.back().second);
    }
  }
}

}  // namespace enlace
