#include "pairs/negative_mask.h"

#include <set>

#include "base/random.h"
#include "pairs/pairs_fixture.h"

namespace enlace {
namespace {

using testing_pairs::kb_of;

std::vector<ConceptId> of(std::span<const ConceptId> ids) {
  return {ids.begin(), ids.end()};
}

TEST(StringConcepts, FindsEveryConceptOfAStringHoweverItIsSpelt) {
  const KnowledgeBase kb = kb_of({{"A", "Neumonía", "es", "S"},
                                  {"B", "NEUMONIA", "pt", "S"},
                                  {"A", "neumonía", "gl", "S"},
                                  {"C", "asma", "es", "S"}});
  const StringConcepts names(kb, 2);
  EXPECT_EQ(of(names.with_key(names.key_of(" neumonia "))), (std::vector<ConceptId>{0, 1}));
  EXPECT_EQ(of(names.with_key(names.key_of("Asma"))), std::vector<ConceptId>{2});
  EXPECT_TRUE(names.with_key(names.key_of("tos")).empty());
  EXPECT_EQ(names.ambiguous_count(), 1U);
}

/// The mask of two rows by its definition, with nothing but strings and walks.
class Definition {
 public:
  Definition(const KnowledgeBase& kb, std::uint32_t hops) : kb_(kb), hops_(hops) {}

  bool masked(const LabelledString& a, const LabelledString& b) const {
    if (form(a.text) == form(b.text)) return true;
    for (const ConceptId id : concepts(a)) {
      if (concepts(b).contains(id)) return true;
    }
    for (const std::string& name : forms_of(a.concept_id)) {
      if (forms_of(b.concept_id).contains(name)) return true;
    }
    return reaches(a.concept_id, b.concept_id, hops_) || reaches(b.concept_id, a.concept_id, hops_);
  }

 private:
  std::string form(std::string_view text) const {
    std::string out;
    normalizer_.normalize(text, out);
    return out;
  }
  std::set<ConceptId> concepts(const LabelledString& row) const {
    std::set<ConceptId> found = {row.concept_id};
    for (NameId id = 0; id < kb_.name_count(); ++id) {
      if (form(kb_.name(id).text) == form(row.text)) found.insert(kb_.name(id).concept_id);
    }
    return found;
  }
  std::set<std::string> forms_of(ConceptId concept_id) const {
    std::set<std::string> forms;
    for (const NameId name : kb_.names_of(concept_id)) forms.insert(form(kb_.name(name).text));
    return forms;
  }
  bool reaches(ConceptId from, ConceptId to, std::uint32_t hops) const {
    if (hops == 0) return false;
    for (const ConceptId parent : kb_.parents_of(from)) {
      if (parent == to || reaches(parent, to, hops - 1)) return true;
    }
    return false;
  }

  const KnowledgeBase& kb_;
  std::uint32_t hops_;
  Normalizer normalizer_ = Normalizer::plain();
};

TEST(NegativeMask, IsItsDefinitionOnRandomKnowledgeBases) {
  const char* const kStrings[] = {"tos",   "Tos",  "tós",   "asma",  "ASMA",  "fiebre", "gripe",
                                  "ictus", "rash", "edema", "ébola", "ebola", "dengue", "cólera"};
  std::size_t ones = 0, zeroes = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Random random(seed);
    std::vector<std::string> codes;
    for (int i = 0; i < 12; ++i) codes.push_back(fmt::format("C{:02}", i));
    std::vector<NameRecord> names;
    std::vector<RelationRecord> relations;
    for (std::size_t i = 0; i < codes.size(); ++i) {
      names.push_back({codes[i], codes[i], "en", "S"});
      names.push_back({codes[i], kStrings[random.below(std::size(kStrings))], "es", "S"});
      if (i > 0) relations.push_back({codes[i], codes[random.below(i)]});
    }
    const KnowledgeBase kb = kb_of(names, relations);
    const StringConcepts table(kb, 2);
    std::vector<LabelledString> rows;
    for (int i = 0; i < 14; ++i) {
      const auto name = kb.name(NameId(random.below(kb.name_count())));
      const bool foreign = random.below(3) == 0;  // as a parent's string under a child's label
      rows.push_back({random.below(8) == 0 ? "in no name" : name.text,
                      foreign ? ConceptId(random.below(kb.concept_count())) : name.concept_id});
    }
    for (std::uint32_t hops = 0; hops <= 3; ++hops) {
      const Definition definition(kb, hops);
      std::vector<std::uint8_t> mask(rows.size() * rows.size(), 7);
      fill_negative_mask(kb, table, rows, hops, mask);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = 0; j < rows.size(); ++j) {
          const std::uint8_t want = definition.masked(rows[i], rows[j]) ? 1 : 0;
          ASSERT_EQ(mask[i * rows.size() + j], want) << seed << ' ' << hops << ' ' << i << ' ' << j;
          ++(want == 1 ? ones : zeroes);
        }
      }
    }
  }
  EXPECT_GT(ones, 1000U);
  EXPECT_GT(zeroes, 1000U);
}

TEST(NegativeMask, TakesAnEmptyBatch) {
  const KnowledgeBase kb = kb_of({{"A", "tos", "es", "S"}});
  fill_negative_mask(kb, StringConcepts(kb, 1), {}, 2, {});
}

}  // namespace
}  // namespace enlace
