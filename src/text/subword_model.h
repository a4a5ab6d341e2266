// What splits one piece of text into the entries of a vocabulary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "text/span.h"

namespace enlace {

/// An entry of the vocabulary and the bytes it stands for.
struct Token {
  std::int32_t id;
  Span span;

  bool operator==(const Token&) const = default;
};

/// The best way to reach a place of a piece (Unigram).
struct PathNode {
  double score;
  std::int32_t id;
  std::uint32_t from;
};

/// A token's neighbours (BPE), by their places among the characters of a piece.
struct BpeLink {
  std::uint32_t previous;
  std::uint32_t next;
};

/// Two neighbours that may be merged (BPE): the pair's rank and, in the lower half, the left one's
/// place.
struct BpePair {
  std::uint64_t key;
  std::int32_t merged;
};

/// Memory that a model works in; keep one per thread.
struct ModelWorkspace {
  std::vector<PathNode> path;
  std::vector<BpeLink> links;
  std::vector<BpePair> pairs;
};

/// A trained vocabulary. Const use is thread-safe.
class SubwordModel {
 public:
  virtual ~SubwordModel() = default;

  /// Appends the tokens of `piece`, in order, to `tokens`, with spans within `piece`.
  /// What the vocabulary cannot spell becomes its unknown entry.
  virtual void tokenize(std::string_view piece, ModelWorkspace& workspace,
                        std::vector<Token>& tokens) const = 0;

  /// The id of an entry, or -1.
  virtual std::int32_t find(std::string_view entry) const = 0;

  /// The number of entries; every id is below.
  virtual std::int32_t size() const = 0;

  /// "WordPiece", "BPE" or "Unigram", for people.
  virtual std::string_view kind() const noexcept = 0;
};

}  // namespace enlace
