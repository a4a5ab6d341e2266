#include "link/update.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "io/folder_lock.h"
#include "io/publish.h"
#include "kb/apply_changes.h"
#include "link/folded_kb.h"
#include "link/folder_writer.h"
#include "sources/read_retirements.h"
#include "sources/read_source.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

/// The folder after `current`, which is "changes-3" or empty.
std::string next_changes(std::string_view current) {
  std::uint64_t number = 0;
  if (current.starts_with(kb_files::kChangesPrefix)) {
    const auto digits = current.substr(kb_files::kChangesPrefix.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
  }
  return std::string(kb_files::kChangesPrefix) + std::to_string(number + 1);
}

/// Removes the changes that no longer count, and what killed updates left behind.
void sweep_changes(const fs::path& kb, const Manifest& manifest) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(kb, ignored)) {
    if (is_leftover_of_update(entry.path().filename().string(), manifest)) {
      fs::remove_all(entry.path(), ignored);
    }
  }
}

/// The model that made the vectors of `folder`.
TextEncoder encoder_of(const KbFolder& folder, const fs::path& model) {
  const ManifestModel& noted = *folder.manifest.model;
  TextEncoder encoder =
      TextEncoder::open(model.empty() ? fs::path(noted.path) : model, noted.precision);
  if (encoder.fingerprint() != noted.fingerprint) {
    throw Error(
        ErrorKind::kInvalidArgument,
        "{}: expected the model of its vectors, {} with fingerprint {:016x}; found another, "
        "with {:016x}",
        folder.path.string(), noted.path, noted.fingerprint, encoder.fingerprint());
  }
  return encoder;
}

/// The vectors of the base and of its changes.
std::vector<KnownVectors> known_vectors(const KbFolder& folder) {
  std::vector<KnownVectors> known;
  const auto take = [&](const KbFolder& part) {
    if (part.vectors) known.push_back({&part.kb, &*part.vectors});
  };
  take(folder);
  if (folder.changes && folder.changes->added) take(*folder.changes->added);
  return known;
}

/// The sources of all that was added since the base was built and still counts.
std::vector<ManifestSource> sources_of_changes(const KbFolder& folder) {
  if (!folder.changes || !folder.changes->added) return {};
  return folder.changes->added->manifest.sources;
}

}  // namespace

UpdateReport update_kb_folder(const UpdateOptions& options, const Progress& progress) {
  if (options.sources.empty() && options.retired.empty()) {
    throw Error(ErrorKind::kInvalidArgument,
                "update: expected something to add or to retire, found nothing");
  }
  const FolderLock lock(options.kb);
  const KbFolder folder = open_kb_folder(options.kb);
  const ChangedKb before = changed_kb(folder);

  UpdateReport report;
  KbDraft draft;
  draft.merge_by_xrefs(folder.manifest.merge.xrefs);
  for (const std::string& source : options.sources) {
    report.sources.push_back(read_source(parse_source_spec(source), draft, progress));
  }
  std::vector<Retirement> retirements;
  for (const fs::path& path : options.retired) {
    report.retirements.emplace_back().path = path.string();
    const auto read = read_retirements(path, report.retirements.back(), progress);
    retirements.insert(retirements.end(), read.begin(), read.end());
  }
  SourceReport kept;
  AppliedChanges applied = apply_changes(before, retirements, draft, kept);
  report.sources.push_back(std::move(kept));
  draft.settle(report.sources);
  report.sources.pop_back();

  Manifest manifest;
  manifest.engine = options.engine;
  manifest.sources = sources_of_changes(folder);
  Manifest base_manifest = folder.manifest;
  base_manifest.changes = next_changes(folder.manifest.changes);
  FolderPublication publication(options.kb / base_manifest.changes);
  FolderWriter writer(publication.staging(), manifest, options.workers, progress);
  writer.superseded(applied.superseded, folder.kb.fingerprint());
  if (!draft.names().empty()) {
    writer.concepts(draft);
    const KnowledgeBase added = KnowledgeBase::open(publication.staging() / kb_files::kConcepts);
    writer.indexes(added, &folder);
    if (folder.vectors) {
      const TextEncoder encoder = encoder_of(folder, options.model);
      writer.vectors(added, encoder, known_vectors(folder));
      writer.isotropy(added, &*folder.isotropy);
      manifest.model = folder.manifest.model;
      report.embedding = encoder.times();
    }
    report.concepts = added.concept_count();
    report.names = added.name_count();
  }
  for (std::size_t i = 0; i < options.sources.size(); ++i) {
    manifest.sources.push_back({options.sources[i], describe(report.sources[i])});
  }
  write_manifest(publication.staging(), manifest);
  lock.require_in_place();
  publication.publish();
  write_manifest(options.kb, base_manifest);  // from here on the changes count
  sweep_changes(options.kb, base_manifest);

  report.retired_concepts = applied.retired_concepts;
  report.retired_names = applied.retired_names;
  report.unknown = std::move(applied.unknown);
  report.superseded = std::uint32_t(applied.superseded.size());
  return report;
}

BuildReport compact_kb_folder(const CompactOptions& options, const Progress& progress) {
  const FolderLock lock(options.kb);
  const KbFolder folder = open_kb_folder(options.kb);
  std::optional<TextEncoder> encoder;
  if (folder.vectors) encoder = encoder_of(folder, options.model);

  FolderPublication publication(options.kb);
  BuildReport report;
  Manifest manifest;
  manifest.engine = options.engine;
  manifest.sources = folder.manifest.sources;
  manifest.merge = folder.manifest.merge;
  manifest.model = folder.manifest.model;
  const auto later = sources_of_changes(folder);
  manifest.sources.insert(manifest.sources.end(), later.begin(), later.end());
  FolderWriter writer(publication.staging(), manifest, options.workers, progress);
  const KbDraft draft = folded_draft(folder, progress);
  if (draft.names().empty()) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}: expected a concept that is not retired, found none: nothing would be left",
                options.kb.string());
  }
  writer.concepts(draft);
  const KnowledgeBase kb = KnowledgeBase::open(publication.staging() / kb_files::kConcepts);
  writer.indexes(kb);
  if (encoder) {
    report.reused = writer.vectors(kb, *encoder, known_vectors(folder));
    report.dimension = encoder->dimension();
    writer.isotropy(kb);
    report.embedding = encoder->times();
  }
  write_manifest(publication.staging(), manifest);
  lock.require_in_place();
  publication.publish();
  report.concepts = kb.concept_count();
  report.names = kb.name_count();
  report.texts = kb.text_count();
  return report;
}

}  // namespace enlace
