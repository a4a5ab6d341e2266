#include "kb/draft.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <tuple>

#include "base/error.h"
#include "kb/is_a_cycles.h"

namespace enlace {
namespace {

/// Mixes the key of a name; multiplied by 2^64 over the golden ratio between the parts.
std::size_t hash_of(const KbDraft::Name& name) noexcept {
  constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15U;
  std::uint64_t hash = (std::uint64_t(name.code) << 32 | name.text) * kMultiplier;
  hash = (hash ^ hash >> 32 ^ name.language) * kMultiplier;
  return std::size_t(hash ^ hash >> 32);
}

bool same_key(const KbDraft::Name& a, const KbDraft::Name& b) noexcept {
  return a.code == b.code && a.text == b.text && a.language == b.language;
}

}  // namespace

std::size_t KbDraft::slot_of(const Name& name) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash_of(name) & mask;
  while (slots_[slot] != 0 && !same_key(names_[slots_[slot] - 1], name)) slot = (slot + 1) & mask;
  return slot;
}

void KbDraft::grow() {
  slots_.assign(std::max<std::size_t>(64, slots_.size() * 2), 0);
  for (std::uint32_t i = 0; i < names_.size(); ++i) slots_[slot_of(names_[i])] = i + 1;
}

void KbDraft::add(const NameRecord& record, SourceReport& report) {
  assert(readers_ > 0 && !record.code.empty() && !record.text.empty());
  settled_ = false;
  const std::uint32_t language = languages_.intern(record.language);
  if (language > std::numeric_limits<std::uint16_t>::max()) {
    throw Error(ErrorKind::kUnsupported, "more than {} languages", language);
  }
  Name name{codes_.intern(record.code), texts_.intern(record.text), 0, std::uint16_t(language),
            record.scope};

  if (last_reader_.size() <= name.code) last_reader_.resize(codes_.size(), 0);
  std::uint32_t& last_reader = last_reader_[name.code];
  if (last_reader != readers_) ++(last_reader == 0 ? report.new_concepts : report.merged_concepts);
  last_reader = readers_;

  if (names_.size() + 1 > slots_.size() / 4 * 3) grow();
  std::uint32_t& taken = slots_[slot_of(name)];
  if (taken != 0) {
    ++report.duplicates;
    Scope& scope = names_[taken - 1].scope;
    scope = std::min(scope, name.scope);
    return;
  }
  if (names_.size() >= std::numeric_limits<std::uint32_t>::max() - 1) {
    throw Error(ErrorKind::kUnsupported, "more than {} names", names_.size());
  }
  name.source = sources_.intern(record.source);
  names_.push_back(name);
  taken = std::uint32_t(names_.size());
  ++report.names;
}

void KbDraft::add(const TypeRecord& record) {
  settled_ = false;
  type_pairs_.emplace_back(codes_.intern(record.code), types_.intern(record.type));
}

void KbDraft::add(const RelationRecord& record) {
  assert(readers_ > 0);
  settled_ = false;
  edges_.push_back({codes_.intern(record.child), codes_.intern(record.parent), readers_ - 1});
}

void KbDraft::add(const XrefRecord& record) {
  settled_ = false;
  xref_pairs_.emplace_back(codes_.intern(record.code), xrefs_.intern(record.external));
}

void KbDraft::settle(std::span<SourceReport> reports) {
  assert(reports.size() == readers_);
  const auto tidy = [this](std::vector<Pair>& pairs) {
    std::erase_if(pairs, [this](const Pair& pair) { return !named(pair.first); });
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  };
  tidy(type_pairs_);
  tidy(xref_pairs_);

  std::sort(edges_.begin(), edges_.end(), [](const Edge& a, const Edge& b) {
    return std::tie(a.child, a.parent, a.reader) < std::tie(b.child, b.parent, b.reader);
  });
  const auto same = [](const Edge& a, const Edge& b) {
    return a.child == b.child && a.parent == b.parent;
  };
  edges_.erase(std::unique(edges_.begin(), edges_.end(), same), edges_.end());
  std::erase_if(edges_, [&](const Edge& edge) {
    const bool kept = named(edge.child) && named(edge.parent);
    if (!kept) ++reports[edge.reader].unnamed_edges;
    return !kept;
  });
  drop_cyclic_edges(edges_, codes_, reports);
  settled_ = true;
}

}  // namespace enlace
