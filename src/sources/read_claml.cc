#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "kb/language_tag.h"
#include "sources/claml_document.h"
#include "sources/readers.h"

namespace enlace {
namespace {

template <class T>
using ByText = std::unordered_map<std::string, T, StringHash, std::equal_to<>>;

constexpr std::size_t kMostExpansions = 10000;  // of one class
constexpr std::size_t kMostSteps = 1000;        // up from a class; more is a cycle

class ClamlReader {
 public:
  ClamlReader(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
              const Progress& progress)
      : draft_(draft),
        report_(report),
        language_(language_option(spec, "")),
        expand_(spec.option("modifiers", "no") == "expand"),
        document_(read_claml_document(spec.path, progress)),
        source_(spec.option("source", document_.title)) {
    if (!expand_ && spec.option("modifiers", "no") != "no") {
      throw Error(ErrorKind::kInvalidArgument,
                  "source {}: expected modifiers=no or modifiers=expand", spec.kind);
    }
    if (source_.empty()) source_ = source_option(spec);
  }

  void read() {
    index();
    for (const ClamlClass& one : document_.classes) {
      if (classes_.find(one.code) == classes_.end() || classes_.at(one.code) != &one) continue;
      add_class(one);
    }
  }

 private:
  /// A code and its preferred names, while modifiers are applied to it.
  struct Expanded {
    std::string code;
    std::vector<ClamlLabel> names;
    std::vector<std::pair<std::string, std::string>> applied;  // modifier and code of its class
  };

  void index() {
    for (const ClamlClass& one : document_.classes) {
      ++report_.rows.rows;
      if (one.code.empty()) {
        report_.refuse("no code", "{}: expected a class with a code, found none", one.place);
      } else if (!classes_.emplace(one.code, &one).second) {
        report_.refuse("duplicate code", "{}: expected a code once, found it again", one.place);
      } else {
        for (const std::string& parent : one.parents) parents_.insert(parent);
      }
    }
    for (const ClamlModifierClass& one : document_.modifier_classes) {
      ++report_.rows.rows;
      if (one.modifier.empty() || one.code.empty()) {
        report_.refuse("no code",
                       "{}: expected a modifier class with a modifier and a code, found "
                       "none",
                       one.place);
      } else {
        modifiers_[one.modifier].push_back(&one);
      }
    }
  }

  void add_class(const ClamlClass& one) {
    const std::size_t added = add_names(one.code, one.labels, one.place);
    if (added == 0) {
      report_.refuse("no name", "{}: expected a preferred label, found none", one.place);
      return;
    }
    if (const auto type = chapter_of(one); !type.empty()) {
      draft_.add(TypeRecord{one.code, type});
    }
    for (const std::string& parent : one.parents) draft_.add(RelationRecord{one.code, parent});
    if (parents_.find(one.code) == parents_.end()) expand(one);  // a leaf
  }

  /// The tag of a label's language, or of the option's where it does not say; nothing if unknown.
  std::optional<std::string> language_of(const ClamlLabel& label) const {
    return canonical_language(label.language.empty() ? language_ : label.language);
  }

  /// How many preferred names there were.
  std::size_t add_names(const std::string& code, const std::vector<ClamlLabel>& labels,
                        const std::string& place) {
    std::size_t preferred = 0;
    for (const ClamlLabel& label : labels) {
      const bool defines = label.kind == "definition";
      const bool prefers = label.kind == "preferred";
      if (!defines && !prefers && label.kind != "preferredLong" && label.kind != "inclusion") {
        report_.leave_out("rubric " + known_kind(label.kind));
        continue;
      }
      const auto language = language_of(label);
      if (!language) {
        report_.refuse("unknown language",
                       "{}: expected a label with a language, found none that "
                       "is known",
                       place);
      } else if (label.text.empty()) {
        report_.refuse("empty label", "{}: expected a label with a text, found an empty one",
                       place);
      } else if (defines) {
        draft_.add(DefinitionRecord{code, label.text, *language});
      } else {
        preferred += prefers ? 1 : 0;
        draft_.add(NameRecord{code, label.text, *language, source_,
                              prefers ? Scope::kPreferred : Scope::kExact, label.kind},
                   report_);
      }
    }
    return preferred;
  }

  /// Kinds that files of ICD have; what else a file says is not repeated.
  static std::string known_kind(std::string_view kind) {
    constexpr std::string_view kKnown[] = {"exclusion",      "coding-hint", "text",
                                           "note",           "footnote",    "introduction",
                                           "preferredShort", "modifierlink"};
    const auto* found = std::find(std::begin(kKnown), std::end(kKnown), kind);
    return std::string(found == std::end(kKnown) ? "of another kind" : *found);
  }

  /// The first preferred name of the chapter above a class.
  std::string_view chapter_of(const ClamlClass& one) const {
    const ClamlClass* at = &one;
    for (std::size_t steps = 0; steps < kMostSteps && at->kind != "chapter"; ++steps) {
      if (at->parents.empty()) return {};
      const auto above = classes_.find(at->parents.front());
      if (above == classes_.end()) return {};
      at = above->second;
    }
    if (at == &one || at->kind != "chapter") return {};
    for (const ClamlLabel& label : at->labels) {
      if (label.kind == "preferred") return label.text;
    }
    return {};
  }

  /// The modifications of a class: those of the classes above it first, unless it or one between
  /// excludes or says them again.
  std::vector<const ClamlModification*> modifications_of(const ClamlClass& one) const {
    std::vector<const ClamlModification*> found;
    std::unordered_set<std::string_view> settled;
    const ClamlClass* at = &one;
    for (std::size_t steps = 0; steps < kMostSteps; ++steps) {
      for (const std::string& excluded : at->excluded_modifiers) settled.insert(excluded);
      std::vector<const ClamlModification*> own;
      for (const ClamlModification& modification : at->modified_by) {
        if (settled.insert(modification.modifier).second) own.push_back(&modification);
      }
      found.insert(found.begin(), own.begin(), own.end());
      if (at->parents.empty()) break;
      const auto above = classes_.find(at->parents.front());
      if (above == classes_.end()) break;
      at = above->second;
    }
    return found;
  }

  void expand(const ClamlClass& one) {
    const auto modifications = modifications_of(one);
    if (modifications.empty()) return;
    if (!expand_) return report_.leave_out("codes of a class with modifiers");
    std::vector<Expanded> from{{one.code, {}, {}}};
    for (const ClamlLabel& label : one.labels) {
      if (label.kind == "preferred") from.front().names.push_back(label);
    }
    std::size_t total = 0;
    for (const ClamlModification* modification : modifications) {
      const auto classes = modifiers_.find(modification->modifier);
      if (classes == modifiers_.end()) {
        report_.refuse("unknown modifier", "{}: expected a modifier of the file, found another",
                       one.place);
        continue;
      }
      std::vector<Expanded> to;
      for (const Expanded& base : from) {
        for (const ClamlModifierClass* added : classes->second) {
          if (!applies(*modification, *added, base)) continue;
          if (++total > kMostExpansions) {
            report_.refuse("too many codes",
                           "{}: expected at most {} codes by modifiers, found "
                           "more",
                           one.place, kMostExpansions);
            return;
          }
          to.push_back(expanded(base, *added));
          add_expanded(one, base, to.back());
        }
      }
      if (!to.empty()) from = std::move(to);
    }
  }

  static bool applies(const ClamlModification& modification, const ClamlModifierClass& added,
                      const Expanded& base) {
    if (!modification.all && std::find(modification.valid.begin(), modification.valid.end(),
                                       added.code) == modification.valid.end()) {
      return false;
    }
    return std::none_of(added.not_after.begin(), added.not_after.end(), [&](const auto& before) {
      return std::find(base.applied.begin(), base.applied.end(), before) != base.applied.end();
    });
  }

  /// Names in one language are put together: "Diabetes mellitus: With coma".
  Expanded expanded(const Expanded& base, const ClamlModifierClass& added) const {
    Expanded result{base.code + added.code, {}, base.applied};
    result.applied.emplace_back(added.modifier, added.code);
    for (const ClamlLabel& name : base.names) {
      for (const ClamlLabel& label : added.labels) {
        if (label.kind != "preferred" || label.text.empty()) continue;
        if (language_of(label) != language_of(name)) continue;
        result.names.push_back({name.kind, name.language, name.text + ": " + label.text});
        break;
      }
    }
    return result;
  }

  void add_expanded(const ClamlClass& one, const Expanded& base, const Expanded& result) {
    if (classes_.find(result.code) != classes_.end()) {
      return report_.leave_out("code by modifiers that is a class");
    }
    if (add_names(result.code, result.names, one.place) == 0) {
      report_.refuse("no name", "{}: expected a preferred label of a modifier class, found none",
                     one.place);
      return;
    }
    if (const auto type = chapter_of(one); !type.empty()) {
      draft_.add(TypeRecord{result.code, type});
    }
    draft_.add(RelationRecord{result.code, base.code});
  }

  KbDraft& draft_;
  SourceReport& report_;
  std::string language_;
  bool expand_;
  ClamlDocument document_;
  std::string source_;

  ByText<const ClamlClass*> classes_;
  std::unordered_set<std::string> parents_;  // classes that others are below
  ByText<std::vector<const ClamlModifierClass*>> modifiers_;
};

}  // namespace

void read_claml(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
                const Progress& progress) {
  ClamlReader(spec, draft, report, progress).read();
}

}  // namespace enlace
