#include "link/kb_folder.h"

#include "base/error.h"
#include "base/hash.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

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

class PartChecker {
 public:
  explicit PartChecker(const KbFolder& folder) : folder_(folder) {}

  void require(std::string_view name, bool holds, std::string_view expected) const {
    if (!holds) {
      throw Error(ErrorKind::kCorrupt, "{}: expected {}, found another",
                  (folder_.path / name).string(), expected);
    }
  }

  /// `part` is the file that the manifest means, made from `source`.
  template <class Part>
  void check(std::string_view name, const Part& part, std::uint64_t source) const {
    const ManifestFile* listed = folder_.manifest.find(name);
    require(name, listed != nullptr && listed->fingerprint == part.fingerprint(),
            "the fingerprint in manifest.json");
    require(name, part.made_from() == source, "an index of this concepts.enlace");
  }

  template <class Index>
  void check(std::string_view forms, std::string_view texts, const FormIndex<Index>& index) const {
    check(forms, index.forms, folder_.kb.fingerprint());
    check(texts, index.texts.file(), folder_.kb.fingerprint());
    require(texts, index.texts.row_count() == index.forms.size(), "a row for every form");
  }

 private:
  const KbFolder& folder_;
};

void check_parts(const KbFolder& folder) {
  const PartChecker checker(folder);
  checker.check(kb_files::kConcepts, folder.kb.file(), 0);
  checker.check(kb_files::kExact, folder.exact, folder.kb.fingerprint());
  checker.check(kb_files::kStems, folder.stems, folder.kb.fingerprint());
  checker.check(kb_files::kNgrams, kb_files::kNgramsTexts, folder.ngrams);
  checker.check(kb_files::kSkeletons, kb_files::kSkeletonsTexts, folder.skeletons);
  if (!folder.vectors) return;
  checker.require(kb_files::kVectors, folder.manifest.model.has_value(),
                  "a model in manifest.json");
  checker.check(kb_files::kVectors, *folder.vectors,
                vectors_made_from(folder.kb.fingerprint(), folder.manifest.model->fingerprint));
  checker.require(kb_files::kVectors, folder.vectors->size() == folder.kb.text_count(),
                  "a vector for every text");
  checker.check(kb_files::kIsotropy, folder.isotropy->file(), folder.vectors->fingerprint());
}

template <class Index>
FormIndex<Index> open_forms(const fs::path& forms, const fs::path& map, std::uint32_t texts) {
  return {Index::open(forms), TextMap::open(map, texts)};
}

}  // namespace

KbFolder open_kb_folder(const fs::path& path) {
  if (!is_knowledge_base(path)) {
    throw Error(ErrorKind::kNotFound, "{}: expected a knowledge base, found no manifest.json in it",
                path.string());
  }
  Manifest manifest = read_manifest(path);
  check_sizes(path, manifest);
  KnowledgeBase kb = KnowledgeBase::open(path / kb_files::kConcepts);
  std::optional<FlatIndex> vectors;
  std::optional<IsotropicView> isotropy;
  if (manifest.find(kb_files::kVectors) != nullptr) {
    vectors = FlatIndex::open(path / kb_files::kVectors);
    isotropy = IsotropicView::open(path / kb_files::kIsotropy, vectors->dimension(),
                                   vectors->size(), kb.concept_count());
  }
  const std::uint32_t texts = kb.text_count();
  KbFolder folder{
      path,
      std::move(manifest),
      std::move(kb),
      KeyIndex::open(path / kb_files::kExact),
      KeyIndex::open(path / kb_files::kStems),
      open_forms<NgramIndex>(path / kb_files::kNgrams, path / kb_files::kNgramsTexts, texts),
      open_forms<NgramIndex>(path / kb_files::kSkeletons, path / kb_files::kSkeletonsTexts, texts),
      std::move(vectors),
      std::move(isotropy)};
  check_parts(folder);
  return folder;
}

void verify_kb_folder(const fs::path& path) {
  const KbFolder folder = open_kb_folder(path);
  for (const auto& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (name != "manifest.json" && folder.manifest.find(name) == nullptr) {
      throw Error(ErrorKind::kCorrupt, "{}: expected the files of manifest.json, found another",
                  entry.path().string());
    }
  }
  folder.kb.verify();
  folder.exact.verify();
  folder.stems.verify();
  folder.ngrams.forms.verify();
  folder.ngrams.texts.file().verify();
  folder.skeletons.forms.verify();
  folder.skeletons.texts.file().verify();
  if (folder.vectors) folder.vectors->verify();
  if (folder.isotropy) folder.isotropy->file().verify();
}

std::uint64_t vectors_made_from(std::uint64_t concepts, std::uint64_t model) noexcept {
  const std::uint64_t both[] = {concepts, model};
  return hash_bytes({reinterpret_cast<const char*>(both), sizeof both});
}

}  // namespace enlace
