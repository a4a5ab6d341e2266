#include "train/train_data.h"

#include <algorithm>
#include <map>
#include <vector>

#include "base/random.h"

namespace enlace {
namespace {

constexpr std::size_t kNamesOfMention = 4;

}  // namespace

std::uint32_t add_kb_pairs(const KnowledgeBase& kb, const PairRecipe& recipe, const PairRun& run,
                           std::uint32_t first_kind, PairSet& set, const Progress& progress) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> kinds;  // by languages
  const auto take = [&](std::span<const TrainingPair> pairs) {
    for (const TrainingPair& pair : pairs) {
      const auto languages = std::minmax(pair.x_language, pair.y_language);
      const auto next = first_kind + static_cast<std::uint32_t>(kinds.size());
      const std::uint32_t kind = kinds.try_emplace(languages, next).first->second;
      set.add(kb.code(pair.concept_id), kind, pair.x, pair.y);
    }
  };
  make_pairs(kb, recipe, run, take, progress);
  return first_kind + static_cast<std::uint32_t>(kinds.size());
}

std::size_t add_mention_pairs(const KnowledgeBase& kb, std::span<const GoldMention> mentions,
                              std::uint64_t seed, std::uint32_t kind, PairSet& set) {
  Random random(seed);
  std::size_t used = 0;
  for (const GoldMention& mention : mentions) {
    const auto codes = alternatives_of(mention.code);
    const auto found = codes.size() == 1 ? kb.find(codes.front()) : std::nullopt;
    if (!found) continue;
    const IdRange names = kb.names_of(*found);
    std::vector<NameId> ids;
    for (const NameId id : names) ids.push_back(id);
    for (std::size_t i = 0; i < std::min(kNamesOfMention, ids.size()); ++i) {
      std::swap(ids[i], ids[i + random.below(ids.size() - i)]);
      set.add(codes.front(), kind, mention.text, kb.name(ids[i]).text);
    }
    ++used;
  }
  return used;
}

}  // namespace enlace
