// The training pairs of one concept.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "pairs/term_reader.h"

namespace enlace {

/// How the strings of a pair stand to each other. Stored in files: the words never change.
enum class PairRelation : std::uint8_t {
  kSynonym,         // both are the concept's own
  kParent,          // the concept's and a parent's
  kGrandparent,     // the concept's and a grandparent's
  kAmongAncestors,  // neither is the concept's; only where sampling is mixed
};
inline constexpr std::size_t kPairRelationCount = 4;

/// "syn", "par", "gpa" or "anc".
std::string_view to_string(PairRelation relation) noexcept;

/// Two terms of one list, by their places.
struct TermPair {
  std::uint32_t x, y;
  PairRelation relation;
};

/// The terms of a concept and the pairs drawn among them; made anew for each concept, kept for its
/// memory.
struct ConceptPairs {
  std::vector<Term> terms;
  std::vector<TermPair> pairs;
};

/// At most recipe.cap pairs among the distinct strings of the concept and of its ancestors, which
/// are sorted by bytes: all of them, or so many at random, every choice as likely as any other.
/// A string of several owners belongs to the nearest. Nothing if the concept has no string itself.
///
/// The published notebooks shuffle all pairs and keep the first; so their counts are ours, their
/// choice is not. Their GP recipe takes grandparents from each path of MRHIER, this one the parents
/// of the parents: the same where the paths of every parent are listed too and sources do not mix.
void draw_mixed(const KnowledgeBase& kb, const PairRecipe& recipe, const TermReader& reader,
                ConceptId concept_id, Random& random, NameTally& tally, ConceptPairs& out);

/// Pairs among the concept's own strings, then pairs of one of them with a parent's, then with a
/// grandparent's; distinct all, and never of strings that are equal when normalised.
///
/// Own strings: distinct by key, at most max_names, the stronger scopes first, at random within
/// one. `synonym_pairs` are drawn among them. `ancestor_pairs` a hop are shared by depth as the
/// weights say and dealt to the ancestors of a depth in turns, in a random order; a string of an
/// ancestor counts for the first that has it, and not if it is the concept's own. What one class
/// cannot use passes to the others.
void draw_by_quotas(const KnowledgeBase& kb, const PairRecipe& recipe, const TermReader& reader,
                    ConceptId concept_id, Random& random, NameTally& tally, ConceptPairs& out);

}  // namespace enlace
