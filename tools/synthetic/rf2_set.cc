#include "rf2_set.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/hash.h"
#include "concept_sources.h"
#include "output.h"
#include "sctid.h"

namespace enlace::synthetic {
namespace {

constexpr std::string_view kSnapshot = "20230731", kDelta = "20230831";
constexpr std::string_view kModule = "900000000000207008", kFsn = "900000000000003001",
                           kSynonym = "900000000000013009", kDefinition = "900000000000550004",
                           kPreferred = "900000000000548007", kAcceptable = "900000000000549004",
                           kIsA = "116680003", kInferred = "900000000000011006",
                           kSome = "900000000000451002", kAnyCase = "900000000000448009",
                           kPrimitive = "900000000000074008", kDefined = "900000000000073002",
                           kUs = "900000000000509007", kGb = "900000000000508004",
                           kEs = "448879004";
constexpr std::uint64_t kRoot = 138875005;
constexpr std::uint64_t kAttributes = 90000000;  // numbers of the concepts that name relations
constexpr std::uint64_t kAttributeCount = 12;

struct Concept {
  std::uint64_t number, id;
  Meaning meaning;
  bool active;
};

/// The files of one release.
class Release {
 public:
  Release(const std::filesystem::path& folder, std::string_view title, std::string_view type,
          std::string_view language, std::string_view date, std::string_view extension)
      : date_(date),
        folder_(folder / title / type),
        type_(type),
        extension_(extension),
        concepts_(open("Terminology/sct2_Concept_", "")),
        descriptions_(open("Terminology/sct2_Description_", language)),
        definitions_(open("Terminology/sct2_TextDefinition_", language)),
        relationships_(open("Terminology/sct2_Relationship_", "")),
        languages_(open("Refset/Language/der2_cRefset_Language", language)),
        associations_(open("Refset/Content/der2_cRefset_Association", "")) {
    header(concepts_, {"definitionStatusId"});
    const auto description = {"conceptId", "languageCode", "typeId", "term", "caseSignificanceId"};
    header(descriptions_, description);
    header(definitions_, description);
    header(relationships_, {"sourceId", "destinationId", "relationshipGroup", "typeId",
                            "characteristicTypeId", "modifierId"});
    header(languages_, {"refsetId", "referencedComponentId", "acceptabilityId"});
    header(associations_, {"refsetId", "referencedComponentId", "targetComponentId"});
  }

  void add_concept(std::uint64_t id, bool active, bool defined) {
    begin(concepts_, id, active);
    concepts_ << (defined ? kDefined : kPrimitive);
    concepts_.end_row();
  }
  void add_description(std::uint64_t id, std::uint64_t owner, bool active,
                       std::string_view language, std::string_view type, std::string_view term) {
    Table& table = type == kDefinition ? definitions_ : descriptions_;
    begin(table, id, active);
    table << owner << language << type << term << kAnyCase;
    table.end_row();
  }
  void add_relationship(std::uint64_t id, bool active, std::uint64_t source,
                        std::uint64_t destination, std::uint64_t group, std::uint64_t type) {
    begin(relationships_, id, active);
    relationships_ << source << destination << group;
    if (type == 0) {
      relationships_ << kIsA;
    } else {
      relationships_ << type;
    }
    relationships_ << kInferred << kSome;
    relationships_.end_row();
  }
  void add_language(std::string_view refset, std::uint64_t description, bool preferred) {
    begin_member(languages_, mix(description, hash_bytes(refset)));
    languages_ << refset << description << (preferred ? kPreferred : kAcceptable);
    languages_.end_row();
  }
  void add_association(std::string_view refset, std::uint64_t from, std::uint64_t to) {
    begin_member(associations_, mix(from, to));
    associations_ << refset << from << to;
    associations_.end_row();
  }

  void close() {
    for (Table* table : {&concepts_, &descriptions_, &definitions_, &relationships_, &languages_,
                         &associations_}) {
      table->close();
    }
  }

 private:
  Table open(std::string_view name, std::string_view language) const {
    std::string file(name);
    file += extension_;
    file += type_;
    if (!language.empty()) file += "-" + std::string(language);
    file += "_INT_" + std::string(date_) + ".txt";
    const auto path = folder_ / file;
    std::filesystem::create_directories(path.parent_path());
    return Table(path, Table::Format::kRf2);
  }
  static void header(Table& table, std::initializer_list<const char*> columns) {
    table << "id"
          << "effectiveTime"
          << "active"
          << "moduleId";
    for (const char* column : columns) table << column;
    table.end_row();
  }
  void begin(Table& table, std::uint64_t id, bool active) {
    table << id << date(id) << (active ? "1" : "0") << kModule;
  }
  void begin_member(Table& table, std::uint64_t hash) {
    const std::uint64_t second = mix(hash, 7);
    table << fmt::format("{:08x}-{:04x}-5{:03x}-8{:03x}-{:012x}", std::uint32_t(hash),
                         std::uint16_t(hash >> 32), hash >> 52, second & 0xFFF, second >> 16);
    table << date(hash) << "1" << kModule;
  }
  /// Only some rows of a snapshot are of its own day.
  std::string_view date(std::uint64_t id) const {
    return type_ == "Delta" || id % 8 == 0 ? date_ : id % 2 == 0 ? "20020131" : "20170731";
  }

  std::string_view date_;
  std::filesystem::path folder_;
  std::string_view type_, extension_;
  Table concepts_, descriptions_, definitions_, relationships_, languages_, associations_;
};

std::vector<Concept> snomed_concepts(const Rf2Options& options) {
  std::vector<Concept> concepts;
  const auto count = std::uint64_t(3300000 * options.scale);
  for (std::uint64_t number = 0; number < count; ++number) {
    const Meaning meaning = describe(options.seed, number);
    if (!has(sources_of(meaning), kSnomed)) continue;
    concepts.push_back(
        {number, sctid(number, Partition::kConcept), meaning, !retired_in_snomed(meaning)});
  }
  return concepts;
}

class Rf2Set {
 public:
  Rf2Set(const std::filesystem::path& folder, const Rf2Options& options)
      : folder_(folder), options_(options), concepts_(snomed_concepts(options)) {}

  void write() {
    Release release(folder_, "SnomedCT_InternationalRF2_PRODUCTION_20230731", "Snapshot", "en",
                    kSnapshot, "");
    write_model(release);
    for (const Concept& entry : concepts_) {
      release.add_concept(entry.id, entry.active, entry.number % 3 == 0);
      write_descriptions(release, entry);
    }
    write_relationships(release);
    release.close();
    write_delta();
    if (options_.extension) write_extension();
  }

 private:
  std::uint64_t description_id() { return sctid(++description_count_, Partition::kDescription); }
  std::uint64_t relationship_id() { return sctid(++relationship_count_, Partition::kRelationship); }

  void add_english(Release& release, std::uint64_t owner, bool active, std::string_view type,
                   std::string_view term, bool us, bool gb) {
    const std::uint64_t id = description_id();
    release.add_description(id, owner, active, "en", type, term);
    if (!active) return;
    release.add_language(kUs, id, us);
    release.add_language(kGb, id, gb);
  }

  /// The root and the attributes.
  void write_model(Release& release) {
    release.add_concept(kRoot, true, false);
    add_english(release, kRoot, true, kFsn, "SNOMED CT Concept (SNOMED RT+CTV3)", true, true);
    add_english(release, kRoot, true, kSynonym, "SNOMED CT Concept", true, true);
    for (std::uint64_t i = 0; i < kAttributeCount; ++i) {
      const std::uint64_t id = sctid(kAttributes + i, Partition::kConcept);
      const std::string name = "Attribute of kind " + std::to_string(i);
      release.add_concept(id, true, false);
      add_english(release, id, true, kFsn, name + " (attribute)", true, true);
      add_english(release, id, true, kSynonym, name, true, true);
      release.add_relationship(relationship_id(), true, id, kRoot, 0, 0);
    }
  }

  void write_descriptions(Release& release, const Concept& entry) {
    Random random(mix(entry.meaning.salt, 5));
    std::string name;
    append_name(name, entry.meaning, english(), Style::kPlain);
    add_english(release, entry.id, true, kFsn,
                name + " (" + std::string(semantic_tag(entry.meaning.kind)) + ")", true, true);
    std::string british;
    append_name(british, entry.meaning, english(), Style::kBritish);
    add_english(release, entry.id, true, kSynonym, name, true, british == name);
    if (british != name) add_english(release, entry.id, true, kSynonym, british, false, true);
    while (random.below(100) < 52) {
      constexpr Style kStyles[] = {Style::kInverted, Style::kCommon, Style::kUnspecified,
                                   Style::kShort};
      std::string other;
      append_name(other, entry.meaning, english(), kStyles[random.below(4)]);
      add_english(release, entry.id, random.below(12) != 0, kSynonym, other, false, false);
    }
    if (random.below(60) == 0) {
      std::string text;
      append_definition(text, entry.meaning);
      add_english(release, entry.id, true, kDefinition, text, true, true);
    }
  }

  void write_relationships(Release& release) {
    std::vector<std::uint32_t> order;  // active ones, the general ones first
    for (std::uint32_t i = 0; i < concepts_.size(); ++i) {
      if (concepts_[i].active) order.push_back(i);
    }
    const auto rank = [&](std::uint32_t i) {
      return (concepts_[i].number + 1) * 0x9E3779B97F4A7C15U;
    };
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
    Random random(mix(options_.seed, 0x2F2));
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::uint64_t child = concepts_[order[i]].id;
      const std::size_t parents = 1 + random.below(3);
      for (std::size_t k = 0; k < parents; ++k) {
        const double share = double(random.next() >> 11) * 0x1p-53;
        const auto parent = std::size_t(share * share * double(i));
        release.add_relationship(relationship_id(), k == 0 || random.below(20) != 0, child,
                                 i < 20 ? kRoot : concepts_[order[parent]].id, 0, 0);
        if (i < 20) break;
      }
      const std::size_t attributes = 3 + random.below(5);
      for (std::size_t k = 0; k < attributes; ++k) {
        release.add_relationship(
            relationship_id(), random.below(10) != 0, child,
            concepts_[order[random.below(order.size())]].id, k / 2 + 1,
            sctid(kAttributes + random.below(kAttributeCount), Partition::kConcept));
      }
    }
    constexpr std::string_view kAssociations[] = {"900000000000527005", "900000000000526001",
                                                  "900000000000523009", "900000000000528000"};
    for (const Concept& entry : concepts_) {
      if (entry.active || order.empty() || random.below(10) == 0) continue;
      release.add_association(kAssociations[random.below(random.below(4) + 1)], entry.id,
                              concepts_[order[random.below(order.size())]].id);
    }
  }

  /// A thousandth of the concepts is retired, as many get a further name, as many are new.
  void write_delta() {
    Release release(folder_, "SnomedCT_InternationalRF2_PRODUCTION_20230831", "Delta", "en", kDelta,
                    "");
    for (std::size_t i = 0; i < concepts_.size(); i += 500) {
      const Concept& entry = concepts_[i];
      std::string name;
      if (i % 1000 == 0 && entry.active) {
        release.add_concept(entry.id, false, false);
      } else {
        append_name(name, entry.meaning, english(), Style::kUpper);
        add_english(release, entry.id, true, kSynonym, name, false, false);
      }
      const std::uint64_t fresh = kAttributes / 2 + i;
      const std::uint64_t id = sctid(fresh, Partition::kConcept);
      const Meaning meaning = describe(options_.seed, fresh);
      name.clear();
      append_name(name, meaning, english(), Style::kPlain);
      release.add_concept(id, true, false);
      add_english(release, id, true, kFsn,
                  name + " (" + std::string(semantic_tag(meaning.kind)) + ")", true, true);
      add_english(release, id, true, kSynonym, name, true, true);
      release.add_relationship(relationship_id(), true, id, entry.active ? entry.id : kRoot, 0, 0);
    }
    release.close();
  }

  void write_extension() {
    Release release(folder_, "SnomedCT_SpanishRelease-es_PRODUCTION_20230731", "Snapshot", "es",
                    kSnapshot, "SpanishExtension");
    for (const Concept& entry : concepts_) {
      Random random(mix(entry.meaning.salt, 6));
      const std::size_t count = 2 + random.below(3);
      for (std::size_t k = 0; k < count; ++k) {
        constexpr Style kStyles[] = {Style::kPlain, Style::kPlain, Style::kCommon,
                                     Style::kInverted};
        std::string name;
        append_name(name, entry.meaning, spanish(), kStyles[k]);
        if (k == 0) name += " (" + std::string(semantic_tag(entry.meaning.kind)) + ")";
        const std::uint64_t id = sctid(++description_count_, Partition::kExtensionDescription);
        const bool active = k < 2 || random.below(15) != 0;
        release.add_description(id, entry.id, active, "es", k == 0 ? kFsn : kSynonym, name);
        if (active) release.add_language(kEs, id, k < 2);
      }
    }
    release.close();
  }

  std::filesystem::path folder_;
  const Rf2Options& options_;
  std::vector<Concept> concepts_;
  std::uint64_t description_count_ = 0, relationship_count_ = 0;
};

}  // namespace

void write_rf2(const std::filesystem::path& folder, const Rf2Options& options) {
  Rf2Set(folder, options).write();
}

}  // namespace enlace::synthetic
