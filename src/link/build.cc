#include "link/build.h"

#include "base/error.h"
#include "encode/text_encoder.h"
#include "io/publish.h"
#include "link/folder_writer.h"
#include "link/kb_folder.h"
#include "sources/read_source.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

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
  StageClock clock;
  FolderWriter writer(publication.staging(), manifest, options.workers, progress, &clock);
  {
    KbDraft draft;
    std::vector<SourceSpec> specs;
    for (const std::string& source : options.sources) specs.push_back(parse_source_spec(source));
    draft.merge_by_xrefs(options.merge_xrefs);
    report.sources = read_sources(specs, draft, progress);
    report.joined = draft.join_report();
    clock.end("reading");
    if (draft.names().empty()) {
      throw Error(ErrorKind::kInvalidArgument, "{}: expected a name in any source, found none",
                  fmt::join(options.sources, ", "));
    }
    writer.concepts(draft);
  }
  for (std::size_t i = 0; i < options.sources.size(); ++i) {
    manifest.sources.push_back({options.sources[i], describe(report.sources[i])});
  }
  manifest.merge = {options.merge_xrefs, describe(report.joined)};

  const KnowledgeBase kb = KnowledgeBase::open(publication.staging() / kb_files::kConcepts);
  writer.indexes(kb);
  if (encoder) {
    const auto earlier = earlier_vectors(options, *encoder);
    std::vector<KnownVectors> known;
    if (earlier) known.push_back({&earlier->kb, &earlier->vectors});
    report.reused = writer.vectors(kb, *encoder, known);
    report.dimension = encoder->dimension();
    writer.isotropy(kb);
    report.embedding = encoder->times();
    manifest.model = ManifestModel{fs::absolute(options.model).string(), encoder->precision(),
                                   encoder->fingerprint()};
  }
  write_manifest(publication.staging(), manifest);
  progress.tell("publishing", 0);
  publication.publish();
  report.stages = clock.times();
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
  add(report.named_former_codes, "replaced codes stay concepts: a source names them");
  for (const auto& [reason, count] : report.refused) {
    lines.push_back(fmt::format("refused {}: {}", count, reason));
  }
  for (const auto& [reason, count] : report.odd) {
    lines.push_back(fmt::format("taken all the same {}: {}", count, reason));
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
