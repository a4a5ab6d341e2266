#include "kb/knowledge_base.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"
#include "io/crc32c.h"
#include "io/section_format.h"
#include "kb/concepts_writer.h"
#include "kb/draft.h"
#include "kb/scratch.h"

namespace enlace {
namespace {

using testing_kb::content_of;
using testing_kb::scratch;
using testing_kb::written;

/// A small lung world: B and C below A, D below both; three languages, two sources.
KbDraft lungs() {
  KbDraft draft;
  std::vector<SourceReport> reports(2);
  draft.begin_source();
  const auto name = [&](std::string_view code, std::string_view text, std::string_view language,
                        Scope scope, std::size_t source) {
    draft.add(NameRecord{code, text, language, source == 0 ? "ONE" : "TWO", scope},
              reports[source]);
  };
  name("A", "lung disease", "en", Scope::kPreferred, 0);
  name("B", "pneumonia", "en", Scope::kPreferred, 0);
  name("B", "lung inflammation", "en", Scope::kRelated, 0);
  name("C", "asthma", "en", Scope::kPreferred, 0);
  name("D", "asthmatic pneumonia", "en", Scope::kPreferred, 0);
  draft.add(TypeRecord{"B", "finding"});
  draft.add(TypeRecord{"B", "disease"});
  draft.add(TypeRecord{"A", "disease"});
  draft.add(TypeRecord{"nobody", "ghost"});
  draft.add(RelationRecord{"B", "A"});
  draft.add(RelationRecord{"C", "A"});
  draft.add(RelationRecord{"D", "B"});
  draft.add(RelationRecord{"D", "C"});
  draft.add(XrefRecord{"B", "UMLS:C2"});
  draft.add(XrefRecord{"B", "MSH:D1"});
  draft.begin_source();
  name("B", "neumonía", "es", Scope::kPreferred, 1);
  name("C", "asthma", "pt-BR", Scope::kExact, 1);
  name("B", "pneumonia", "en", Scope::kExact, 1);  // known
  draft.settle(reports);
  return draft;
}

std::string stored() {
  const auto path = scratch("concepts.enlace");
  write_concepts(lungs(), path);
  return content_of(path);
}

TEST(KnowledgeBase, ReadsBackWhatWasWritten) {
  const auto path = scratch("concepts.enlace");
  const std::uint64_t fingerprint = write_concepts(lungs(), path);
  const KnowledgeBase kb = KnowledgeBase::open(path);
  EXPECT_EQ(kb.fingerprint(), fingerprint);
  EXPECT_EQ(kb.concept_count(), 4U);
  EXPECT_EQ(kb.name_count(), 7U);
  EXPECT_EQ(kb.text_count(), 6U);  // "asthma" twice
  EXPECT_EQ(kb.code(3), "D");
  EXPECT_EQ(kb.find("C"), 2U);
  EXPECT_EQ(kb.find("nobody"), std::nullopt);
  EXPECT_EQ(kb.find(""), std::nullopt);
  kb.verify();
}

TEST(KnowledgeBase, PutsPreferredNamesFirstThenLanguagesThenTexts) {
  const auto path = scratch("concepts.enlace");
  write_concepts(lungs(), path);
  const KnowledgeBase kb = KnowledgeBase::open(path);
  std::vector<std::string> names;
  for (const NameId id : kb.names_of(1)) {
    const Name name = kb.name(id);
    EXPECT_EQ(name.concept_id, 1U);
    EXPECT_EQ(kb.text(name.text_id), name.text);
    names.push_back(std::string(name.text) + "@" + std::string(name.language) + " " +
                    std::string(name.source) + " " + std::string(to_string(name.scope)));
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"pneumonia@en ONE preferred", "neumonía@es TWO preferred",
                                      "lung inflammation@en ONE related"}));
  EXPECT_EQ(kb.name(kb.preferred_name(1, "es")).text, "neumonía");
  EXPECT_EQ(kb.name(kb.preferred_name(1, "fr")).text, "pneumonia");
  EXPECT_EQ(kb.name(kb.preferred_name(1)).text, "pneumonia");
  EXPECT_EQ(kb.name(kb.preferred_name(2, "pt")).language, "pt-BR");
}

TEST(KnowledgeBase, NumbersDistinctTextsInByteOrder) {
  const auto path = scratch("concepts.enlace");
  write_concepts(lungs(), path);
  const KnowledgeBase kb = KnowledgeBase::open(path);
  for (TextId id = 1; id < kb.text_count(); ++id) EXPECT_LT(kb.text(id - 1), kb.text(id));
  const auto asthma = kb.find_text("asthma");
  ASSERT_TRUE(asthma);
  EXPECT_EQ(kb.names_with_text(*asthma).size(), 2U);
  for (const NameId id : kb.names_with_text(*asthma)) EXPECT_EQ(kb.name(id).text, "asthma");
  EXPECT_EQ(kb.find_text("Asthma"), std::nullopt);
}

TEST(KnowledgeBase, KnowsRelationsFromBothSides) {
  const auto path = scratch("concepts.enlace");
  write_concepts(lungs(), path);
  const KnowledgeBase kb = KnowledgeBase::open(path);
  EXPECT_EQ(std::vector<ConceptId>(kb.parents_of(3).begin(), kb.parents_of(3).end()),
            (std::vector<ConceptId>{1, 2}));
  EXPECT_EQ(std::vector<ConceptId>(kb.children_of(0).begin(), kb.children_of(0).end()),
            (std::vector<ConceptId>{1, 2}));
  EXPECT_TRUE(kb.parents_of(0).empty());
  EXPECT_EQ(kb.descendants(0), (std::vector<ConceptId>{0, 1, 2, 3}));
  EXPECT_EQ(kb.descendants(2), (std::vector<ConceptId>{2, 3}));
  EXPECT_EQ(kb.descendants(3), (std::vector<ConceptId>{3}));
  for (ConceptId ancestor = 0; ancestor < 4; ++ancestor) {
    const auto below = kb.descendants(ancestor);
    for (ConceptId c = 0; c < 4; ++c) {
      EXPECT_EQ(kb.is_at_or_below(c, ancestor), std::count(below.begin(), below.end(), c) == 1);
    }
  }
}

TEST(KnowledgeBase, CountsLanguagesSourcesAndTypes) {
  const auto path = scratch("concepts.enlace");
  write_concepts(lungs(), path);
  const KnowledgeBase kb = KnowledgeBase::open(path);
  const auto shown = [](const ValueTable& table) {
    std::string text;
    for (std::uint32_t i = 0; i < table.values.size(); ++i) {
      text += fmt::format("{}:{}/{} ", table.values[i], table.tallies[i].names,
                          table.tallies[i].concepts);
    }
    return text;
  };
  EXPECT_EQ(shown(kb.languages()), "en:5/4 es:1/1 pt-BR:1/1 ");
  EXPECT_EQ(shown(kb.sources()), "ONE:5/4 TWO:2/2 ");
  EXPECT_EQ(shown(kb.types()), "disease:4/2 finding:3/1 ");
  EXPECT_EQ(kb.types_of(1).size(), 2U);
  ASSERT_EQ(kb.xrefs_of(1).size(), 2U);
  EXPECT_EQ(kb.xref(kb.xrefs_of(1)[0]), "MSH:D1");
  EXPECT_TRUE(kb.xrefs_of(2).empty());
}

TEST(KnowledgeBase, IsTheSameBytesForTheSameInput) {
  EXPECT_EQ(stored(), stored());
}

TEST(KnowledgeBase, RefusesADraftThatIsNotSettledOrEmpty) {
  KbDraft draft;
  EXPECT_THROW(write_concepts(draft, scratch("a")), Error);
  draft.settle({});
  EXPECT_THROW(write_concepts(draft, scratch("b")), Error);
}

TEST(KnowledgeBase, RefusesEveryTruncation) {
  const std::string bytes = stored();
  for (std::size_t size = 0; size < bytes.size(); size += 64) {
    EXPECT_THROW(KnowledgeBase::open(written("cut", bytes.substr(0, size))), Error) << size;
  }
}

/// A copy of an entry of the section table.
section_format::Entry entry_of(const std::string& bytes, std::size_t index) {
  section_format::Entry entry;
  std::memcpy(&entry, bytes.data() + sizeof(section_format::Header) + index * sizeof entry,
              sizeof entry);
  return entry;
}

std::size_t section_count(const std::string& bytes) {
  std::uint32_t count = 0;
  std::memcpy(&count, bytes.data() + offsetof(section_format::Header, sections), sizeof count);
  return count;
}

/// Uses everything a knowledge base has; only the sanitizers judge.
std::size_t read_all(const KnowledgeBase& kb) {
  std::size_t sum = 0;
  for (ConceptId c = 0; c < kb.concept_count(); ++c) {
    sum += kb.code(c).size() + kb.descendants(c).size() + kb.preferred_name(c, "es");
    for (const NameId id : kb.names_of(c)) sum += kb.name(id).text.size() + kb.name(id).concept_id;
    for (const std::uint32_t id : kb.types_of(c)) sum += kb.types().values[id].size();
    for (const std::uint32_t id : kb.xrefs_of(c)) sum += kb.xref(id).size();
    for (const ConceptId parent : kb.parents_of(c)) sum += kb.code(parent).size();
  }
  for (TextId t = 0; t < kb.text_count(); ++t) sum += kb.names_with_text(t).size();
  return sum;
}

TEST(KnowledgeBase, RefusesAFlippedByteWhenItIsReadAndByVerify) {
  const std::string good = stored();
  for (std::size_t i = 0; i < section_count(good); ++i) {
    const auto entry = entry_of(good, i);
    for (std::uint64_t at = entry.offset; at < entry.offset + entry.size; ++at) {
      std::string bad = good;
      bad[at] = char(bad[at] ^ 1);
      const auto path = written("flipped", bad);
      EXPECT_THROW(KnowledgeBase::open(path).verify(), Error) << entry.name.data() << " @" << at;
      EXPECT_THROW(read_all(KnowledgeBase::open(path)), Error) << entry.name.data() << " @" << at;
    }
  }
}

/// Makes all checksums right again, as an attacker would.
void reseal(std::string& bytes) {
  const auto crc_of = [&](std::size_t at, std::size_t size) {
    return crc32c(std::as_bytes(std::span(bytes)).subspan(at, size));
  };
  const auto store = [&](std::size_t at, std::uint32_t crc) {
    std::memcpy(bytes.data() + at, &crc, sizeof crc);
  };
  const std::size_t header = sizeof(section_format::Header);
  const auto pages = entry_of(bytes, section_count(bytes) - 1);
  constexpr std::size_t kPage = PageProofs::kPageBytes;
  for (std::size_t page = 0; page < pages.size / 4; ++page) {
    const std::size_t begin = section_format::kPayload + page * kPage;
    store(pages.offset + page * 4, crc_of(begin, std::min(kPage, pages.offset - begin)));
  }
  for (std::size_t i = 0; i < section_count(bytes); ++i) {
    const auto entry = entry_of(bytes, i);
    store(header + i * sizeof entry + offsetof(section_format::Entry, crc),
          crc_of(entry.offset, section_format::round_up(entry.size)));
  }
  store(offsetof(section_format::Header, table_crc),
        crc_of(header, section_count(bytes) * sizeof(section_format::Entry)));
  store(offsetof(section_format::Header, header_crc),
        crc_of(0, offsetof(section_format::Header, header_crc)));
}

TEST(KnowledgeBase, SurvivesHostileValuesUnderRightChecksums) {
  const std::string good = stored();
  std::size_t refused = 0;
  for (std::size_t i = 0; i + 1 < section_count(good); ++i) {
    const auto entry = entry_of(good, i);
    for (std::uint64_t at = entry.offset; at + 4 <= entry.offset + entry.size; at += 4) {
      for (const std::uint32_t value : {0U, 1U, 5U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
        std::string bad = good;
        std::memcpy(bad.data() + at, &value, sizeof value);
        reseal(bad);
        try {
          read_all(KnowledgeBase::open(written("hostile", bad)));
        } catch (const Error& error) {
          ++refused;
          EXPECT_EQ(error.kind(), ErrorKind::kCorrupt);
        }
      }
    }
  }
  EXPECT_GT(refused, 300U);
}

TEST(KnowledgeBase, KnowsOriginsFormerCodesAndDefinitions) {
  KbDraft draft;
  std::vector<SourceReport> reports(1);
  draft.begin_source({.licence = "CC-BY-4.0", .prefix = ""});
  draft.add(NameRecord{"A", "fever", "en", "ONE", Scope::kPreferred, "PT", "CC0-1.0"}, reports[0]);
  draft.add(NameRecord{"A", "pyrexia", "en", "ONE", Scope::kExact, "SY"}, reports[0]);
  draft.add(NameRecord{"B", "cough", "en", "TWO", Scope::kExact}, reports[0]);
  draft.add(DefinitionRecord{"B", "a reflex", "en"});
  draft.add(ReplacementRecord{"old", "B"});
  draft.add(EquivalenceRecord{"A", "UMLS:C1"});
  draft.settle(reports);
  const auto path = scratch("concepts.enlace");
  write_concepts(draft, path);
  const KnowledgeBase kb = KnowledgeBase::open(path);
  EXPECT_EQ(kb.name(0).term_type, "PT");
  EXPECT_EQ(kb.name(0).licence, "CC0-1.0");
  EXPECT_EQ(kb.name(1).term_type, "SY");
  EXPECT_EQ(kb.name(1).licence, "CC-BY-4.0");
  EXPECT_EQ(kb.licences().values.size(), 2U);
  EXPECT_EQ(kb.find_former("old"), 1U);
  EXPECT_EQ(kb.find_former("UMLS:C1"), 0U);
  EXPECT_EQ(kb.find_former("B"), std::nullopt);
  EXPECT_EQ(kb.definition(0), "");
  EXPECT_EQ(kb.definition(1), "a reflex");
  EXPECT_EQ(kb.definition_count(), 1U);
  kb.verify();
}

TEST(KnowledgeBase, FindsTheConceptOfEveryNameAmongMany) {
  KbDraft draft;
  std::vector<SourceReport> reports(1);
  draft.begin_source();
  for (std::size_t c = 0; c < 700; ++c) {
    for (std::size_t n = 0; n <= c % 150; ++n) {
      draft.add(NameRecord{fmt::format("{:04}", c), fmt::format("name {} of {}", n, c), "en", "S"},
                reports[0]);
    }
  }
  draft.settle(reports);
  const auto path = scratch("concepts.enlace");
  write_concepts(draft, path);
  const KnowledgeBase kb = KnowledgeBase::open(path);
  for (ConceptId c = 0; c < kb.concept_count(); ++c) {
    EXPECT_EQ(kb.names_of(c).size(), c % 150 + 1);
    for (const NameId id : kb.names_of(c)) ASSERT_EQ(kb.concept_of(id), c);
  }
  kb.verify();
}

TEST(KnowledgeBase, WalksAHierarchyThatHasNoLabels) {
  KbDraft draft;
  std::vector<SourceReport> reports(1);
  draft.begin_source();
  constexpr std::uint32_t kCount = 60;
  const auto code = [](std::uint32_t c) { return fmt::format("{:02}", c); };
  for (std::uint32_t c = 0; c < kCount; ++c) {
    draft.add(NameRecord{code(c), "name " + code(c), "en", "S"}, reports[0]);
    for (std::uint32_t parent = 0; parent < c; ++parent) {
      if (c * 7 % (parent + 2) < 2) draft.add(RelationRecord{code(c), code(parent)});
    }
  }
  draft.settle(reports);
  const auto labelled = scratch("labelled.enlace");
  write_concepts(draft, labelled);
  const KnowledgeBase with = KnowledgeBase::open(labelled);
  const auto bare = scratch("bare.enlace");
  write_concepts(draft, bare, 0);
  const KnowledgeBase without = KnowledgeBase::open(bare);
  EXPECT_GT(with.file().array<std::uint32_t>("order").size(), 0U);
  ASSERT_EQ(without.file().array<std::uint32_t>("order").size(), 0U);
  without.verify();
  for (ConceptId c = 0; c < kCount; ++c) {
    EXPECT_EQ(without.descendants(c), with.descendants(c));
    for (ConceptId ancestor = 0; ancestor < kCount; ++ancestor) {
      ASSERT_EQ(without.is_at_or_below(c, ancestor), with.is_at_or_below(c, ancestor));
    }
  }
}

TEST(KnowledgeBase, SaysWhichFileIsMissing) {
  try {
    KnowledgeBase::open("/no/such.enlace");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kNotFound);
  }
}

}  // namespace
}  // namespace enlace
