#include "link/linker.h"

#include "base/error.h"
#include "encode/text_encoder.h"
#include "link/dense_retriever.h"
#include "link/exact_retriever.h"
#include "link/hybrid_retriever.h"
#include "link/ngram_retriever.h"

namespace enlace {
namespace {

bool needs_vectors(RetrieverKind kind) {
  return kind == RetrieverKind::kHybrid || kind == RetrieverKind::kDense;
}

std::optional<TextEncoder> open_encoder(const KbFolder& folder, const LinkerOptions& options) {
  if (!folder.manifest.model) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}: expected vectors, found none; build it with --model", folder.path.string());
  }
  const ManifestModel& noted = *folder.manifest.model;
  std::filesystem::path model = options.model;
  if (model.empty()) model = noted.path;
  return TextEncoder::open(model, noted.precision);
}

}  // namespace

std::string_view to_string(RetrieverKind kind) noexcept {
  switch (kind) {
    case RetrieverKind::kHybrid: return "hybrid";
    case RetrieverKind::kDense: return "dense";
    case RetrieverKind::kNgram: return "ngram";
    case RetrieverKind::kExact: return "exact";
  }
  return "";
}

RetrieverKind parse_retriever_kind(std::string_view word) {
  for (const RetrieverKind kind : {RetrieverKind::kHybrid, RetrieverKind::kDense,
                                   RetrieverKind::kNgram, RetrieverKind::kExact}) {
    if (word == to_string(kind)) return kind;
  }
  throw Error(ErrorKind::kInvalidArgument,
              "retriever: expected hybrid, dense, ngram or exact, found another word");
}

class Linker::Impl {
 public:
  Impl(const std::filesystem::path& kb, const LinkerOptions& options)
      : options_(options), folder_(open_kb_folder(kb)), scope_(folder_.kb, options.filter) {
    kind_ = options.retriever.value_or(folder_.vectors ? RetrieverKind::kHybrid
                                                       : RetrieverKind::kNgram);
    if (needs_vectors(kind_)) encoder_ = open_encoder(folder_, options);
    retriever_ = make_retriever();
  }
  Impl(const Impl&) = delete;  // the retriever borrows from this
  Impl& operator=(const Impl&) = delete;

  std::vector<std::vector<Candidate>> link(std::span<const std::string> mentions) const {
    return retriever_->retrieve(mentions, {.k = options_.k,
                                           .scope = scope_.everything() ? nullptr : &scope_,
                                           .ties = options_.ties,
                                           .workers = options_.workers});
  }

  EncodeTimes encode_times() const noexcept { return encoder_ ? encoder_->times() : EncodeTimes{}; }
  const KbFolder& folder() const noexcept { return folder_; }
  RetrieverKind kind() const noexcept { return kind_; }
  const NameScope& scope() const noexcept { return scope_; }

 private:
  std::unique_ptr<Retriever> make_retriever() const {
    switch (kind_) {
      case RetrieverKind::kHybrid: return std::make_unique<HybridRetriever>(folder_, *encoder_);
      case RetrieverKind::kDense: return std::make_unique<DenseRetriever>(folder_, *encoder_);
      case RetrieverKind::kNgram: return std::make_unique<NgramRetriever>(folder_);
      case RetrieverKind::kExact: return std::make_unique<ExactRetriever>(folder_);
    }
    throw Error(ErrorKind::kInternal, "linker: no such retriever");
  }

  LinkerOptions options_;
  KbFolder folder_;
  NameScope scope_;
  RetrieverKind kind_;
  std::optional<TextEncoder> encoder_;
  std::unique_ptr<Retriever> retriever_;
};

Linker::Linker(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Linker::Linker(Linker&&) noexcept = default;
Linker& Linker::operator=(Linker&&) noexcept = default;
Linker::~Linker() = default;

Linker Linker::open(const std::filesystem::path& kb, const LinkerOptions& options) {
  return Linker(std::make_unique<Impl>(kb, options));
}

std::vector<std::vector<Candidate>> Linker::link(std::span<const std::string> mentions) const {
  return impl_->link(mentions);
}
EncodeTimes Linker::encode_times() const noexcept {
  return impl_->encode_times();
}
const KbFolder& Linker::folder() const noexcept {
  return impl_->folder();
}
RetrieverKind Linker::retriever() const noexcept {
  return impl_->kind();
}
const NameScope& Linker::scope() const noexcept {
  return impl_->scope();
}

}  // namespace enlace
