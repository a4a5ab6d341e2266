#include "train/train_data.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "base/random.h"
#include "pairs/term_reader.h"

namespace enlace {
namespace {

constexpr std::size_t kPairsOfMention = 4;

/// Up to `most` of `texts`, which it shuffles.
std::span<const std::string_view> draw(std::vector<std::string_view>& texts, std::size_t most,
                                       Random& random) {
  const std::size_t count = std::min(most, texts.size());
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(texts[i], texts[i + random.below(texts.size() - i)]);
  }
  return {texts.data(), count};
}

/// The one code that a mention is annotated with, and the concept it names or leads to.
struct MentionConcept {
  std::string_view code;  // the concept's own, if it is known
  std::optional<ConceptId> id;
};

std::optional<MentionConcept> concept_of(const KnowledgeBase& kb, const GoldMention& mention) {
  const auto codes = alternatives_of(mention.code);
  if (codes.size() != 1) return std::nullopt;
  auto id = kb.find(codes.front());
  if (!id) id = kb.find_former(codes.front());
  return MentionConcept{id ? kb.code(*id) : codes.front(), id};
}

}  // namespace

void add_kb_pairs(const KnowledgeBase& kb, const PairRecipe& recipe, const PairRun& run,
                  PairSet& set, const Progress& progress) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> kinds;  // by languages
  const auto take = [&](std::span<const TrainingPair> pairs) {
    for (const TrainingPair& pair : pairs) {
      const auto languages = std::minmax(pair.x_language, pair.y_language);
      auto kind = kinds.find(languages);
      if (kind == kinds.end()) kind = kinds.emplace(languages, set.new_kind()).first;
      set.add(kb.code(pair.concept_id), kind->second, pair.x, pair.y);
    }
  };
  make_pairs(kb, recipe, run, take, progress);
}

void mark_kb_names(const KnowledgeBase& kb, const PairRecipe& recipe, std::vector<bool>& names) {
  const TermReader reader(kb, recipe);
  names.resize(kb.name_count());
  for (NameId id = 0; id < kb.name_count(); ++id) {
    if (reader.takes(id)) names[id] = true;
  }
}

std::size_t add_mention_pairs(const KnowledgeBase& kb, std::span<const GoldMention> mentions,
                              std::uint64_t seed, PairSet& set) {
  const std::uint32_t kind = set.new_kind();
  std::map<std::string_view, std::set<std::string_view>> texts_of;  // by code
  for (const GoldMention& mention : mentions) {
    if (const auto meant = concept_of(kb, mention)) texts_of[meant->code].insert(mention.text);
  }
  Random random(seed);
  std::size_t used = 0;
  for (const GoldMention& mention : mentions) {
    const auto meant = concept_of(kb, mention);
    if (!meant) continue;
    std::vector<std::string_view> partners;
    if (meant->id) {
      for (const NameId id : kb.names_of(*meant->id)) partners.push_back(kb.name(id).text);
    } else {
      const auto& texts = texts_of[meant->code];
      partners.assign(texts.begin(), texts.end());
      std::erase(partners, mention.text);
    }
    for (const std::string_view partner : draw(partners, kPairsOfMention, random)) {
      set.add(meant->code, kind, mention.text, partner);
    }
    used += partners.empty() ? 0 : 1;
  }
  return used;
}

void mark_mention_names(const KnowledgeBase& kb, std::span<const GoldMention> mentions,
                        std::vector<bool>& names) {
  names.resize(kb.name_count());
  for (const GoldMention& mention : mentions) {
    const auto meant = concept_of(kb, mention);
    if (!meant || !meant->id) continue;
    for (const NameId id : kb.names_of(*meant->id)) names[id] = true;
  }
}

}  // namespace enlace
