#include <algorithm>
#include <string>
#include <unordered_set>

#include "pairs/ancestors.h"
#include "pairs/concept_pairs.h"
#include "pairs/pair_space.h"

namespace enlace {
namespace {

/// The pairs that may be drawn, apart by whether their strings share a language; all of them in
/// `same` if nobody asks.
struct LanguageSpaces {
  PairSpace same, cross;
};

/// Ancestors of one depth, which get pairs in turns.
struct Turns {
  struct Hand {
    PlaceRange terms;
    std::uint64_t given;
  };
  std::vector<ConceptId> order;
  std::vector<Hand> hands;  // of those whose turn has come
  std::size_t next = 0;     // in `order`
};

class QuotaDraw {
 public:
  QuotaDraw(const KnowledgeBase& kb, const PairRecipe& recipe, const TermReader& reader,
            Random& random, ConceptPairs& out)
      : kb_(kb), recipe_(recipe), reader_(reader), random_(random), out_(out) {}

  void draw(ConceptId concept_id, NameTally& tally) {
    own_ = add_terms(concept_id, 0, tally);
    if (own_.count == 0) return;
    Turns parents, grandparents;
    const std::uint32_t hops = recipe_.ancestor_pairs > 0 ? recipe_.hops : 0;
    for (const Ancestor& each : ancestors_within(kb_, concept_id, hops)) {
      const bool is_parent = each.depth == 1;
      if ((is_parent ? recipe_.parent_weight : recipe_.grandparent_weight) == 0) continue;
      (is_parent ? parents : grandparents).order.push_back(each.concept_id);
    }
    shuffle(parents.order);
    shuffle(grandparents.order);

    const LanguageSpaces synonyms =
        recipe_.synonym_pairs > 0 ? pairs_within(own_) : LanguageSpaces{};
    const std::uint64_t possible = synonyms.same.size() + synonyms.cross.size();
    const std::uint64_t quota = std::uint64_t(recipe_.ancestor_pairs) * recipe_.hops;
    const std::uint64_t dealt = deal_by_depth(
        parents, grandparents,
        quota + recipe_.synonym_pairs - std::min<std::uint64_t>(recipe_.synonym_pairs, possible));
    take(synonyms, recipe_.synonym_pairs + quota - std::min(quota, dealt), PairRelation::kSynonym);
    take_dealt(parents, PairRelation::kParent);
    take_dealt(grandparents, PairRelation::kGrandparent);
  }

 private:
  /// Appends the terms of a concept that nobody had before, sorted by language, then by text.
  PlaceRange add_terms(ConceptId concept_id, std::uint32_t depth, NameTally& tally) {
    std::vector<Term>& terms = out_.terms;
    const std::size_t first = terms.size();
    reader_.read(concept_id, depth, terms, tally);
    const auto begin = terms.begin() + std::ptrdiff_t(first);
    terms.erase(std::remove_if(begin, terms.end(),
                               [this](const Term& t) { return !known_.insert(t.key).second; }),
                terms.end());
    if (recipe_.max_names > 0 && terms.size() - first > recipe_.max_names) thin(first);
    std::sort(begin, terms.end(), [](const Term& a, const Term& b) {
      return a.language_id != b.language_id ? a.language_id < b.language_id : a.text < b.text;
    });
    return {std::uint32_t(first), std::uint32_t(terms.size() - first)};
  }

  /// Keeps max_names of the terms from `first` on, whose scopes stand strongest first: whole scopes
  /// while they fit, and a sample of the one that does not.
  void thin(std::size_t first) {
    std::vector<Term>& terms = out_.terms;
    const std::size_t most = first + recipe_.max_names;
    const Scope split = terms[most].scope;
    const auto has_split = [split](const Term& term) { return term.scope == split; };
    const auto begin = std::find_if(terms.begin() + std::ptrdiff_t(first), terms.end(), has_split);
    const auto end = std::find_if_not(begin, terms.end(), has_split);
    const std::size_t at = std::size_t(begin - terms.begin());
    std::size_t kept = at;
    for (const std::uint64_t number :
         sample_numbers(std::uint64_t(end - begin), most - at, random_)) {
      if (kept != at + number) terms[kept] = std::move(terms[at + number]);
      ++kept;
    }
    terms.erase(terms.begin() + std::ptrdiff_t(kept), terms.end());
  }

  void shuffle(std::vector<ConceptId>& ids) {
    for (std::size_t left = ids.size(); left > 1; --left) {
      std::swap(ids[left - 1], ids[random_.below(left)]);
    }
  }

  /// The places of `range` with the language of place `at`, which is the first of them.
  PlaceRange language_run(PlaceRange range, std::uint32_t at) const {
    std::uint32_t end = at;
    while (end < range.first + range.count &&
           out_.terms[end].language_id == out_.terms[at].language_id) {
      ++end;
    }
    return {at, end - at};
  }

  LanguageSpaces pairs_within(PlaceRange range) const {
    LanguageSpaces spaces;
    if (!recipe_.cross_lingual) {
      spaces.same.add_triangle(range);
      return spaces;
    }
    const std::uint32_t end = range.first + range.count;
    for (std::uint32_t at = range.first; at < end;) {
      const PlaceRange run = language_run(range, at);
      at += run.count;
      spaces.same.add_triangle(run);
      spaces.cross.add_rectangle(run, {at, end - at});
    }
    return spaces;
  }

  LanguageSpaces pairs_between(PlaceRange range, PlaceRange others) const {
    LanguageSpaces spaces;
    if (!recipe_.cross_lingual) {
      spaces.same.add_rectangle(range, others);
      return spaces;
    }
    for (std::uint32_t at = range.first; at < range.first + range.count;) {
      const PlaceRange run = language_run(range, at);
      at += run.count;
      for (std::uint32_t other = others.first; other < others.first + others.count;) {
        const PlaceRange other_run = language_run(others, other);
        other += other_run.count;
        const bool same =
            out_.terms[run.first].language_id == out_.terms[other_run.first].language_id;
        (same ? spaces.same : spaces.cross).add_rectangle(run, other_run);
      }
    }
    return spaces;
  }

  void take_from(const PairSpace& space, std::uint64_t count, PairRelation relation) {
    for (const std::uint64_t number : sample_numbers(space.size(), count, random_)) {
      const PlacePair pair = space.at(number);
      out_.pairs.push_back({pair.first, pair.second, relation});
    }
  }

  /// Draws `count` pairs, or all there are.
  void take(const LanguageSpaces& spaces, std::uint64_t count, PairRelation relation) {
    count = std::min(count, spaces.same.size() + spaces.cross.size());
    std::uint64_t cross = 0;
    if (recipe_.cross_lingual) {
      for (std::uint64_t i = 0; i < count; ++i) cross += toss(*recipe_.cross_lingual) ? 1 : 0;
    }
    cross = std::min(cross, spaces.cross.size());
    const std::uint64_t same = std::min(count - cross, spaces.same.size());
    take_from(spaces.same, same, relation);
    take_from(spaces.cross, count - same, relation);
  }

  bool toss(double probability) { return random_.unit() < probability; }

  /// Gives away `quota` pairs, or as many as there are, one an ancestor and turn; how many.
  std::uint64_t deal(Turns& turns, std::uint64_t quota) {
    std::uint64_t dealt = 0;
    for (std::size_t idle = 0; dealt < quota && idle < turns.order.size();) {
      if (turns.next == turns.hands.size()) {
        NameTally of_ancestors;  // counted where they are own
        turns.hands.push_back({add_terms(turns.order[turns.next], 1, of_ancestors), 0});
      }
      Turns::Hand& hand = turns.hands[turns.next];
      if (++turns.next == turns.order.size()) turns.next = 0;
      if (hand.given == std::uint64_t(own_.count) * hand.terms.count) {
        ++idle;
        continue;
      }
      idle = 0;
      ++hand.given;
      ++dealt;
    }
    return dealt;
  }

  /// Gives away `quota` pairs, to parents and grandparents by their weights; what one of them
  /// cannot take goes to the other. Returns how many.
  std::uint64_t deal_by_depth(Turns& parents, Turns& grandparents, std::uint64_t quota) {
    const double weights = double(recipe_.parent_weight) + recipe_.grandparent_weight;
    const auto first = grandparents.order.empty()
                           ? quota
                           : std::uint64_t(double(quota) * recipe_.parent_weight / weights + 0.5);
    std::uint64_t dealt = deal(parents, first);
    dealt += deal(grandparents, quota - dealt);
    return dealt + deal(parents, quota - dealt);
  }

  void take_dealt(const Turns& turns, PairRelation relation) {
    for (const Turns::Hand& hand : turns.hands) {
      if (hand.given > 0) take(pairs_between(own_, hand.terms), hand.given, relation);
    }
  }

  const KnowledgeBase& kb_;
  const PairRecipe& recipe_;
  const TermReader& reader_;
  Random& random_;
  ConceptPairs& out_;
  PlaceRange own_{};
  std::unordered_set<std::string> known_;  // keys
};

}  // namespace

void draw_by_quotas(const KnowledgeBase& kb, const PairRecipe& recipe, const TermReader& reader,
                    ConceptId concept_id, Random& random, NameTally& tally, ConceptPairs& out) {
  out.terms.clear();
  out.pairs.clear();
  QuotaDraw(kb, recipe, reader, random, out).draw(concept_id, tally);
}

}  // namespace enlace
