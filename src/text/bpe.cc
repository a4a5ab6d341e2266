#include "text/bpe.h"

#include <algorithm>
#include <array>
#include <utility>

#include "text/characters.h"

namespace enlace {
namespace {

constexpr std::size_t kFew = 64;  // tokens; beyond, a heap is faster than looking at all of them
constexpr std::uint32_t kNone = UINT32_MAX;

/// Merges the tokens of tokens[first, …) by looking for the best pair again and again. A key is a
/// pair's rank and, in the last byte, the place of its left token: the least is the next to merge.
void merge_few(const MergeTable& merges, std::size_t first, std::vector<Token>& tokens) {
  constexpr std::uint64_t kNoKey = std::uint64_t(MergeTable::kNoRank) << 8;
  std::array<std::uint64_t, kFew> keys;
  std::array<std::int32_t, kFew> merged;
  std::array<std::uint8_t, kFew> next;
  std::array<std::uint8_t, kFew> previous;
  Token* const token = tokens.data() + first;
  const std::size_t count = tokens.size() - first;
  const auto offer = [&](std::size_t left) {
    const MergeTable::Found found = merges.find(token[left].id, token[next[left]].id);
    keys[left] = std::uint64_t(found.rank) << 8 | left;
    merged[left] = found.merged;
  };
  for (std::size_t i = 0; i < count; ++i) {
    next[i] = static_cast<std::uint8_t>(i + 1);
    previous[i] = static_cast<std::uint8_t>(i - 1);
    if (i + 1 < count) offer(i);
  }
  keys[count - 1] = kNoKey;
  while (true) {
    std::uint64_t best = kNoKey;
    for (std::size_t i = 0; i < count; ++i) best = std::min(best, keys[i]);
    if (best >= kNoKey) break;
    const std::size_t left = best & 0xFF;
    const std::size_t right = next[left];
    token[left] = {merged[left], {token[left].span.begin, token[right].span.end}};
    keys[right] = kNoKey;
    next[left] = next[right];
    if (next[left] < count) {
      previous[next[left]] = static_cast<std::uint8_t>(left);
      offer(left);
    } else {
      keys[left] = kNoKey;
    }
    if (left > 0) offer(previous[left]);
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; i = next[i]) token[kept++] = token[i];
  tokens.resize(first + kept);
}

bool is_later(const BpePair& a, const BpePair& b) {
  return a.key > b.key;
}

/// The same with a heap of pairs over a linked list.
void merge_many(const MergeTable& merges, std::size_t first, ModelWorkspace& workspace,
                std::vector<Token>& tokens) {
  const auto count = std::uint32_t(tokens.size() - first);
  Token* const token = tokens.data() + first;
  std::vector<BpeLink>& links = workspace.links;
  std::vector<BpePair>& heap = workspace.pairs;
  links.resize(count);
  heap.clear();
  for (std::uint32_t i = 0; i < count; ++i) links[i] = {i - 1, i + 1 < count ? i + 1 : kNone};
  const auto offer = [&](std::uint32_t left) {
    const MergeTable::Found found = merges.find(token[left].id, token[links[left].next].id);
    if (found.rank != MergeTable::kNoRank)
      heap.push_back({std::uint64_t(found.rank) << 32 | left, found.merged});
  };
  for (std::uint32_t i = 0; i + 1 < count; ++i) offer(i);
  std::make_heap(heap.begin(), heap.end(), is_later);
  const auto push = [&](std::uint32_t left) {
    const std::size_t before = heap.size();
    offer(left);
    if (heap.size() > before) std::push_heap(heap.begin(), heap.end(), is_later);
  };
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), is_later);
    const BpePair pair = heap.back();
    heap.pop_back();
    const auto left = std::uint32_t(pair.key);
    const std::uint32_t right = links[left].next;
    if (token[left].id < 0 || right == kNone) continue;
    if (merges.find(token[left].id, token[right].id).merged != pair.merged) continue;  // was merged
    token[left] = {pair.merged, {token[left].span.begin, token[right].span.end}};
    token[right].id = -1;
    links[left].next = links[right].next;
    if (links[left].next != kNone) {
      links[links[left].next].previous = left;
      push(left);
    }
    if (left > 0) push(links[left].previous);
  }
  std::size_t kept = first;
  for (std::uint32_t i = 0; i != kNone; i = links[i].next) tokens[kept++] = token[i];
  tokens.resize(kept);
}

}  // namespace

Bpe::Bpe(Trie entries, std::int32_t size, std::span<const BpeMerge> merges, BpeOptions options)
    : trie_(std::move(entries)),
      merges_(merges),
      options_(std::move(options)),
      bytes_(trie_),
      size_(size) {}

std::string_view Bpe::spelling(std::string_view character, bool first, bool last,
                               std::string& memory) const {
  const bool plain = (first || options_.continuation.empty()) && (!last || options_.end.empty());
  if (plain) return character;
  memory = first ? "" : options_.continuation;
  memory += character;
  if (last) memory += options_.end;
  return memory;
}

void Bpe::spell(std::string_view piece, std::vector<Token>& tokens) const {
  std::string memory;
  Token unknown = {-1, {}};  // not yet among the tokens
  const auto close = [&] {
    if (unknown.id >= 0) tokens.push_back(unknown);
    unknown.id = -1;
  };
  for (std::uint32_t at = 0; at < piece.size();) {
    const std::uint32_t size = next_code_point(piece, at).size;
    const Span span = {at, at + size};
    const std::string_view spelt =
        spelling(span.of(piece), at == 0, span.end == piece.size(), memory);
    if (const std::int32_t id = trie_.find(spelt); id >= 0) {
      close();
      tokens.push_back({id, span});
    } else if (options_.byte_fallback && bytes_.append(spelt, span, tokens)) {
      // An unknown token before it stays behind it, as the reference library has it.
    } else if (options_.unknown >= 0) {
      if (!options_.fuse_unknown) close();
      if (unknown.id < 0) unknown = {options_.unknown, span};
      unknown.span.end = span.end;
    }
    at += size;
  }
  close();
}

void Bpe::tokenize(std::string_view piece, ModelWorkspace& workspace,
                   std::vector<Token>& tokens) const {
  if (options_.ignore_merges) {
    if (const std::int32_t id = trie_.find(piece); id >= 0) {
      tokens.push_back({id, {0, std::uint32_t(piece.size())}});
      return;
    }
  }
  const std::size_t first = tokens.size();
  spell(piece, tokens);
  if (tokens.size() - first < 2) return;
  if (tokens.size() - first <= kFew) {
    merge_few(merges_, first, tokens);
  } else {
    merge_many(merges_, first, workspace, tokens);
  }
}

}  // namespace enlace
