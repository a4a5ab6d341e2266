// From mentions to concepts: the class that front ends use.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/document.h"
#include "encode/text_encoder.h"
#include "link/candidate.h"
#include "link/kb_folder.h"
#include "link/mention_finder.h"
#include "link/name_filter.h"
#include "link/ranking.h"
#include "text/abbreviations.h"

namespace enlace {

/// How candidates are found.
enum class RetrieverKind { kHybrid, kDense, kNgram, kExact };

/// "hybrid", "dense", "ngram", "exact".
std::string_view to_string(RetrieverKind kind) noexcept;
/// Throws Error(kInvalidArgument) for another word.
RetrieverKind parse_retriever_kind(std::string_view word);

struct LinkerOptions {
  std::optional<RetrieverKind> retriever;  // unset: hybrid if there are vectors, else ngram
  std::filesystem::path model;             // unset: where the knowledge base was built with it
  std::filesystem::path thesaurus;  // as open_thesaurus takes it, for hybrid alone; unset: the next
  std::filesystem::path default_thesaurus;     // asked if hybrid is the retriever; unset: none
  std::optional<Abbreviations> abbreviations;  // unset: the clinical ones for hybrid, else none
  NameFilter filter;
  Ties ties = Ties::kShortCode;
  std::size_t k = 5;  // candidates per mention
  std::size_t workers = 1;
};

/// A knowledge base, a retriever and a filter, ready to link. Const use is thread-safe.
class Linker {
 public:
  /// Throws as open_kb_folder, TextEncoder::open, open_thesaurus and NameScope do; kInvalidArgument
  /// if the retriever needs vectors and there are none, or another model made them, or if there is
  /// a thesaurus and the retriever asks none.
  static Linker open(const std::filesystem::path& kb, const LinkerOptions& options = {});
  Linker(Linker&&) noexcept;
  Linker& operator=(Linker&&) noexcept;
  ~Linker();

  /// For each mention its candidates, best first; none where nothing is like it. Cost: best asked
  /// for hundreds of mentions at once.
  ///
  /// Where abbreviations are given, a mention that is no name as it stands is looked up in each of
  /// its readings (text/abbreviations.h) too, and a concept has the best score it has in any.
  std::vector<std::vector<Candidate>> link(std::span<const std::string> mentions) const;
  /// The same for the mentions of documents, one document after the other. What a document explains
  /// (text/explained_abbreviations.h) goes before the abbreviations given.
  std::vector<std::vector<Candidate>> link(std::span<const Document> documents) const;

  /// Where the time of embedding went; zeros if the retriever embeds nothing.
  EncodeTimes encode_times() const noexcept;

  const KbFolder& folder() const noexcept;
  /// The knowledge base with what was changed since it was built.
  ChangedKb changed_kb() const { return enlace::changed_kb(folder()); }
  /// Whether some concept has exactly this name, in the base or in its changes.
  bool has_name(std::string_view text) const;
  RetrieverKind retriever() const noexcept;
  /// The thesaurus that is asked; empty if none is.
  const std::filesystem::path& thesaurus() const noexcept;
  /// A finder of mentions in texts: names within the filter, of the base and of its changes.
  /// Borrows from this.
  MentionFinder mention_finder() const;

 private:
  class Impl;
  explicit Linker(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace enlace
