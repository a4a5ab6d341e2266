#include "link/hybrid_proposals.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <tuple>

namespace enlace {
namespace {

// How many rows each search proposes; more where more candidates are asked for.
constexpr std::size_t kByVectors = 100;
constexpr std::size_t kBySkeleton = 64;

float rounded(float cosine) {
  return std::round(cosine * 1e5F);
}

/// The cosine of `query` with the form of each text; 0 where the form is empty.
std::vector<float> form_scores(const FormNgrams& index, const NgramQuery& query,
                               std::span<const TextId> texts, const FormOf& form_of,
                               NgramWorkspace& workspace) {
  std::vector<std::uint32_t> rows;
  rows.reserve(texts.size());
  for (const TextId text : texts) rows.push_back(index.forms.first_of(text));
  return index.ngrams->score(query, rows, form_of, workspace);
}

}  // namespace

HybridSearch::HybridSearch(std::span<const KbPart> parts, const NameForms& forms,
                           MatrixView<const float> queries, const SearchOptions& options)
    : by_vectors_(std::max(kByVectors, 2 * options.k)),
      by_skeleton_(std::max(kBySkeleton, 2 * options.k)) {
  for (const KbPart& part : parts) {
    const KbFolder& folder = *part.folder;
    const KnowledgeBase& kb = folder.kb;
    RowFilter texts = part.scope.texts(kb);
    auto by_vectors = folder.vectors->search(queries, by_vectors_, texts, options.workers);
    parts_.push_back({&part, [&kb](TextId text, std::string& out) { out = kb.text(text); },
                      text_forms(kb, forms, &NameForms::spelling),
                      text_forms(kb, forms, &NameForms::skeleton), std::move(texts),
                      part.scope.rows(kb, folder.skeletons.forms), std::move(by_vectors)});
  }
}

/// Leaves the rows of the `most` best forms, in the order of one index: rows of equal forms are
/// one, with the score of the first part that has it; equal scores go by the first text of each.
void HybridSearch::keep_best_forms(std::vector<FoundRow>& rows, std::size_t most) {
  std::ranges::sort(rows, [](const FoundRow& a, const FoundRow& b) {
    return std::tie(a.form, a.part) < std::tie(b.form, b.part);
  });
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].form != rows[i - 1].form) continue;
    rows[i].score = rows[i - 1].score;
    rows[i].text = rows[i - 1].text = std::min(rows[i - 1].text, rows[i].text);
  }
  std::ranges::sort(rows, [](const FoundRow& a, const FoundRow& b) {
    return a.score != b.score ? a.score > b.score : a.text < b.text;
  });
  std::size_t forms = 0, kept = 0;
  for (; kept < rows.size(); ++kept) {
    forms += kept == 0 || rows[kept].text != rows[kept - 1].text ? 1 : 0;
    if (forms > most) break;
  }
  rows.erase(rows.begin() + std::ptrdiff_t(kept), rows.end());
}

std::vector<HybridSearch::FoundRow> HybridSearch::best_rows(
    std::span<const std::vector<Neighbour>> by_part, std::size_t most,
    FormOf Part::*form_of) const {
  std::vector<FoundRow> rows;
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    for (const Neighbour& found : by_part[p]) {
      FoundRow& row = rows.emplace_back(FoundRow{p, found.row, found.score, {}, {}});
      if (parts_.size() == 1) continue;  // they are the best already
      (parts_[p].*form_of)(found.row, row.form);
      row.text = parts_[p].of->folder->kb.text(found.row);
    }
  }
  if (parts_.size() > 1) keep_best_forms(rows, most);
  return rows;
}

std::vector<ProposedTexts> HybridSearch::propose(std::size_t i, const MentionForms& mention,
                                                 std::vector<OtherNames> by_thesaurus,
                                                 NgramWorkspace& workspace) const {
  std::vector<ProposedTexts> proposed(parts_.size());
  for (std::size_t p = 0; p < by_thesaurus.size(); ++p) {
    for (const auto& [text, likeness] : by_thesaurus[p]) {
      if (parts_[p].texts.allows(text)) proposed[p].ids.push_back(text);
    }
    proposed[p].by_thesaurus = std::move(by_thesaurus[p]);
  }
  std::vector<std::vector<Neighbour>> by_vectors, by_skeleton;
  std::vector<NgramQuery> skeletons;
  for (const Part& part : parts_) {
    const KbFolder& folder = *part.of->folder;
    by_vectors.push_back(part.by_vectors[i]);
    skeletons.push_back(prepare_ngrams(folder, &KbFolder::skeletons, mention.skeleton));
    by_skeleton.push_back(folder.skeletons.ngrams->search(
        skeletons.back(), by_skeleton_, part.skeleton_of, part.skeletons, workspace));
  }
  for (const FoundRow& found : best_rows(by_vectors, by_vectors_, &Part::text_of)) {
    proposed[found.part].ids.push_back(found.row);
  }
  for (const FoundRow& found : best_rows(by_skeleton, by_skeleton_, &Part::skeleton_of)) {
    const Part& part = parts_[found.part];
    for (const TextId text : part.of->folder->skeletons.forms.all_of(found.row)) {
      if (part.texts.allows(text)) proposed[found.part].ids.push_back(text);
    }
  }
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    const Part& part = parts_[p];
    const KbFolder& folder = *part.of->folder;
    ProposedTexts& texts = proposed[p];
    std::ranges::sort(texts.ids);
    texts.ids.erase(std::unique(texts.ids.begin(), texts.ids.end()), texts.ids.end());
    texts.query = folder.isotropy->prepare(mention.vector);
    texts.dense = folder.vectors->score(mention.vector, texts.ids);
    texts.isotropic = folder.vectors->score(texts.query.direction, texts.ids);
    for (std::size_t t = 0; t < texts.ids.size(); ++t) {
      texts.isotropic[t] =
          folder.isotropy->row_score(texts.query, texts.isotropic[t], texts.ids[t]);
    }
    const NgramQuery spelling = prepare_ngrams(folder, &KbFolder::ngrams, mention.spelling);
    texts.ngram = form_scores(folder.ngrams, spelling, texts.ids, part.spelling_of, workspace);
    texts.skeleton =
        form_scores(folder.skeletons, skeletons[p], texts.ids, part.skeleton_of, workspace);
  }
  return proposed;
}

CloserTexts::CloserTexts(std::span<const KbPart> parts, std::span<const ProposedTexts> proposed) {
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const auto proposed_before = [&](TextId text) {
      for (std::size_t before = 0; before < p; ++before) {
        const auto same = parts[before].folder->kb.find_text(parts[p].folder->kb.text(text));
        if (same && std::ranges::binary_search(proposed[before].ids, *same)) return true;
      }
      return false;
    };
    for (std::size_t t = 0; t < proposed[p].ids.size(); ++t) {
      if (!proposed_before(proposed[p].ids[t])) falling_.push_back(rounded(proposed[p].dense[t]));
    }
  }
  std::ranges::sort(falling_, std::greater<>());
}

std::uint32_t CloserTexts::than(float cosine) const {
  const auto first = std::ranges::lower_bound(falling_, rounded(cosine), std::greater<>());
  return std::uint32_t(first - falling_.begin());
}

std::uint32_t count_sharing(std::span<const KbPart> parts, std::size_t own, TextId text) {
  std::size_t count = concepts_with(text, parts[own]).size();
  for (std::size_t p = 0; p < parts.size(); ++p) {
    if (p == own) continue;
    const auto same = parts[p].folder->kb.find_text(parts[own].folder->kb.text(text));
    if (same) count += concepts_with(*same, parts[p]).size();
  }
  return std::uint32_t(count);
}

}  // namespace enlace
