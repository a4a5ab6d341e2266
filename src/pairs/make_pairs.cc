#include "pairs/make_pairs.h"

#include <deque>
#include <numeric>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/parallel.h"

namespace enlace {
namespace {

constexpr std::uint32_t kConceptsAtOnce = 512;  // by one worker
constexpr std::size_t kBlocksAtOnce = 32;       // by all of them, before the sink gets its turn

/// The pairs of some consecutive concepts, and their strings, which do not move.
struct Block {
  std::deque<std::string> strings;
  std::vector<TrainingPair> pairs;
  PairTally tally;
};

/// Begins anew for every concept; see make_pairs. "v1" changes when the same seed is to give other
/// pairs.
Random random_for(std::uint64_t seed, std::string_view code) {
  std::string bytes = "pairs/v1";
  for (int shift = 0; shift < 64; shift += 8) bytes.push_back(char(seed >> shift & 0xFF));
  return Random(hash_bytes(bytes.append(code)));
}

void append(ConceptId concept_id, ConceptPairs& drawn, Block& block) {
  std::vector<const std::string*> kept(drawn.terms.size());
  const auto keep = [&](std::uint32_t place) -> std::string_view {
    if (kept[place] == nullptr) {
      kept[place] = &block.strings.emplace_back(std::move(drawn.terms[place].text));
    }
    return *kept[place];
  };
  for (const TermPair& pair : drawn.pairs) {
    block.pairs.push_back({concept_id, pair.relation, drawn.terms[pair.x].language_id,
                           drawn.terms[pair.y].language_id, keep(pair.x), keep(pair.y)});
    ++block.tally.pairs[std::size_t(pair.relation)];
  }
  if (!drawn.pairs.empty()) ++block.tally.concepts;
}

void check(const PairRecipe& recipe) {
  if (recipe.sampling == PairSampling::kMixed) {
    if (recipe.cap == 0) {
      throw Error(ErrorKind::kInvalidArgument, "recipe: expected a cap above 0, found 0");
    }
    return;
  }
  if (recipe.parent_weight == 0 && recipe.grandparent_weight == 0) {
    throw Error(ErrorKind::kInvalidArgument, "recipe: expected a weight above 0, found 0 and 0");
  }
  if (recipe.cross_lingual && !(*recipe.cross_lingual >= 0 && *recipe.cross_lingual <= 1)) {
    throw Error(ErrorKind::kInvalidArgument, "recipe: expected a probability, found {}",
                *recipe.cross_lingual);
  }
}

}  // namespace

std::uint64_t PairTally::pair_count() const noexcept {
  return std::accumulate(pairs.begin(), pairs.end(), std::uint64_t(0));
}

PairTally& PairTally::operator+=(const PairTally& other) noexcept {
  concepts += other.concepts;
  named_concepts += other.named_concepts;
  bad_codes += other.bad_codes;
  names += other.names;
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] += other.pairs[i];
  return *this;
}

PairTally make_pairs(const KnowledgeBase& kb, const PairRecipe& recipe, const PairRun& run,
                     const PairSink& sink, const Progress& progress) {
  check(recipe);
  require_known(recipe.names, {&kb});
  const TermReader reader(kb, recipe);
  const auto draw = recipe.sampling == PairSampling::kMixed ? draw_mixed : draw_by_quotas;
  std::vector<ConceptPairs> workspaces(std::max<std::size_t>(run.workers, 1));
  const auto fill = [&](Block& block, ConceptPairs& workspace, ConceptId first, ConceptId last) {
    for (ConceptId id = first; id < last; ++id) {
      if (!is_writable_field(kb.code(id))) {
        ++block.tally.bad_codes;
        continue;
      }
      Random random = random_for(run.seed, kb.code(id));
      const std::uint64_t names = block.tally.names.taken;
      draw(kb, recipe, reader, id, random, block.tally.names, workspace);
      if (block.tally.names.taken > names) ++block.tally.named_concepts;
      append(id, workspace, block);
    }
  };

  PairTally tally;
  const std::uint64_t count = kb.concept_count();
  for (std::uint64_t first = 0; first < count;) {
    progress.tell("pairing", first, count);
    const std::uint64_t last =
        std::min<std::uint64_t>(count, first + kConceptsAtOnce * kBlocksAtOnce);
    std::vector<Block> blocks((last - first + kConceptsAtOnce - 1) / kConceptsAtOnce);
    parallel_for(run.workers, blocks.size(), [&](std::size_t worker, std::size_t item) {
      const std::uint64_t begin = first + item * kConceptsAtOnce;
      fill(blocks[item], workspaces[worker], ConceptId(begin),
           ConceptId(std::min<std::uint64_t>(last, begin + kConceptsAtOnce)));
    });
    for (const Block& block : blocks) {
      if (!block.pairs.empty()) sink(block.pairs);
      tally += block.tally;
    }
    first = last;
  }
  progress.tell("pairing", count, count);
  return tally;
}

}  // namespace enlace
