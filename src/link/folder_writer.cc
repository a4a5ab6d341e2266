#include "link/folder_writer.h"

#include <algorithm>
#include <future>

#include "encode/name_vectors.h"
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

/// A file of an index that is there.
struct FolderWriter::Written {
  std::string_view name;
  std::uint64_t fingerprint;
};

/// Indexes that are made one after the other, beside those of another lane.
class FolderWriter::IndexLane {
 public:
  /// Borrows all.
  IndexLane(const FolderWriter& writer, const KnowledgeBase& kb, std::size_t workers,
            const Progress& progress)
      : folder_(writer.folder_),
        forms_(writer.forms_),
        kb_(kb),
        workers_(workers),
        progress_(progress) {}

  void keys(std::string_view name, NameForm form) {
    const HashedForms keys = hash_forms(kb_.text_count(), of(form), workers_, progress_);
    end(name, write_key_index(folder_ / name, keys, kb_.fingerprint()));
  }

  void ngrams(std::string_view name, std::string_view forms, NameForm form, NgramLengths lengths,
              const FormNgrams* learnt) {
    write_forms(forms, form);
    const FormOf form_of = of(form);
    const EqualForms equal = EqualForms::open(folder_ / forms, kb_.text_count());
    const FormOf first_form = [&](std::uint32_t text, std::string& out) {
      out.clear();
      if (equal.is_first(text)) form_of(text, out);
    };
    NgramIndexOptions options;
    options.lengths = lengths;
    options.workers = workers_;
    if (learnt != nullptr) options.learnt = learnt->ngrams.get();
    end(name, write_ngram_index(folder_ / name, kb_.text_count(), first_form, kb_.fingerprint(),
                                options, progress_));
  }

  const std::vector<Written>& written() const noexcept { return written_; }
  const std::vector<StageTime>& times() const noexcept { return clock_.times(); }

 private:
  FormOf of(NameForm form) const { return text_forms(kb_, forms_, form); }

  void write_forms(std::string_view name, NameForm form) {
    const HashedForms hashed = hash_forms(kb_.text_count(), of(form), workers_, progress_);
    end(name, write_equal_forms(folder_ / name, kb_.text_count(), hashed, of(form),
                                kb_.fingerprint(), workers_));
  }

  void end(std::string_view name, std::uint64_t fingerprint) {
    written_.push_back({name, fingerprint});
    clock_.end(name);
  }

  const std::filesystem::path& folder_;
  const NameForms& forms_;
  const KnowledgeBase& kb_;
  std::size_t workers_;
  const Progress& progress_;
  std::vector<Written> written_;
  StageClock clock_;
};

void FolderWriter::indexes(const KnowledgeBase& kb, const KbFolder* base) {
  Progress silent = progress_;  // reports come from this thread only
  silent.report = nullptr;
  IndexLane spellings(*this, kb, workers_, progress_), others(*this, kb, workers_, silent);
  auto beside = std::async(workers_ > 1 ? std::launch::async : std::launch::deferred, [&] {
    others.keys(kb_files::kExact, &NameForms::exact);
    others.keys(kb_files::kStems, &NameForms::stems);
    others.ngrams(kb_files::kSkeletons, kb_files::kSkeletonForms, &NameForms::skeleton,
                  NameForms::kSkeletonNgrams, base != nullptr ? &base->skeletons : nullptr);
  });
  spellings.ngrams(kb_files::kNgrams, kb_files::kNgramForms, &NameForms::spelling,
                   NameForms::kSpellingNgrams, base != nullptr ? &base->ngrams : nullptr);
  progress_.tell("indexing names", 0);
  beside.get();
  // In the order in which they were once made one by one.
  for (const std::size_t i : {0U, 1U}) add_to_manifest(others.written()[i]);
  for (const Written& each : spellings.written()) add_to_manifest(each);
  for (const std::size_t i : {2U, 3U}) add_to_manifest(others.written()[i]);
  if (clock_ == nullptr) return;
  for (const StageTime& time : spellings.times()) clock_->add(time);
  for (const StageTime& time : others.times()) clock_->add(time);
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
  encode_names(encoder, texts, fresh, workers_, within_block(first, kb.text_count()));
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
  add_to_manifest({name, fingerprint});
  if (clock_ != nullptr) clock_->end(name);
}

void FolderWriter::add_to_manifest(const Written& file) {
  manifest_.files.push_back(
      {std::string(file.name), std::filesystem::file_size(folder_ / file.name), file.fingerprint});
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
