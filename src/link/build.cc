#include "link/build.h"

#include <algorithm>
#include <functional>

#include "base/error.h"
#include "base/parallel.h"
#include "encode/text_encoder.h"
#include "io/publish.h"
#include "kb/concepts_writer.h"
#include "kb/read_source.h"
#include "link/kb_folder.h"
#include "link/name_forms.h"
#include "link/proposals.h"
#include "link/text_forms.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

constexpr TextId kTextsPerBlock = 8192;  // embedded and written at a time

void check_place(const BuildOptions& options) {
  if (options.sources.empty()) {
    throw Error(ErrorKind::kInvalidArgument, "build: expected at least one source, found none");
  }
  if (options.out.empty()) {
    throw Error(ErrorKind::kInvalidArgument, "build: expected a folder to make, found no name");
  }
  if (fs::exists(options.out) && !is_knowledge_base(options.out)) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}: expected no such path, or a knowledge base to replace; found something else",
                options.out.string());
  }
}

/// Texts and the vectors that a model once gave them.
struct EarlierVectors {
  KnowledgeBase kb;
  FlatIndex vectors;
};

/// Those of the knowledge base in `path`; nothing if there are none by this model.
std::optional<EarlierVectors> vectors_in(const fs::path& path, const TextEncoder& encoder) {
  const Manifest manifest = read_manifest(path);
  if (!manifest.model || manifest.model->fingerprint != encoder.fingerprint()) return std::nullopt;
  return EarlierVectors{KnowledgeBase::open(path / kb_files::kConcepts),
                        FlatIndex::open(path / kb_files::kVectors)};
}

/// Vectors that can be used again: of the knowledge base that the user names, which must fit, or of
/// the one that is replaced, if it does.
std::optional<EarlierVectors> earlier_vectors(const BuildOptions& options,
                                              const TextEncoder& encoder) {
  if (!options.vectors_from.empty()) {
    auto earlier = vectors_in(options.vectors_from, encoder);
    if (earlier) return earlier;
    throw Error(ErrorKind::kInvalidArgument, "{}: expected vectors by the same model, found none",
                options.vectors_from.string());
  }
  if (!is_knowledge_base(options.out)) return std::nullopt;
  try {
    return vectors_in(options.out, encoder);
  } catch (const Error&) {
    return std::nullopt;  // what is damaged or of another version may be replaced
  }
}

/// Writes the files of one folder and lists them for its manifest.
class FolderWriter {
 public:
  FolderWriter(const BuildOptions& options, const fs::path& folder, Manifest& manifest,
               const Progress& progress)
      : options_(options), folder_(folder), manifest_(manifest), progress_(progress) {}

  void concepts(const KbDraft& draft) {
    progress_.tell("writing concepts", 0);
    list(kb_files::kConcepts, write_concepts(draft, folder_ / kb_files::kConcepts));
  }

  void indexes(const KnowledgeBase& kb) {
    const auto write_ngrams = [&](NgramLengths lengths) {
      return [this, &kb, lengths](const fs::path& path, std::span<const std::string_view> forms) {
        return write_ngram_index(path, forms, kb.fingerprint(), {lengths, options_.workers},
                                 progress_);
      };
    };
    index_keys(kb, kb_files::kExact, &NameForms::exact);
    index_keys(kb, kb_files::kStems, &NameForms::stems);
    index_forms(kb, kb_files::kNgrams, kb_files::kNgramsTexts, &NameForms::spelling,
                write_ngrams(NameForms::kSpellingNgrams));
    index_forms(kb, kb_files::kSkeletons, kb_files::kSkeletonsTexts, &NameForms::skeleton,
                write_ngrams(NameForms::kSkeletonNgrams));
  }

  /// The embedding of every text. Those that `earlier` has too are taken from there.
  void vectors(const KnowledgeBase& kb, const TextEncoder& encoder,
               const std::optional<EarlierVectors>& earlier, BuildReport& report) {
    const std::size_t dimension = encoder.dimension();
    FlatIndexWriter writer(folder_ / kb_files::kVectors, dimension,
                           vectors_made_from(kb.fingerprint(), encoder.fingerprint()));
    std::vector<float> block;
    for (TextId first = 0; first < kb.text_count(); first += kTextsPerBlock) {
      progress_.tell("embedding names", first, kb.text_count());
      const TextId count = std::min(kb.text_count() - first, kTextsPerBlock);
      block.resize(count * dimension);
      const MatrixView<float> rows(block.data(), count, dimension);
      report.reused += embed_block(kb, encoder, earlier, first, rows);
      writer.append(rows);
    }
    list(kb_files::kVectors, writer.finish(options_.workers));
    report.dimension = dimension;
  }

  /// The view of the vectors in which the texts of a concept are a group.
  void isotropy(const KnowledgeBase& kb) {
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
                              vectors.fingerprint(), progress_));
  }

 private:
  using WriteIndex =
      std::function<std::uint64_t(const fs::path& path, std::span<const std::string_view> forms)>;

  /// The texts by a key of theirs.
  void index_keys(const KnowledgeBase& kb, std::string_view name, NameForm form) {
    const HashedForms keys =
        hash_forms(kb.text_count(), text_forms(kb, forms_, form), options_.workers, progress_);
    list(name, write_key_index(folder_ / name, keys, kb.fingerprint()));
  }

  /// An index over the distinct forms of all texts, and the map back to the texts.
  void index_forms(const KnowledgeBase& kb, std::string_view index, std::string_view texts,
                   NameForm form, const WriteIndex& write_index) {
    progress_.tell("normalising names", 0, kb.text_count());
    std::vector<std::string> form_of_text(kb.text_count());
    parallel_for(options_.workers, form_of_text.size(), [&](std::size_t, std::size_t text) {
      (forms_.*form)(kb.text(TextId(text)), form_of_text[text]);
    });
    const DistinctForms distinct = distinct_forms(std::move(form_of_text));
    const std::vector<std::string_view> views(distinct.forms.begin(), distinct.forms.end());
    list(index, write_index(folder_ / index, std::span(views)));
    list(texts, write_text_map(folder_ / texts, distinct, kb.fingerprint()));
  }

  /// Embeds the texts from `first` on into `rows`; returns how many came from `earlier`.
  TextId embed_block(const KnowledgeBase& kb, const TextEncoder& encoder,
                     const std::optional<EarlierVectors>& earlier, TextId first,
                     MatrixView<float> rows) const {
    std::vector<std::string_view> texts;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const std::string_view text = kb.text(first + TextId(i));
      const auto known = earlier ? earlier->kb.find_text(text) : std::nullopt;
      if (known) {
        std::ranges::copy(earlier->vectors.vector(*known), rows.row(i).begin());
      } else {
        texts.push_back(text);
        places.push_back(i);
      }
    }
    std::vector<float> embedded(texts.size() * rows.cols());
    const MatrixView<float> fresh(embedded.data(), texts.size(), rows.cols());
    encoder.encode(texts, fresh, options_.workers, within_block(first, kb.text_count()));
    for (std::size_t i = 0; i < places.size(); ++i) {
      std::ranges::copy(fresh.row(i), rows.row(places[i]).begin());
    }
    return TextId(rows.rows() - texts.size());
  }

  void list(std::string_view name, std::uint64_t fingerprint) {
    manifest_.files.push_back({std::string(name), fs::file_size(folder_ / name), fingerprint});
  }

  /// The progress of a block of texts as part of that of all.
  Progress within_block(TextId first, TextId count) const {
    Progress within = progress_;
    if (progress_.report) {
      within.report = [this, first, count](std::string_view, std::uint64_t done, std::uint64_t) {
        progress_.report("embedding names", first + done, count);
      };
    }
    return within;
  }

  NameForms forms_;
  const BuildOptions& options_;
  const fs::path& folder_;
  Manifest& manifest_;
  const Progress& progress_;
};

}  // namespace

BuildReport build_kb_folder(const BuildOptions& options, const Progress& progress) {
  check_place(options);
  // The model is opened first, so that a wrong one is told before minutes of reading.
  std::optional<TextEncoder> encoder;
  if (!options.model.empty()) encoder = TextEncoder::open(options.model, options.precision);

  FolderPublication publication(options.out);
  BuildReport report;
  Manifest manifest;
  manifest.engine = options.engine;
  FolderWriter writer(options, publication.staging(), manifest, progress);
  {
    KbDraft draft;
    std::vector<SourceSpec> specs;
    for (const std::string& source : options.sources) specs.push_back(parse_source_spec(source));
    draft.merge_by_xrefs(options.merge_xrefs);
    report.sources = read_sources(specs, draft, progress);
    report.joined = draft.join_report();
    writer.concepts(draft);
  }
  for (std::size_t i = 0; i < options.sources.size(); ++i) {
    manifest.sources.push_back({options.sources[i], describe(report.sources[i])});
  }
  manifest.merge = {options.merge_xrefs, describe(report.joined)};

  const KnowledgeBase kb = KnowledgeBase::open(publication.staging() / kb_files::kConcepts);
  writer.indexes(kb);
  if (encoder) {
    writer.vectors(kb, *encoder, earlier_vectors(options, *encoder), report);
    writer.isotropy(kb);
    report.embedding = encoder->times();
    manifest.model = ManifestModel{fs::absolute(options.model).string(), encoder->precision(),
                                   encoder->fingerprint()};
  }
  write_manifest(publication.staging(), manifest);
  progress.tell("publishing", 0);
  publication.publish();
  report.concepts = kb.concept_count();
  report.names = kb.name_count();
  report.texts = kb.text_count();
  return report;
}

std::vector<std::string> describe(const SourceReport& report) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("read {} rows: {} names, {} new concepts, {} merged into others",
                              report.rows.rows, report.names, report.new_concepts,
                              report.merged_concepts));
  const auto add = [&](std::size_t count, std::string_view text) {
    if (count > 0) lines.push_back(fmt::format("{} {}", count, text));
  };
  add(report.duplicates, "names were there already");
  for (const auto& [reason, count] : report.left_out) {
    lines.push_back(fmt::format("left out {}: {}", count, reason));
  }
  add(report.mappings, "mappings declared");
  add(report.joined_concepts, "concepts joined to others by them");
  add(report.unnamed_edges, "is-a relations dropped: one end has no name");
  add(report.cyclic_edges, "is-a relations dropped: they close a cycle");
  for (const auto& [reason, count] : report.refused) {
    lines.push_back(fmt::format("refused {}: {}", count, reason));
  }
  for (const std::string& complaint : report.rows.complaints) lines.push_back(complaint);
  if (report.rows.bad > report.rows.complaints.size() && !report.rows.complaints.empty()) {
    lines.push_back(fmt::format("and {} more", report.rows.bad - report.rows.complaints.size()));
  }
  return lines;
}

std::vector<std::string> describe(const JoinReport& report) {
  std::vector<std::string> lines;
  if (report.mappings + report.references == 0) return lines;
  lines.push_back(fmt::format("{} mappings and {} references joined {} concepts to others",
                              report.mappings, report.references, report.joined_concepts));
  if (report.doubtful == 0) return lines;
  lines.push_back(fmt::format(
      "{} joined concepts have several codes of one source, which may be wrong", report.doubtful));
  lines.insert(lines.end(), report.examples.begin(), report.examples.end());
  if (report.doubtful > report.examples.size()) {
    lines.push_back(fmt::format("and {} more", report.doubtful - report.examples.size()));
  }
  return lines;
}

}  // namespace enlace
