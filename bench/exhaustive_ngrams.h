// The best rows of many n-gram queries by the definition of NgramIndex::score, with no index of
// rows: what programs in this folder compare searches with.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/parallel.h"
#include "index/ngram_index.h"
#include "index/ngram_weights.h"
#include "math/top_k.h"

namespace enlace {

/// Borrows nothing; one is for one index and one set of queries.
class ExhaustiveNgrams {
 public:
  /// `path`: the file that `index` is open from. `queries` are of its form.
  ExhaustiveNgrams(const std::filesystem::path& path, const NgramIndex& index,
                   std::span<const std::string> queries)
      : file_(SectionFile::open(path, ngram_format::kKind)),
        lengths_(file_.value<ngram_format::Shape>("shape").lengths),
        scales_(file_.array<float>("scales")),
        rows_(index.size()) {
    std::vector<std::pair<NgramKey, Use>> uses;
    for (std::uint32_t q = 0; q < queries.size(); ++q) {
      const NgramQuery query = index.prepare(queries[q]);
      units_.push_back(query.unit);
      for (const auto& term : query.terms) uses.push_back({term.key, {q, term.weight}});
    }
    std::ranges::stable_sort(uses, {}, &std::pair<NgramKey, Use>::first);
    slots_.resize(std::bit_ceil(4 * uses.size() + 1));
    for (std::uint32_t i = 0; i < uses.size(); ++i) {
      uses_.push_back(uses[i].second);
      Slot& slot = slots_[slot_of(uses[i].first)];
      if (slot.key == 0) slot = {uses[i].first, i, i};
      ++slot.end;
    }
  }

  /// The k best rows of each query, those of score 0 left out. `form` is what the index was
  /// written with.
  std::vector<std::vector<Neighbour>> search(const FormOf& form, std::size_t k,
                                             std::size_t workers) const {
    using Best = std::vector<TopK>;  // by query
    std::vector<Best> best(workers, Best(units_.size(), TopK(k)));
    constexpr std::size_t kParts = 256;
    parallel_for(workers, kParts, [&](std::size_t worker, std::size_t part) {
      NgramCounts counts;
      std::string text;
      std::vector<std::uint32_t> sums(units_.size());
      for (std::size_t row = rows_ * part / kParts; row < rows_ * (part + 1) / kParts; ++row) {
        if (scales_[row] == 0) continue;
        form(static_cast<std::uint32_t>(row), text);
        add_up(counts.of(text, lengths_), sums);
        for (std::size_t q = 0; q < sums.size(); ++q) {
          const float score = float(static_cast<std::int32_t>(sums[q])) * scales_[row] * units_[q];
          if (score > 0 && score >= best[worker][q].floor()) {
            best[worker][q].offer({static_cast<std::uint32_t>(row), score});
          }
        }
      }
    });
    std::vector<std::vector<Neighbour>> found;
    for (std::size_t q = 0; q < units_.size(); ++q) {
      TopK all(k);
      for (Best& of_worker : best) {
        for (const Neighbour& neighbour : of_worker[q].take()) all.offer(neighbour);
      }
      found.push_back(all.take());
    }
    return found;
  }

 private:
  struct Use {
    std::uint32_t query;
    std::int32_t weight;
  };
  struct Slot {
    NgramKey key = 0;  // 0 where free
    std::uint32_t begin = 0, end = 0;
  };

  std::size_t slot_of(NgramKey key) const noexcept {
    std::size_t slot = key & (slots_.size() - 1);
    while (slots_[slot].key != 0 && slots_[slot].key != key)
      slot = (slot + 1) & (slots_.size() - 1);
    return slot;
  }

  void add_up(std::span<const NgramCounts::Ngram> ngrams, std::vector<std::uint32_t>& sums) const {
    std::ranges::fill(sums, 0U);
    for (const auto& ngram : ngrams) {
      const Slot& slot = slots_[slot_of(ngram.key)];
      const float gain = ngram.count > 1 ? gain_of(ngram.count) : 0;
      for (std::uint32_t i = slot.begin; i < slot.end; ++i) {
        const Use& use = uses_[i];
        sums[use.query] += static_cast<std::uint32_t>(use.weight);
        if (ngram.count > 1) {
          sums[use.query] += static_cast<std::uint32_t>(gained(use.weight, gain));
        }
      }
    }
  }

  SectionFile file_;
  NgramLengths lengths_;
  std::span<const float> scales_;
  std::size_t rows_;
  std::vector<float> units_;  // by query
  std::vector<Use> uses_;     // by key
  std::vector<Slot> slots_;
};

/// The share of the best rows that were found; as good as the last of them is good enough.
inline double recall(std::span<const std::vector<Neighbour>> found,
                     std::span<const std::vector<Neighbour>> best) {
  std::size_t right = 0, all = 0;
  for (std::size_t q = 0; q < best.size(); ++q) {
    all += best[q].size();
    for (const Neighbour& neighbour : found[q]) {
      right += neighbour.score >= best[q].back().score ? 1U : 0U;
    }
  }
  return all == 0 ? 1 : double(right) / double(all);
}

}  // namespace enlace
