#include "link/linker.h"

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "encode/text_encoder.h"
#include "encode/text_groups.h"
#include "link/dense_retriever.h"
#include "link/exact_retriever.h"
#include "link/hybrid_retriever.h"
#include "link/known_names.h"
#include "link/ngram_retriever.h"
#include "text/explained_abbreviations.h"

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
  if (!std::filesystem::is_directory(model)) {
    throw Error(ErrorKind::kNotFound,
                "{}: expected the folder of the model of its vectors, {}, found none: --model says "
                "where it is now",
                folder.path.string(), model.string());
  }
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
      : options_(options),
        folder_(open_kb_folder(kb)),
        parts_(searchable_parts(folder_, options.filter)) {
    kind_ = options.retriever.value_or(folder_.vectors ? RetrieverKind::kHybrid
                                                       : RetrieverKind::kNgram);
    if (needs_vectors(kind_)) {
      encoder_ = open_encoder(folder_, options);
    } else if (!options.model.empty()) {
      throw Error(ErrorKind::kInvalidArgument,
                  "model: expected a retriever that uses one, hybrid or dense, found {}",
                  to_string(kind_));
    }
    if (!options.thesaurus.empty()) require_hybrid();
    if (kind_ == RetrieverKind::kHybrid) {
      const bool named = !options.thesaurus.empty();
      thesaurus_path_ = named ? options.thesaurus : options.default_thesaurus;
    }
    if (!thesaurus_path_.empty()) thesaurus_ = open_thesaurus(thesaurus_path_);
    if (options.abbreviations) {
      abbreviations_ = *options.abbreviations;
    } else if (kind_ == RetrieverKind::kHybrid) {
      abbreviations_ = clinical_abbreviations();
    }
    add_retrievers();
  }
  Impl(const Impl&) = delete;  // the retrievers borrow from this
  Impl& operator=(const Impl&) = delete;

  std::vector<std::vector<Candidate>> link(std::span<const std::string> mentions) const {
    const Abbreviations* const tables[] = {&abbreviations_};
    std::vector<Readings> asked;
    for (const std::string& mention : mentions) asked.push_back(readings_of(mention, tables));
    return link_readings(asked);
  }

  std::vector<std::vector<Candidate>> link(std::span<const Document> documents) const {
    std::vector<Readings> asked;
    for (const Document& document : documents) {
      Abbreviations explained;
      if (!abbreviations_.empty()) {
        explained = explained_abbreviations(document.text, abbreviations_);
      }
      const Abbreviations* const tables[] = {&explained, &abbreviations_};
      for (const Mention& mention : document.mentions) {
        asked.push_back(readings_of(mention.text, tables));
      }
    }
    return link_readings(asked);
  }

  EncodeTimes encode_times() const noexcept { return encoder_ ? encoder_->times() : EncodeTimes{}; }
  const KbFolder& folder() const noexcept { return folder_; }
  RetrieverKind kind() const noexcept { return kind_; }
  const std::filesystem::path& thesaurus() const noexcept { return thesaurus_path_; }
  std::span<const KbPart> parts() const noexcept { return parts_; }
  const Abbreviations& abbreviations() const noexcept { return abbreviations_; }

 private:
  using Readings = std::vector<std::string>;  // a mention as it stands, then its other readings

  /// A mention that is a name as it stands is not read otherwise.
  Readings readings_of(const std::string& mention,
                       std::span<const Abbreviations* const> tables) const {
    Readings all{mention};
    if (abbreviations_.empty()) return all;
    Readings others = readings(mention, tables);
    if (others.empty() || is_known_name({forms_, mention, {}}, parts_, forms_)) return all;
    std::ranges::move(others, std::back_inserter(all));
    return all;
  }

  /// Equal texts are looked up once: notes say the same again and again.
  std::vector<std::vector<Candidate>> link_readings(std::span<const Readings> asked) const {
    std::vector<std::string_view> texts;
    for (const Readings& all : asked) texts.insert(texts.end(), all.begin(), all.end());
    const TextGroups groups = group_equal(texts);
    std::vector<std::string> distinct;
    std::vector<std::size_t> group_of(texts.size());
    for (std::size_t g = 0; g < groups.size(); ++g) {
      distinct.emplace_back(texts[groups.group(g).front()]);
      for (const std::uint32_t i : groups.group(g)) group_of[i] = g;
    }
    const auto found = link_each(distinct);
    std::vector<std::vector<Candidate>> of_all;
    auto group = group_of.begin();
    for (const Readings& all : asked) {
      std::vector<Candidate>& candidates = of_all.emplace_back(found[*group++]);
      for (std::size_t i = 1; i < all.size(); ++i) {
        for (Candidate candidate : found[*group++]) {
          candidate.read_as = all[i];
          candidates.push_back(std::move(candidate));
        }
      }
      if (all.size() > 1) rank(candidates, options_.ties, options_.k);
    }
    return of_all;
  }

  std::vector<std::vector<Candidate>> link_each(std::span<const std::string> mentions) const {
    std::vector<float> embedded;
    if (encoder_) embedded = embed_mentions(*encoder_, mentions, options_.workers);
    SearchOptions search;
    search.k = options_.k;
    search.ties = options_.ties;
    search.workers = options_.workers;
    search.vectors = embedded;
    std::vector<std::vector<Candidate>> found(mentions.size());
    for (const auto& retriever : retrievers_) {
      const auto more = retriever->retrieve(mentions, search);
      for (std::size_t i = 0; i < found.size(); ++i) {
        merge_ranked(found[i], more[i], options_.ties, options_.k);
      }
    }
    return found;
  }

  void require_hybrid() const {
    if (kind_ != RetrieverKind::kHybrid) {
      throw Error(ErrorKind::kInvalidArgument,
                  "thesaurus: expected the retriever hybrid, which asks it, found {}",
                  to_string(kind_));
    }
  }

  void add_retrievers() {
    if (kind_ == RetrieverKind::kHybrid) {
      retrievers_.push_back(std::make_unique<HybridRetriever>(parts_, *encoder_, thesaurus_.get()));
      return;
    }
    for (const KbPart& part : parts_) retrievers_.push_back(retriever_of(part));
  }

  std::unique_ptr<Retriever> retriever_of(const KbPart& part) const {
    switch (kind_) {
      case RetrieverKind::kHybrid: break;  // one for all parts
      case RetrieverKind::kDense: return std::make_unique<DenseRetriever>(part, *encoder_);
      case RetrieverKind::kNgram: return std::make_unique<NgramRetriever>(part);
      case RetrieverKind::kExact: return std::make_unique<ExactRetriever>(part);
    }
    throw Error(ErrorKind::kInternal, "linker: no such retriever");
  }

  LinkerOptions options_;
  KbFolder folder_;
  std::vector<KbPart> parts_;
  RetrieverKind kind_;
  std::optional<TextEncoder> encoder_;
  std::filesystem::path thesaurus_path_;        // may be empty
  std::unique_ptr<const Thesaurus> thesaurus_;  // may be none
  Abbreviations abbreviations_;                 // none: mentions are read as they stand
  NameForms forms_;
  std::vector<std::unique_ptr<Retriever>> retrievers_;  // one a part, or one for all
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
std::vector<std::vector<Candidate>> Linker::link(std::span<const Document> documents) const {
  return impl_->link(documents);
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
const std::filesystem::path& Linker::thesaurus() const noexcept {
  return impl_->thesaurus();
}
MentionFinder Linker::mention_finder() const {
  return MentionFinder(impl_->parts(), impl_->abbreviations());
}
bool Linker::has_name(std::string_view text) const {
  const auto parts = impl_->parts();
  return std::any_of(parts.begin(), parts.end(), [&](const KbPart& part) {
    const KnowledgeBase& kb = part.folder->kb;
    const auto found = kb.find_text(text);
    return found && std::ranges::any_of(kb.names_with_text(*found), [&](NameId name) {
             return part.counts(kb.concept_of(name));
           });
  });
}

}  // namespace enlace
