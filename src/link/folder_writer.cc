#include "link/folder_writer.h"

#include <algorithm>

#include "index/form_hashes.h"
#include "kb/concepts_writer.h"
#include "link/proposals.h"
#include "link/text_forms.h"

namespace enlace {
namespace {

constexpr TextId kTextsPerBlock = 8192;  // embedded and written at a time

/// Where the vector of a text stands already; null if nowhere.
const float* known_vector(std::span<const KnownVectors> known, std::string_view text) {
  for (const KnownVectors& each : known) {
    if (const auto id = each.kb->find_text(text)) return each.vectors->vector(*id).data();
  }
  return nullptr;
}

}  // namespace

void FolderWriter::concepts(const KbDraft& draft) {
  progress_.tell("writing concepts", 0);
  list(kb_files::kConcepts, write_concepts(draft, folder_ / kb_files::kConcepts));
}

void FolderWriter::indexes(const KnowledgeBase& kb, const KbFolder* base) {
  const auto form = [&](NameForm name_form) { return text_forms(kb, forms_, name_form); };
  index_keys(kb, kb_files::kExact, form(&NameForms::exact));
  index_keys(kb, kb_files::kStems, form(&NameForms::stems));
  index_ngrams(kb, kb_files::kNgrams, kb_files::kNgramForms, form(&NameForms::spelling),
               NameForms::kSpellingNgrams, base != nullptr ? &base->ngrams : nullptr);
  index_ngrams(kb, kb_files::kSkeletons, kb_files::kSkeletonForms, form(&NameForms::skeleton),
               NameForms::kSkeletonNgrams, base != nullptr ? &base->skeletons : nullptr);
}

void FolderWriter::index_keys(const KnowledgeBase& kb, std::string_view name,
                              const FormOf& form_of) {
  const HashedForms keys = hash_forms(kb.text_count(), form_of, workers_, progress_);
  list(name, write_key_index(folder_ / name, keys, kb.fingerprint()));
}

void FolderWriter::index_ngrams(const KnowledgeBase& kb, std::string_view name,
                                std::string_view forms, const FormOf& form_of, NgramLengths lengths,
                                const FormNgrams* learnt) {
  const HashedForms hashed = hash_forms(kb.text_count(), form_of, workers_, progress_);
  list(forms,
       write_equal_forms(folder_ / forms, kb.text_count(), hashed, form_of, kb.fingerprint()));
  const EqualForms equal = EqualForms::open(folder_ / forms, kb.text_count());
  const FormOf first_form = [&](std::uint32_t text, std::string& form) {
    form.clear();
    if (equal.is_first(text)) form_of(text, form);
  };
  NgramIndexOptions options;
  options.lengths = lengths;
  options.workers = workers_;
  if (learnt != nullptr) options.learnt = learnt->ngrams.get();
  list(name, write_ngram_index(folder_ / name, kb.text_count(), first_form, kb.fingerprint(),
                               options, progress_));
}

std::uint32_t FolderWriter::vectors(const KnowledgeBase& kb, const TextEncoder& encoder,
                                    std::span<const KnownVectors> known) {
  const std::size_t dimension = encoder.dimension();
  FlatIndexWriter writer(folder_ / kb_files::kVectors, dimension,
                         vectors_made_from(kb.fingerprint(), encoder.fingerprint()));
  std::uint32_t reused = 0;
  std::vector<float> block;
  for (TextId first = 0; first < kb.text_count(); first += kTextsPerBlock) {
    progress_.tell("embedding names", first, kb.text_count());
    const TextId count = std::min(kb.text_count() - first, kTextsPerBlock);
    block.resize(count * dimension);
    const MatrixView<float> rows(block.data(), count, dimension);
    reused += embed_block(kb, encoder, known, first, rows);
    writer.append(rows);
  }
  list(kb_files::kVectors, writer.finish(workers_));
  return reused;
}

/// Embeds the texts from `first` on into `rows`; gives how many were known.
std::uint32_t FolderWriter::embed_block(const KnowledgeBase& kb, const TextEncoder& encoder,
                                        std::span<const KnownVectors> known, TextId first,
                                        MatrixView<float> rows) const {
  std::vector<std::string_view> texts;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const std::string_view text = kb.text(first + TextId(i));
    if (const float* vector = known_vector(known, text)) {
      std::copy_n(vector, rows.cols(), rows.row(i).begin());
    } else {
      texts.push_back(text);
      places.push_back(i);
    }
  }
  std::vector<float> embedded(texts.size() * rows.cols());
  const MatrixView<float> fresh(embedded.data(), texts.size(), rows.cols());
  encoder.encode(texts, fresh, workers_, within_block(first, kb.text_count()));
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::ranges::copy(fresh.row(i), rows.row(places[i]).begin());
  }
  return std::uint32_t(rows.rows() - texts.size());
}

void FolderWriter::isotropy(const KnowledgeBase& kb, const IsotropicView* learnt) {
  std::vector<std::uint32_t> starts{0};
  std::vector<TextId> texts;
  for (ConceptId concept_id = 0; concept_id < kb.concept_count(); ++concept_id) {
    const std::vector<TextId> of_concept = texts_of_concept(kb, concept_id);
    texts.insert(texts.end(), of_concept.begin(), of_concept.end());
    starts.push_back(std::uint32_t(texts.size()));
  }
  const FlatIndex vectors = FlatIndex::open(folder_ / kb_files::kVectors);
  list(kb_files::kIsotropy,
       write_isotropic_view(folder_ / kb_files::kIsotropy, vectors, {starts, texts},
                            vectors.fingerprint(), progress_, learnt));
}

void FolderWriter::superseded(std::span<const ConceptId> concepts, std::uint64_t base) {
  SectionWriter file(folder_ / kb_files::kSuperseded, "supersed", base);
  file.add("concepts", concepts);
  list(kb_files::kSuperseded, file.finish());
}

void FolderWriter::list(std::string_view name, std::uint64_t fingerprint) {
  manifest_.files.push_back(
      {std::string(name), std::filesystem::file_size(folder_ / name), fingerprint});
  if (clock_ != nullptr) clock_->end(name);
}

/// The progress of a block of texts as part of that of all.
Progress FolderWriter::within_block(TextId first, TextId count) const {
  Progress within = progress_;
  if (progress_.report) {
    within.report = [this, first, count](std::string_view, std::uint64_t done, std::uint64_t) {
      progress_.report("embedding names", first + done, count);
    };
  }
  return within;
}

}  // namespace enlace
