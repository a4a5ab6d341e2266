#include "link/kb_folder.h"

#include <algorithm>

#include "base/error.h"
#include "base/hash.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostTries = 5;  // to open a folder while it is being changed

/// Whether each file of the manifest is there and has its size, before anything is read.
void check_sizes(const fs::path& folder, const Manifest& manifest) {
  for (const ManifestFile& file : manifest.files) {
    const fs::path path = folder / file.name;
    std::error_code failure;
    const auto size = fs::file_size(path, failure);
    if (failure) throw Error(ErrorKind::kNotFound, "{}: {}", path.string(), failure.message());
    if (size != file.size) {
      throw Error(ErrorKind::kCorrupt, "{}: expected {} bytes, found {}", path.string(), file.size,
                  size);
    }
  }
}

void require(const fs::path& path, bool holds, std::string_view expected) {
  if (!holds) {
    throw Error(ErrorKind::kCorrupt, "{}: expected {}, found another", path.string(), expected);
  }
}

/// `part` is the file that the manifest means, made from `source`.
template <class Part>
void check_part(const fs::path& folder, const Manifest& manifest, std::string_view name,
                const Part& part, std::uint64_t source) {
  const ManifestFile* listed = manifest.find(name);
  require(folder / name, listed != nullptr && listed->fingerprint == part.fingerprint(),
          "the fingerprint in manifest.json");
  require(folder / name, part.made_from() == source, "a file made from the others");
}

void check_parts(const KbFolder& folder) {
  const auto check = [&](std::string_view name, const auto& part, std::uint64_t source) {
    check_part(folder.path, folder.manifest, name, part, source);
  };
  const std::uint64_t concepts = folder.kb.fingerprint();
  check(kb_files::kConcepts, folder.kb.file(), 0);
  check(kb_files::kExact, folder.exact, concepts);
  check(kb_files::kStems, folder.stems, concepts);
  check(kb_files::kNgrams, *folder.ngrams.ngrams, concepts);
  check(kb_files::kNgramForms, folder.ngrams.forms, concepts);
  check(kb_files::kSkeletons, *folder.skeletons.ngrams, concepts);
  check(kb_files::kSkeletonForms, folder.skeletons.forms, concepts);
  const std::uint32_t texts = folder.kb.text_count();
  require(folder.path / kb_files::kNgrams, folder.ngrams.ngrams->size() == texts,
          "a row for every text");
  require(folder.path / kb_files::kSkeletons, folder.skeletons.ngrams->size() == texts,
          "a row for every text");
  if (!folder.vectors) return;
  require(folder.path / kb_files::kVectors, folder.manifest.model.has_value(),
          "a model in manifest.json");
  check(kb_files::kVectors, *folder.vectors,
        vectors_made_from(concepts, folder.manifest.model->fingerprint));
  require(folder.path / kb_files::kVectors, folder.vectors->size() == texts,
          "a vector for every text");
  check(kb_files::kIsotropy, folder.isotropy->file(), folder.vectors->fingerprint());
}

/// The files in `path`: a base, or what was added to `base`.
KbFolder open_files(const fs::path& path, Manifest manifest, const KbFolder* base = nullptr) {
  check_sizes(path, manifest);
  KnowledgeBase kb = KnowledgeBase::open(path / kb_files::kConcepts);
  std::optional<FlatIndex> vectors;
  std::optional<IsotropicView> isotropy;
  if (manifest.find(kb_files::kVectors) != nullptr) {
    vectors = FlatIndex::open(path / kb_files::kVectors);
    isotropy = IsotropicView::open(path / kb_files::kIsotropy, vectors->dimension(),
                                   vectors->size(), kb.concept_count());
  }
  const auto open_ngrams = [&](std::string_view ngrams, std::string_view forms,
                               FormNgrams KbFolder::*part) {
    const auto learnt = base != nullptr ? (base->*part).ngrams : nullptr;
    return FormNgrams{
        EqualForms::open(path / forms, kb.text_count()),
        std::make_shared<const NgramIndex>(NgramIndex::open(path / ngrams, {}, learnt))};
  };
  KbFolder folder{path,
                  std::move(manifest),
                  std::move(kb),
                  KeyIndex::open(path / kb_files::kExact),
                  KeyIndex::open(path / kb_files::kStems),
                  open_ngrams(kb_files::kNgrams, kb_files::kNgramForms, &KbFolder::ngrams),
                  open_ngrams(kb_files::kSkeletons, kb_files::kSkeletonForms, &KbFolder::skeletons),
                  std::move(vectors),
                  std::move(isotropy),
                  nullptr};
  check_parts(folder);
  return folder;
}

/// The changes in `path`, made to `base`.
std::shared_ptr<const KbChanges> open_changes(const fs::path& path, const KbFolder& base) {
  Manifest manifest = read_manifest(path);
  check_sizes(path, manifest);
  SectionFile file = SectionFile::open(path / kb_files::kSuperseded, "supersed");
  check_part(path, manifest, kb_files::kSuperseded, file, base.kb.fingerprint());
  const auto superseded = file.array<ConceptId>("concepts");
  require(path / kb_files::kSuperseded,
          std::is_sorted(superseded.begin(), superseded.end()) &&
              (superseded.empty() || superseded.back() < base.kb.concept_count()),
          "rising concepts of the base");
  const bool has_concepts = manifest.find(kb_files::kConcepts) != nullptr;
  return std::make_shared<const KbChanges>(KbChanges{
      path, std::move(file), superseded,
      has_concepts ? std::optional(open_files(path, std::move(manifest), &base)) : std::nullopt});
}

KbFolder open_once(const fs::path& path, Manifest manifest) {
  KbFolder folder = open_files(path, std::move(manifest));
  if (folder.manifest.changes.empty()) return folder;
  folder.changes = open_changes(path / folder.manifest.changes, folder);
  return folder;
}

bool same_files(const Manifest& a, const Manifest& b) {
  const auto same = [](const ManifestFile& one, const ManifestFile& other) {
    return one.name == other.name && one.fingerprint == other.fingerprint;
  };
  return a.changes == b.changes && std::ranges::equal(a.files, b.files, same);
}

void require_knowledge_base(const fs::path& path) {
  if (is_knowledge_base(path)) return;
  throw Error(ErrorKind::kNotFound, "{}: expected a knowledge base, found no manifest.json in it",
              path.string());
}

void verify_files(const KbFolder& folder) {
  folder.kb.verify();
  folder.exact.verify();
  folder.stems.verify();
  for (const FormNgrams* ngrams : {&folder.ngrams, &folder.skeletons}) {
    ngrams->forms.verify();
    ngrams->ngrams->verify();
  }
  if (folder.vectors) folder.vectors->verify();
  if (folder.isotropy) folder.isotropy->file().verify();
}

void require_no_others(const fs::path& path, const Manifest& manifest) {
  for (const auto& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (name != "manifest.json" && name != manifest.changes && manifest.find(name) == nullptr &&
        !is_leftover_of_update(name, manifest)) {
      throw Error(ErrorKind::kCorrupt, "{}: expected the files of manifest.json, found another",
                  entry.path().string());
    }
  }
}

}  // namespace

KbFolder open_kb_folder(const fs::path& path) {
  require_knowledge_base(path);
  // An update may replace the changes, or a build the whole folder, between the reading of the
  // manifest and the opening of the files: then the manifest is another by now.
  for (std::size_t tried = 1;; ++tried) {
    const Manifest manifest = read_manifest(path);
    try {
      return open_once(path, manifest);
    } catch (const Error&) {
      if (tried == kMostTries || same_files(read_manifest(path), manifest)) throw;
    }
  }
}

void verify_kb_folder(const fs::path& path) {
  const KbFolder folder = open_kb_folder(path);
  require_no_others(path, folder.manifest);
  verify_files(folder);
  if (!folder.changes) return;
  folder.changes->superseded_file.verify();
  require_no_others(folder.changes->path, read_manifest(folder.changes->path));
  if (folder.changes->added) verify_files(*folder.changes->added);
}

bool is_leftover_of_update(std::string_view name, const Manifest& manifest) {
  return (name.starts_with(kb_files::kChangesPrefix) && name != manifest.changes) ||
         (name.starts_with("manifest.json.") && name.ends_with(".partial"));
}

NgramQuery prepare_ngrams(const KbFolder& folder, FormNgrams KbFolder::*kind,
                          std::string_view form) {
  const bool beside = folder.changes && folder.changes->added;
  return (folder.*kind)
      .ngrams->prepare(form, beside ? (*folder.changes->added.*kind).ngrams.get() : nullptr);
}

ChangedKb changed_kb(const KbFolder& folder) {
  if (!folder.changes) return {&folder.kb};
  const KbChanges& changes = *folder.changes;
  return {&folder.kb, changes.added ? &changes.added->kb : nullptr, changes.superseded};
}

std::uint64_t vectors_made_from(std::uint64_t concepts, std::uint64_t model) noexcept {
  const std::uint64_t both[] = {concepts, model};
  return hash_bytes({reinterpret_cast<const char*>(both), sizeof both});
}

}  // namespace enlace
