#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/error.h"
#include "kb/language_tag.h"
#include "sources/id_map.h"
#include "sources/readers.h"
#include "sources/rf2_dialects.h"
#include "sources/rf2_options.h"
#include "sources/rf2_release.h"
#include "sources/rf2_rows.h"
#include "sources/sctid.h"
#include "sources/semantic_tag.h"

namespace enlace {
namespace {

constexpr std::string_view kFullySpecified = "900000000000003001";
constexpr std::string_view kSynonym = "900000000000013009";
constexpr std::string_view kPreferred = "900000000000548007";
constexpr std::string_view kIsA = "116680003";
constexpr std::string_view kInferred = "900000000000011006";

struct MapRefset {
  std::string_view refset, prefix;
};
constexpr MapRefset kMaps[] = {{"447562003", "ICD10:"}, {"6011000124106", "ICD10CM:"}};

constexpr bool any_row(const Rf2Lines& /*lines*/) noexcept {
  return true;
}

/// The digits of an id.
class Digits {
 public:
  explicit Digits(std::uint64_t id) noexcept
      : size_(std::size_t(std::to_chars(text_.begin(), text_.end(), id).ptr - text_.data())) {}
  operator std::string_view() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, 20> text_;
  std::size_t size_;
};

class Rf2Reader {
 public:
  Rf2Reader(const SourceSpec& spec, KbDraft& draft, SourceReport& report, const Progress& progress)
      : options_(rf2_options(spec)),
        choice_(choose_rf2(spec)),
        draft_(draft),
        report_(report),
        progress_(progress),
        prefix_(spec.option("prefix")),
        source_(spec.option("source", "SNOMEDCT-" + choice_.release.edition)) {}

  void read() {
    Aside aside;
    aside.relations = std::async(std::launch::async, [this, &stop = aside.stop] {
      return read_relations(choice_, Progress{{}, &stop});
    });
    read_concepts();
    read_dialects();
    read_descriptions();
    add_held_names();
    if (options_.definitions) read_definitions();
    add_relations(awaited(aside.relations));
    read_associations();
    if (options_.maps) read_maps();
  }

 private:
  struct Concept {
    std::uint64_t id;
    bool active, own;
    bool typed = false;       // by an English name
    std::uint8_t rank = 255;  // of the association that `successor` is from
    std::uint64_t successor = 0;
  };
  /// A name that is added when all are known.
  struct Held {
    std::uint32_t holder;   // in concepts_
    std::uint8_t language;  // in languages_
    std::uint8_t rank;      // of the dialect; kFsn for a fully specified name
    std::uint32_t size, tag_size;
    std::size_t begin;  // in texts_: the name, then the tag
  };
  static constexpr std::uint8_t kFsn = 254;
  struct Relations {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> edges;  // child and parent
    SourceReport report;
  };
  /// What a thread of its own reads while the names go into the draft; it stops when this ends.
  struct Aside {
    std::atomic<bool> stop = false;
    std::future<Relations> relations;
    ~Aside() { stop = true; }
  };
  struct Language {
    std::string tag;   // canonical
    std::string code;  // as the rows have it
    bool wanted;
    std::vector<std::uint8_t> ranks;  // per concept: the best dialect that has a preferred name
  };

  /// The relations once they are there; throws Error(kCancelled) at once if a stop is asked for.
  Relations awaited(std::future<Relations>& relations) const {
    using namespace std::chrono_literals;
    while (relations.wait_for(20ms) != std::future_status::ready) {
      progress_.tell("reading relationships", 0);
    }
    return relations.get();
  }

  void read_rows(Rf2Table table, std::span<const std::string_view> columns,
                 const std::function<void(const Rf2File&, const Rf2Lines&)>& use) {
    read_rf2_rows(choice_, table, columns, report_, progress_, "", any_row, use);
  }

  /// The number in an id's column; refused if it is none.
  static std::optional<std::uint64_t> id_in(const Rf2Lines& row, std::size_t column,
                                            SourceReport& report) {
    const auto id = parse_sctid(row.field(column));
    if (!id) {
      report.refuse("bad id", "{}: expected 6 to 18 digits, found something else",
                    row.place(column));
    }
    return id;
  }
  std::optional<std::uint64_t> id_in(const Rf2Lines& row, std::size_t column) {
    return id_in(row, column, report_);
  }

  void read_concepts() {
    static constexpr std::string_view kColumns[] = {"id", "moduleId"};
    read_rows(Rf2Table::kConcept, kColumns, [&](const Rf2File&, const Rf2Lines& row) {
      const auto id = id_in(row, 0);
      if (!id) return;
      if (!has_check_digit(row.field(0))) {
        report_.warn("wrong check digit", "{}: expected a check digit that fits, found another",
                     row.place(0));
      }
      if (row.field(1) == kInternationalModule) extension_ = false;
      ids_.add(*id);
      concepts_.push_back({*id, row.active(), true});
      if (!row.active()) report_.leave_out("inactive concept");
    });
  }

  void read_dialects() {
    static constexpr std::string_view kColumns[] = {"refsetId", "referencedComponentId",
                                                    "acceptabilityId"};
    read_rows(Rf2Table::kLanguage, kColumns, [&](const Rf2File&, const Rf2Lines& row) {
      if (!row.active()) return;
      const auto refset = id_in(row, 0);
      const auto description = refset ? id_in(row, 1) : std::nullopt;
      if (!description) return;
      if (!dialects_.add(*refset, *description, row.field(2) == kPreferred)) {
        throw Error(ErrorKind::kUnsupported, "{}: more than {} language reference sets",
                    row.place(0), Rf2Dialects::kMostRefsets);
      }
    });
    const auto& found = dialects_.refsets();
    for (const std::uint64_t refset : options_.refsets) {
      if (std::find(found.begin(), found.end(), refset) == found.end()) {
        throw Error(ErrorKind::kInvalidArgument,
                    "{}: expected rows of the language reference set {}, found none",
                    choice_.release.folder.string(), refset);
      }
    }
    dialects_.choose(options_.refsets.empty() ? in_order_of_preference(found) : options_.refsets);
  }

  /// The concept of a name or definition, if that is wanted.
  std::optional<std::uint32_t> holder_of(const Rf2Lines& row, std::size_t column,
                                         std::string_view what) {
    const auto id = id_in(row, column);
    if (!id) return std::nullopt;
    std::uint32_t at = ids_.find(*id);
    if (at == IdMap::kNone && named_before(row.field(column))) {
      at = ids_.add(*id).first;
      concepts_.push_back({*id, true, false});
    }
    if (at == IdMap::kNone && extension_) {  // it may be inactive in the International release
      report_.leave_out("concept that no source before names");
      return std::nullopt;
    }
    if (at == IdMap::kNone) {
      report_.refuse("unknown concept", "{}: expected a concept of the release, found another",
                     row.place(column));
      return std::nullopt;
    }
    if (!concepts_[at].active && !options_.inactive) {
      report_.leave_out(what);
      return std::nullopt;
    }
    return at;
  }

  bool named_before(std::string_view code) {
    const auto id = draft_.codes().find(scratch_.assign(prefix_).append(code));
    return id && draft_.named(*id);
  }

  /// The number of the language of a row in languages_; refused if it is none, or not the one that
  /// the name of the file says and the option lang does not ask for it.
  std::optional<std::uint8_t> language_of(const Rf2File& file, const Rf2Lines& row,
                                          std::size_t column) {
    const auto code = row.field(column);
    std::size_t at = last_language_;
    if (at >= languages_.size() || languages_[at].code != code) {
      for (at = 0; at < languages_.size() && languages_[at].code != code;) ++at;
    }
    if (at == languages_.size()) {
      const auto tag = canonical_language(code);
      constexpr std::size_t kMostLanguages = 250;
      if (!tag || at == kMostLanguages) {
        report_.refuse("unknown language", "{}: expected a language code, found none that is known",
                       row.place(column));
        return std::nullopt;
      }
      languages_.push_back({*tag, std::string(code), options_.wants(*tag), {}});
    }
    last_language_ = at;
    const Language& language = languages_[at];
    const std::string_view in_name =
        std::string_view(file.language).substr(0, file.language.find('-'));
    if (options_.languages.empty() && !in_name.empty() &&
        !language_matches(language.tag, in_name)) {
      report_.refuse("language not of the file",
                     "{}: expected the language of the file's name, {}, found another",
                     row.place(column), in_name);
      return std::nullopt;
    }
    if (!language.wanted) {
      report_.leave_out("language not wanted");
      return std::nullopt;
    }
    return std::uint8_t(at);
  }

  /// The text of a name or definition; refused if it is empty.
  std::string_view text_of(const Rf2Lines& row, std::size_t column) {
    const auto text = trimmed(row.field(column));
    if (text.empty()) {
      report_.refuse("no name", "{}: expected a term, found none", row.place(column));
    }
    return text;
  }

  void read_descriptions() {
    static constexpr std::string_view kColumns[] = {"id", "conceptId", "languageCode", "typeId",
                                                    "term"};
    if (choice_.of(Rf2Table::kDescription).empty()) {
      throw Error(ErrorKind::kInvalidArgument, "{}: expected a file of descriptions, found none",
                  choice_.release.folder.string());
    }
    read_rows(Rf2Table::kDescription, kColumns, [&](const Rf2File& file, const Rf2Lines& row) {
      if (!row.active()) return report_.leave_out("inactive description");
      const auto holder = holder_of(row, 1, "description of an inactive concept");
      const auto language = holder ? language_of(file, row, 2) : std::nullopt;
      if (!language) return;
      const auto text = text_of(row, 4);
      if (text.empty()) return;
      if (row.field(3) == kFullySpecified) {
        take_fully_specified(*holder, *language, text);
      } else if (row.field(3) == kSynonym) {
        take_synonym(row.key(), *holder, *language, text);
      } else {
        report_.leave_out("description of another type");
      }
    });
  }

  void take_fully_specified(std::uint32_t holder, std::uint8_t language, std::string_view text) {
    const TaggedName name = split_semantic_tag(text);
    Concept& subject = concepts_[holder];
    const bool english = language_matches(languages_[language].tag, "en");
    if (english && !name.tag.empty()) {
      subject.typed = true;
      draft_.add(TypeRecord{Digits(subject.id), name.tag});
    }
    hold(holder, language, kFsn, name.name, english ? std::string_view{} : name.tag);
  }

  void take_synonym(std::uint64_t id, std::uint32_t holder, std::uint8_t language,
                    std::string_view text) {
    if (dialects_.refsets().empty()) return add(holder, language, Scope::kExact, "SYN", text);
    const auto [acceptable, rank] = dialects_.of(id);
    if (!acceptable) return report_.leave_out("not in the language reference sets");
    if (rank == Rf2Dialects::kNotPreferred) {
      return add(holder, language, Scope::kExact, "SYN", text);
    }
    auto& ranks = languages_[language].ranks;
    if (ranks.size() <= holder) ranks.resize(concepts_.size(), Rf2Dialects::kNotPreferred);
    ranks[holder] = std::min(ranks[holder], rank);
    if (rank == 0) {
      add(holder, language, Scope::kPreferred, "PT", text);
    } else {
      hold(holder, language, rank, text, {});
    }
  }

  void add(std::uint32_t holder, std::uint8_t language, Scope scope, std::string_view term_type,
           std::string_view text) {
    draft_.add(NameRecord{Digits(concepts_[holder].id), text, languages_[language].tag, source_,
                          scope, term_type},
               report_);
  }

  void hold(std::uint32_t holder, std::uint8_t language, std::uint8_t rank, std::string_view text,
            std::string_view tag) {
    held_.push_back({holder, language, rank, std::uint32_t(text.size()), std::uint32_t(tag.size()),
                     texts_.size()});
    texts_.append(text).append(tag);
  }

  /// Of the names that are preferred in some dialect, those of the first that has any; then the
  /// fully specified names, which stand in for a preferred name where there is none.
  void add_held_names() {
    for (const bool specified : {false, true}) {
      for (const Held& held : held_) {
        if ((held.rank == kFsn) != specified) continue;
        const auto text = std::string_view(texts_).substr(held.begin, held.size);
        const auto& ranks = languages_[held.language].ranks;
        const std::uint8_t best =
            held.holder < ranks.size() ? ranks[held.holder] : Rf2Dialects::kNotPreferred;
        if (!specified) {
          const bool first = held.rank == best;
          add(held.holder, held.language, first ? Scope::kPreferred : Scope::kExact,
              first ? "PT" : "SYN", text);
          continue;
        }
        add(held.holder, held.language,
            best == Rf2Dialects::kNotPreferred ? Scope::kPreferred : Scope::kExact, "FSN", text);
        const Concept& subject = concepts_[held.holder];
        if (held.tag_size > 0 && subject.own && !subject.typed) {
          draft_.add(TypeRecord{Digits(subject.id), std::string_view(texts_).substr(
                                                        held.begin + held.size, held.tag_size)});
        }
      }
    }
    held_ = {};
    texts_ = {};
  }

  void read_definitions() {
    static constexpr std::string_view kColumns[] = {"conceptId", "languageCode", "term"};
    read_rows(Rf2Table::kTextDefinition, kColumns, [&](const Rf2File& file, const Rf2Lines& row) {
      if (!row.active()) return report_.leave_out("inactive definition");
      const auto holder = holder_of(row, 0, "definition of an inactive concept");
      const auto language = holder ? language_of(file, row, 1) : std::nullopt;
      if (!language) return;
      const auto text = text_of(row, 2);
      if (text.empty()) return;
      draft_.add(DefinitionRecord{row.field(0), text, languages_[*language].tag});
    });
  }

  /// The active inferred is-a relations.
  static Relations read_relations(const Rf2Choice& choice, const Progress& progress) {
    static constexpr std::string_view kColumns[] = {"sourceId", "destinationId", "typeId",
                                                    "characteristicTypeId"};
    Relations read;
    read_rf2_rows(
        choice, Rf2Table::kRelationship, kColumns, read.report, progress,
        "relation other than an inferred is-a",
        [](const Rf2Lines& row) { return row.field(2) == kIsA && row.field(3) == kInferred; },
        [&](const Rf2File&, const Rf2Lines& row) {
          if (!row.active()) return read.report.leave_out("inactive relation");
          const auto child = id_in(row, 0, read.report);
          const auto parent = child ? id_in(row, 1, read.report) : std::nullopt;
          if (parent) read.edges.emplace_back(*child, *parent);
        });
    return read;
  }

  void add_relations(const Relations& read) {
    report_.add_rows(read.report);
    for (const auto& [child, parent] : read.edges) {
      draft_.add(RelationRecord{Digits(child), Digits(parent)});
    }
  }

  void read_associations() {
    static constexpr std::string_view kColumns[] = {"refsetId", "referencedComponentId",
                                                    "targetComponentId"};
    read_rows(Rf2Table::kAssociation, kColumns, [&](const Rf2File&, const Rf2Lines& row) {
      if (!row.active()) return report_.leave_out("inactive association");
      const auto refset = id_in(row, 0);
      const auto code = refset ? id_in(row, 1) : std::nullopt;
      const auto successor = code ? id_in(row, 2) : std::nullopt;
      if (!successor) return;
      const auto kind =
          std::find(options_.associations.begin(), options_.associations.end(), *refset);
      if (kind == options_.associations.end()) {
        return report_.leave_out("association of another kind");
      }
      const std::uint32_t at = ids_.find(*code);
      if (at == IdMap::kNone) return report_.leave_out("association of no concept here");
      Concept& former = concepts_[at];
      if (former.active) return report_.leave_out("association of an active concept");
      const auto rank = std::uint8_t(kind - options_.associations.begin());
      if (former.rank != 255) report_.leave_out("further association of a concept");
      if (rank < former.rank || (rank == former.rank && *successor < former.successor)) {
        former.rank = rank;
        former.successor = *successor;
      }
    });
    for (const Concept& former : concepts_) {
      if (former.successor != 0) {
        draft_.add(ReplacementRecord{Digits(former.id), Digits(former.successor)});
      }
    }
  }

  void read_maps() {
    static constexpr std::string_view kColumns[] = {"refsetId", "referencedComponentId",
                                                    "mapTarget"};
    std::string external;
    read_rows(Rf2Table::kExtendedMap, kColumns, [&](const Rf2File&, const Rf2Lines& row) {
      if (!row.active()) return report_.leave_out("inactive map");
      const auto* map = std::find_if(std::begin(kMaps), std::end(kMaps), [&](const MapRefset& one) {
        return one.refset == row.field(0);
      });
      if (map == std::end(kMaps)) return report_.leave_out("map of another kind");
      const auto target = trimmed(row.field(2));
      if (target.empty()) return report_.leave_out("map without a target");
      if (!id_in(row, 1)) return;
      draft_.add(XrefRecord{row.field(1), external.assign(map->prefix).append(target)});
    });
  }

  Rf2Options options_;
  Rf2Choice choice_;
  KbDraft& draft_;
  SourceReport& report_;
  const Progress& progress_;
  std::string_view prefix_;
  std::string source_, scratch_;

  bool extension_ = true;  // has no concepts of the International module
  IdMap ids_;              // of concepts_
  std::vector<Concept> concepts_;
  Rf2Dialects dialects_;
  std::vector<Language> languages_;
  std::size_t last_language_ = 0;
  std::vector<Held> held_;
  std::string texts_;
};

}  // namespace

void read_rf2(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
              const Progress& progress) {
  Rf2Reader(spec, draft, report, progress).read();
}

}  // namespace enlace
