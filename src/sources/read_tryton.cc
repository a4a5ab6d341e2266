#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/ascii.h"
#include "base/error.h"
#include "base/hash.h"
#include "kb/language_tag.h"
#include "sources/po_file.h"
#include "sources/readers.h"
#include "sources/tryton_records.h"

namespace enlace {
namespace {

template <class T>
using ByText = std::unordered_map<std::string, T, StringHash, std::equal_to<>>;

constexpr std::string_view kDisease = "gnuhealth.pathology";
constexpr std::string_view kCategory = "gnuhealth.pathology.category";

/// A block such as "(A00-A09) Intestinal infectious diseases", or a chapter, which has no range.
struct Category {
  std::string range;  // "A00-A09"; empty in a chapter
  std::string name;   // as it stands
  std::string parent;
  std::string place;
};

/// What a translation is checked against and belongs to.
struct English {
  std::string code;
  std::string name;  // as it stands, range and all
};

/// "A00-A09" out of "(A00-A09) …"; empty if the name does not begin so.
std::string_view leading_range(std::string_view name) noexcept {
  constexpr std::string_view kShape = "(A00-A00)";
  if (name.size() < kShape.size()) return {};
  const bool fits = std::equal(kShape.begin(), kShape.end(), name.begin(), [](char shape, char c) {
    if (shape == 'A') return c >= 'A' && c <= 'Z';
    if (shape == '0') return c >= '0' && c <= '9';
    return shape == c;
  });
  return fits ? name.substr(1, kShape.size() - 2) : std::string_view{};
}

/// `name` without "(range)", which stands before the name in most languages and after it in some.
std::string_view without_range(std::string_view name, std::string_view range) {
  const std::string mark = "(" + std::string(range) + ")";
  if (name.starts_with(mark)) name.remove_prefix(mark.size());
  if (name.ends_with(mark)) name.remove_suffix(mark.size());
  return trimmed(name);
}

/// The longest proper prefix of a code that is a code: A00 of A00.1; nothing if there is none.
std::optional<std::string_view> code_above(
    std::string_view code,
    const std::unordered_set<std::string, StringHash, std::equal_to<>>& codes) {
  for (std::size_t size = code.size() - 1; size > 0; --size) {
    if (codes.find(code.substr(0, size)) != codes.end()) return code.substr(0, size);
  }
  return std::nullopt;
}

class TrytonReader {
 public:
  TrytonReader(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
               const Progress& progress)
      : folder_(spec.path),
        source_(spec.option("source", "ICD-10")),
        any_status_(spec.option("status", "active") == "any"),
        draft_(draft),
        report_(report),
        progress_(progress) {
    if (!any_status_ && spec.option("status", "active") != "active") {
      throw Error(ErrorKind::kInvalidArgument, "source {}: expected status=active or status=any",
                  spec.kind);
    }
    for (const auto part : split_list(spec.option("lang"), ';')) {
      const auto language = canonical_language(part);
      if (!language) {
        throw Error(ErrorKind::kInvalidArgument,
                    "source {}: expected lang to be language tags such as es;fr;pt-BR", spec.kind);
      }
      languages_.push_back(*language);
    }
  }

  void read() {
    read_tryton_records(folder_ / "data" / "disease_categories.xml", progress_,
                        [this](const TrytonRecord& record) { take_category(record); });
    cut_bad_parents();
    add_categories();
    read_tryton_records(folder_ / "data" / "diseases.xml", progress_,
                        [this](const TrytonRecord& record) { take_disease(record); });
    add_relations();
    read_translations();
  }

 private:
  void take_category(const TrytonRecord& record) {
    if (record.model != kCategory) return;
    ++report_.rows.rows;
    const auto name = record.field("name");
    if (record.id.empty() || name.empty()) {
      report_.refuse("no name", "{}: expected a record with an id and a name, found none",
                     record.place);
      return;
    }
    if (categories_.find(record.id) != categories_.end()) {
      return report_.refuse("duplicate id", "{}: expected an id once, found it again",
                            record.place);
    }
    const std::string range(leading_range(name));
    if (range.empty()) {
      report_.leave_out("chapter");
      left_out_.insert(context_of(kCategory, record.id));
    }
    categories_[record.id] = {range, std::string(name), std::string(record.ref("parent")),
                              record.place};
    category_ids_.push_back(record.id);
  }

  /// Cuts a category off from a parent that is not there, or that is below it.
  void cut_bad_parents() {
    std::unordered_set<std::string_view> seen;
    for (const std::string& first : category_ids_) {
      std::vector<std::string_view> path;
      for (std::string_view id = first; seen.insert(id).second;) {
        path.push_back(id);
        Category& category = categories_.find(id)->second;
        if (category.parent.empty()) break;
        const auto above = categories_.find(category.parent);
        if (above == categories_.end()) {
          report_.warn("unknown category", "{}: expected a parent of the module, found another",
                       category.place);
          category.parent.clear();
          break;
        }
        id = above->first;
        if (seen.find(id) == seen.end()) continue;
        const auto cycle = std::find(path.begin(), path.end(), id);
        if (cycle == path.end()) break;
        report_.warn("category in a cycle", "{}: expected categories without cycles, found {} > {}",
                     category.place, fmt::join(cycle, path.end(), " > "), id);
        category.parent.clear();
        break;
      }
    }
  }

  void take_disease(const TrytonRecord& record) {
    if (record.model != kDisease) return;
    ++report_.rows.rows;
    const auto name = record.field("name");
    const auto code = record.field("code");
    if (code.empty()) {
      report_.refuse("no code", "{}: expected a field code, found none", record.place);
    } else if (name.empty()) {
      report_.refuse("no name", "{}: expected a field name, found none", record.place);
    } else if (english_.find(context_of(kDisease, record.id)) != english_.end()) {
      report_.refuse("duplicate id", "{}: expected an id once, found it again", record.place);
    } else if (!any_status_ && record.field("active") == "False") {
      report_.leave_out("inactive");
      left_out_.insert(context_of(kDisease, record.id));
    } else {
      add(context_of(kDisease, record.id), std::string(code), std::string(name));
      const std::string category(record.ref("category"));
      if (!category.empty() && categories_.find(category) == categories_.end()) {
        report_.warn("unknown category", "{}: expected a category of the module, found another",
                     record.place);
      }
      if (const auto type = chapter_of(category); !type.empty()) {
        draft_.add(TypeRecord{code, type});
      }
      codes_.insert(std::string(code));
      placed_.emplace_back(code, category);
    }
  }

  void add_categories() {
    for (const std::string& id : category_ids_) {
      const Category& category = categories_[id];
      if (category.range.empty()) continue;
      add(context_of(kCategory, id), category.range, category.name);
      if (const auto type = chapter_of(id); !type.empty()) {
        draft_.add(TypeRecord{category.range, type});
      }
      if (const auto above = range_above(category.parent); !above.empty()) {
        draft_.add(RelationRecord{category.range, above});
      }
    }
  }

  void add_relations() {
    for (const auto& [code, category] : placed_) {
      const auto above = code_above(code, codes_);
      const auto parent = above ? *above : range_above(category);
      if (!parent.empty()) draft_.add(RelationRecord{code, parent});
    }
  }

  /// What the translations of a record are filed under.
  static std::string context_of(std::string_view model, std::string_view id) {
    return fmt::format("model:{},name:{}", model, id);
  }

  void add(std::string context, std::string code, std::string name) {
    draft_.add(NameRecord{code, without_range(name, code), "en", source_, Scope::kPreferred},
               report_);
    english_.insert_or_assign(std::move(context), English{std::move(code), std::move(name)});
  }

  /// Calls `found` with the category `id` and those above it, until it says true.
  template <class Found>
  void climb(std::string_view id, Found found) const {
    for (auto at = categories_.find(id); at != categories_.end() && !found(at->second);) {
      at = categories_.find(at->second.parent);
    }
  }

  /// The range of the category `id`, or of the nearest above it that has one.
  std::string_view range_above(std::string_view id) const {
    std::string_view range;
    climb(id, [&](const Category& category) {
      range = category.range;
      return !range.empty();
    });
    return range;
  }

  /// The name of the chapter over category `id`: the highest but the root, which has no parent.
  std::string_view chapter_of(std::string_view id) const {
    std::string_view chapter;
    climb(id, [&](const Category& category) {
      if (category.parent.empty()) return true;
      chapter = category.name;
      return false;
    });
    return chapter;
  }

  bool wanted(std::string_view language) const {
    return languages_.empty() ||
           std::any_of(languages_.begin(), languages_.end(),
                       [&](const std::string& range) { return language_matches(language, range); });
  }

  /// In the order of their names, so that the draft does not depend on the file system.
  void read_translations() {
    std::vector<std::filesystem::path> files;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "locale", missing)) {
      if (entry.path().extension() == ".po") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    bool any = languages_.empty();
    for (const auto& file : files) {
      const auto language = language_of_locale(file.stem().string());
      if (!language) {
        report_.refuse("unknown language",
                       "{}: expected a file named by a locale, found another name", file.string());
      } else if (wanted(*language)) {
        any = true;
        bool other = false;
        read_po(file, report_, progress_, [&](const PoEntry& entry) {
          if (entry.context.empty() && entry.id.empty()) {
            other = is_of_another(entry, *language);
          } else if (other) {
            report_.leave_out("translation into another language");
          } else {
            take_translation(entry, *language);
          }
        });
      }
    }
    if (!any) {
      throw Error(ErrorKind::kInvalidArgument,
                  "{}: expected a translation into a language of lang, found none",
                  (folder_ / "locale").string());
    }
  }

  /// Whether the header of a file says another language than its name; it is refused then.
  bool is_of_another(const PoEntry& header, const std::string& language) {
    constexpr std::string_view kLanguage = "Language:";
    for (const auto line : split_list(header.translation, '\n')) {
      if (!line.starts_with(kLanguage)) continue;
      const auto said = language_of_locale(trimmed(line.substr(kLanguage.size())));
      if (!said || language_matches(*said, language) || language_matches(language, *said)) break;
      report_.refuse("language not of the file",
                     "{}: expected the language of the file's name, {}, found {}", header.place,
                     language, *said);
      return true;
    }
    return false;
  }

  void take_translation(const PoEntry& entry, const std::string& language) {
    const auto text = trimmed(entry.translation);
    const auto english = english_.find(entry.context);
    if (text.empty()) return report_.leave_out("not translated");
    if (entry.fuzzy) return report_.leave_out("fuzzy translation");
    if (english == english_.end()) {
      const bool known = left_out_.find(entry.context) != left_out_.end();
      return report_.leave_out(known ? "translation of a record left out"
                                     : "translation of no record");
    }
    if (trimmed(entry.id) != english->second.name) {
      return report_.leave_out("translation of another English name");
    }
    const std::string& code = english->second.code;
    const auto name = without_range(text, code);
    if (name.empty()) return report_.leave_out("not translated");
    draft_.add(NameRecord{code, name, language, source_, Scope::kPreferred}, report_);
  }

  std::filesystem::path folder_;
  std::string_view source_;
  bool any_status_;
  KbDraft& draft_;
  SourceReport& report_;
  const Progress& progress_;
  std::vector<std::string> languages_;  // wanted; all if empty

  ByText<Category> categories_;  // by record id
  std::vector<std::string> category_ids_;
  ByText<English> english_;  // by context
  std::unordered_set<std::string, StringHash, std::equal_to<>> codes_;
  std::unordered_set<std::string, StringHash, std::equal_to<>> left_out_;  // contexts
  std::vector<std::pair<std::string, std::string>> placed_;                // code, category id
};

}  // namespace

void read_tryton(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                 const Progress& progress) {
  TrytonReader(spec, draft, report, progress).read();
}

}  // namespace enlace
