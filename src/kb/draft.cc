#include "kb/draft.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <future>
#include <limits>
#include <tuple>

#include "base/error.h"
#include "kb/is_a_cycles.h"

namespace enlace {
namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};
constexpr std::size_t kShownUnnamed = 3;     // is-a relations of a source, one end without a name
constexpr std::size_t kLongestChain = 1000;  // of replacements; longer ones are cycles

/// Mixes the key of a name; multiplied by 2^64 over the golden ratio between the parts.
std::uint32_t hash_of(const KbDraft::Name& name) noexcept {
  constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15U;
  std::uint64_t hash = (std::uint64_t(name.code) << 32 | name.text) * kMultiplier;
  hash = (hash ^ hash >> 32 ^ name.language) * kMultiplier;
  return std::uint32_t(hash >> 32);
}

bool same_key(const KbDraft::Name& a, const KbDraft::Name& b) noexcept {
  return a.code == b.code && a.text == b.text && a.language == b.language;
}

/// Takes over what a name says of the same code, text and language.
void take_over(KbDraft::Name& kept, const KbDraft::Name& same) noexcept {
  kept.scope = std::min(kept.scope, same.scope);
  if (kept.earlier || !same.earlier) return;
  kept.origin = same.origin;
  kept.earlier = true;
}

void count_as_merged(SourceReport& report) noexcept {
  --report.new_concepts;
  ++report.merged_concepts;
}

}  // namespace

TaggedSlots::Slot& KbDraft::slot_of(const Name& name, std::uint32_t hash) noexcept {
  return slots_.slot(hash, [&](std::uint32_t i) { return same_key(names_[i], name); });
}

void KbDraft::begin_source(SourceDefaults defaults) {
  defaults_ = std::move(defaults);
  first_names_of_readers_.push_back(std::uint32_t(names_.size()));
  ++readers_;
}

void KbDraft::begin_earlier_source() {
  begin_source();
  earlier_reader_ = readers_;
  earlier_xrefs_ = xref_pairs_.size();
}

/// The number of the source that added a name. Requires that no name was moved since.
std::uint32_t KbDraft::reader_of(std::uint32_t name) const noexcept {
  const auto& firsts = first_names_of_readers_;
  const auto after = std::upper_bound(firsts.begin(), firsts.end(), name);
  return std::uint32_t(after - firsts.begin()) - 1;
}

std::uint32_t KbDraft::code_id(std::string_view code) {
  if (!defaults_.prefix.empty() && !code.starts_with(defaults_.prefix)) {
    code = prefixed_.assign(defaults_.prefix).append(code);
  }
  // Neighbours are mostly of one concept, and sources of one order.
  for (std::uint32_t id = last_code_; id < codes_.size() && id < last_code_ + 2; ++id) {
    if (codes_[id] == code) return last_code_ = id;
  }
  return last_code_ = codes_.intern(code);
}

std::uint16_t KbDraft::language_id(std::string_view language) {
  const std::uint32_t id = languages_.intern(language);
  if (id > std::numeric_limits<std::uint16_t>::max()) {
    throw Error(ErrorKind::kUnsupported, "more than {} languages", id);
  }
  return std::uint16_t(id);
}

std::uint32_t KbDraft::origin_id(const NameRecord& record) {
  const std::string_view licence =
      record.licence.empty() ? std::string_view(defaults_.licence) : record.licence;
  const Origin origin{sources_.intern(record.source), term_types_.intern(record.term_type),
                      licences_.intern(licence)};
  const std::size_t lately = origin.source * 31 + origin.term_type * 7 + origin.licence;
  std::uint32_t& recent = recent_origins_[lately % recent_origins_.size()];
  if (recent < origins_.size() && origins_[recent] == origin) return recent;
  const auto [place, is_new] = origin_ids_.try_emplace(origin, std::uint32_t(origins_.size()));
  if (is_new) origins_.push_back(origin);
  return recent = place->second;
}

void KbDraft::add(std::span<const NameRecord> names, SourceReport& report) {
  for (; !names.empty(); names = names.subspan(std::min(kBatch, names.size()))) {
    add_batch(names.first(std::min(kBatch, names.size())), report);
  }
}

void KbDraft::add_batch(std::span<const NameRecord> records, SourceReport& report) {
  assert(readers_ > 0);
  settled_ = false;
  // Each loop asks memory for what a later one reads.
  std::array<std::uint32_t, kBatch> hashes, alike, name_hashes;
  std::array<Name, kBatch> names;
  for (std::size_t i = 0; i < records.size(); ++i) {
    hashes[i] = StringPool::hash_of(records[i].text);
    texts_.prefetch(hashes[i]);
    if (i == 0 || records[i].code != records[i - 1].code) {
      codes_.prefetch(StringPool::hash_of(records[i].code));
    }
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    alike[i] = texts_.alike(hashes[i]);
    if (alike[i] != 0) texts_.ask_where(alike[i] - 1);
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (alike[i] != 0) texts_.ask(alike[i] - 1);
  }
  slots_.reserve(names_.size() + records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const NameRecord& record = records[i];
    assert(!record.code.empty() && !record.text.empty());
    names[i] = {code_id(record.code), texts_.intern(record.text, hashes[i]), 0,
                language_id(record.language), record.scope};
    name_hashes[i] = hash_of(names[i]);
    slots_.prefetch(name_hashes[i]);
  }
  if (last_reader_.size() < codes_.size()) last_reader_.resize(codes_.size(), 0);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::uint32_t same = slots_.alike(name_hashes[i]);
    if (same != 0) __builtin_prefetch(names_.data() + (same - 1));
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    enter(names[i], name_hashes[i], records[i], report);
  }
}

void KbDraft::enter(Name name, std::uint32_t hash, const NameRecord& record, SourceReport& report) {
  std::uint32_t& last_reader = last_reader_[name.code];
  if (last_reader != readers_) {
    ++(last_reader == 0 ? report.new_concepts : report.merged_concepts);
    if (earlier()) earlier_codes_.push_back(name.code);
  }
  last_reader = readers_;

  name.earlier = earlier();
  auto& slot = slot_of(name, hash);
  if (slot.taken != 0) {
    ++report.duplicates;
    if (name.earlier) name.origin = origin_id(record);
    take_over(names_[slot.taken - 1], name);
    return;
  }
  if (names_.size() >= std::numeric_limits<std::uint32_t>::max() - 1) {
    throw Error(ErrorKind::kUnsupported, "more than {} names", names_.size());
  }
  name.origin = origin_id(record);
  names_.push_back(name);
  slot = {hash, std::uint32_t(names_.size())};
  ++report.names;
}

void KbDraft::add(const TypeRecord& record) {
  settled_ = false;
  type_pairs_.emplace_back(code_id(record.code), types_.intern(record.type));
}

void KbDraft::add(const RelationRecord& record) {
  assert(readers_ > 0);
  settled_ = false;
  const std::uint32_t child = code_id(record.child);
  edges_.push_back({child, code_id(record.parent), readers_ - 1});
}

void KbDraft::add(const XrefRecord& record) {
  assert(readers_ > 0);
  settled_ = false;
  xref_pairs_.emplace_back(code_id(record.code), xrefs_.intern(record.external));
}

void KbDraft::add(const DefinitionRecord& record) {
  settled_ = false;
  const std::uint32_t code = code_id(record.code);
  definitions_.push_back({code, std::string(record.language), std::string(record.text), earlier()});
}

void KbDraft::add(const ReplacementRecord& record) {
  assert(readers_ > 0);
  settled_ = false;
  const std::uint32_t code = code_id(record.code);
  replacements_.push_back({code, code_id(record.successor), readers_ - 1});
}

void KbDraft::add(const EquivalenceRecord& record) {
  assert(readers_ > 0);
  settled_ = false;
  const std::uint32_t a = codes_.intern(record.a);
  joins_.push_back({a, codes_.intern(record.b), readers_ - 1});
}

void KbDraft::settle(std::span<SourceReport> reports) {
  assert(reports.size() == readers_);
  if (!merging_prefixes_.empty()) join_by_xrefs();
  join_codes(reports);
  auto relations = std::async(std::launch::async, [&] { settle_relations(reports); });
  const auto tidy = [this](std::vector<Pair>& pairs) {
    std::erase_if(pairs, [this](const Pair& pair) { return !named(pair.first); });
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  };
  tidy(type_pairs_);
  tidy(xref_pairs_);
  std::erase_if(definitions_, [this](const Definition& given) { return !named(given.code); });
  std::stable_sort(definitions_.begin(), definitions_.end(),
                   [](const Definition& a, const Definition& b) {
                     return std::pair(a.code, !a.earlier) < std::pair(b.code, !b.earlier);
                   });
  const auto of_one = [](const Definition& a, const Definition& b) { return a.code == b.code; };
  definitions_.erase(std::unique(definitions_.begin(), definitions_.end(), of_one),
                     definitions_.end());
  relations.get();
  settled_ = true;
}

std::string_view KbDraft::merging_code(std::string_view external) const noexcept {
  for (const std::string& prefix : merging_prefixes_) {
    const std::size_t colon = prefix.size();
    if (external.starts_with(prefix) && external.size() > colon + 1 && external[colon] == ':') {
      return external.substr(colon + 1);
    }
  }
  return {};
}

/// References that are codes of a hub join all who share one, whether the hub has names here or
/// not. No source answers for these joins: their number of a reader is one too many.
void KbDraft::join_by_xrefs() {
  std::vector<std::uint32_t> hubs(xrefs_.size(), kNone);
  for (std::uint32_t id = 0; id < xrefs_.size(); ++id) {
    const std::string_view behind = merging_code(xrefs_[id]);
    if (behind.empty()) continue;
    const auto whole = codes_.find(xrefs_[id]);
    hubs[id] = whole ? *whole : codes_.intern(behind);
  }
  for (std::size_t i = 0; i < std::min(xref_pairs_.size(), earlier_xrefs_); ++i) {
    const auto& [code, xref] = xref_pairs_[i];
    if (hubs[xref] != kNone) joins_.push_back({code, hubs[xref], readers_});
  }
}

/// Counts what a source said of concepts and names that the earlier one has, as if that had been
/// first.
void KbDraft::recount_known(const std::vector<std::uint32_t>& first_names,
                            std::span<SourceReport> reports) const {
  for (const std::uint32_t code : earlier_codes_) {
    const std::uint32_t reader = reader_of(first_names[code]);
    if (reader + 1 != earlier_reader_) count_as_merged(reports[reader]);
  }
  if (earlier_codes_.empty()) return;
  for (std::uint32_t i = 0; i < first_names_of_readers_[earlier_reader_ - 1]; ++i) {
    if (!names_[i].earlier) continue;
    SourceReport& report = reports[reader_of(i)];
    --report.names;
    ++report.duplicates;
  }
}

/// The order in which codes are taken to stand for others: by their first names, those of the
/// earlier source before all others.
std::vector<std::uint32_t> KbDraft::code_ranks(std::vector<std::uint32_t> first_names) const {
  const auto known = std::uint32_t(earlier_codes_.size());
  if (known == 0) return first_names;
  for (std::uint32_t& rank : first_names) rank += rank == kNone ? 0 : known;
  for (std::uint32_t i = 0; i < known; ++i) first_names[earlier_codes_[i]] = i;
  return first_names;
}

void KbDraft::join_codes(std::span<SourceReport> reports) {
  std::vector<std::uint32_t> first_names(codes_.size(), kNone);
  for (std::uint32_t i = std::uint32_t(names_.size()); i-- > 0;) first_names[names_[i].code] = i;
  recount_known(first_names, reports);
  const auto standing = standing_codes(joins_, code_ranks(first_names));
  if (!joins_.empty()) find_doubtful_groups(standing);
  for (const CodeJoin& join : joins_) {
    const bool declared = join.reader < readers_;
    const bool known = join.reader + 1 == earlier_reader_;  // a led to b before
    if (declared) ++reports[join.reader].mappings;
    ++(declared ? join_report_.mappings : join_report_.references);
    for (const std::uint32_t code : {join.a, join.b}) {
      if (standing[code] == code || !named(code)) continue;
      if (declared) ++reports[join.reader].joined_concepts;
      ++join_report_.joined_concepts;
      if (known && code == join.a) count_as_merged(reports[reader_of(first_names[code])]);
      last_reader_[code] = 0;  // counted, and no concept of its own any more
    }
  }
  if (!joins_.empty()) move_names(standing);
  for (auto* pairs : {&type_pairs_, &xref_pairs_}) {
    for (Pair& pair : *pairs) pair.first = standing[pair.first];
  }
  for (Definition& definition : definitions_) definition.code = standing[definition.code];
  for (Edge& edge : edges_) edge = {standing[edge.child], standing[edge.parent], edge.reader};
  settle_former_codes(standing, reports);
  joins_.clear();
}

void KbDraft::find_doubtful_groups(const std::vector<std::uint32_t>& standing) {
  std::vector<bool> joined(standing.size());  // has joined others, or been joined by one
  for (std::uint32_t code = 0; code < standing.size(); ++code) {
    if (standing[code] != code) joined[code] = joined[standing[code]] = true;
  }
  std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> uses;
  for (const Name& name : names_) {
    if (joined[name.code]) {
      uses.emplace_back(standing[name.code], origins_[name.origin].source, name.code);
    }
  }
  auto groups = doubtful_groups(std::move(uses));
  std::stable_sort(groups.begin(), groups.end(),
                   [&](const DoubtfulGroup& a, const DoubtfulGroup& b) {
                     return codes_[a.standing] < codes_[b.standing];
                   });
  join_report_.doubtful = groups.size();
  for (const DoubtfulGroup& group : groups) {
    if (join_report_.examples.size() == JoinReport::kKeptExamples) break;
    std::string text = std::string(sources_[group.source]) + ":";
    for (const std::uint32_t code : group.codes) text.append(" ").append(codes_[code]);
    join_report_.examples.push_back(std::move(text));
  }
}

/// Gives every name to the standing code; of names that become equal, the first stays.
void KbDraft::move_names(const std::vector<std::uint32_t>& standing) {
  std::vector<Name> moved;
  moved.swap(names_);
  slots_.clear();
  for (Name& name : moved) {
    name.code = standing[name.code];
    const std::uint32_t hash = hash_of(name);
    auto& slot = slot_of(name, hash);
    if (slot.taken == 0) {
      names_.push_back(name);
      slot = {hash, std::uint32_t(names_.size())};
    } else {
      take_over(names_[slot.taken - 1], name);
    }
  }
}

void KbDraft::settle_former_codes(const std::vector<std::uint32_t>& standing,
                                  std::span<SourceReport> reports) {
  std::vector<std::uint32_t> next(standing);
  for (const auto& [code, successor, reader] : replacements_) {
    if (named(code)) {
      ++reports[reader].named_former_codes;
    } else if (next[code] == code) {
      next[code] = successor;
    }
  }
  for (std::uint32_t code = 0; code < next.size(); ++code) {
    if (next[code] == code) continue;
    std::uint32_t end = next[code];
    for (std::size_t steps = 0; next[end] != end && !named(end) && steps < kLongestChain; ++steps) {
      end = next[end];
    }
    if (named(end) && end != code) former_codes_.emplace_back(code, end);
  }
  replacements_.clear();
  std::sort(former_codes_.begin(), former_codes_.end());
  former_codes_.erase(std::unique(former_codes_.begin(), former_codes_.end()), former_codes_.end());
}

void KbDraft::settle_relations(std::span<SourceReport> reports) {
  std::sort(edges_.begin(), edges_.end(), [](const Edge& a, const Edge& b) {
    return std::tie(a.child, a.parent, a.reader) < std::tie(b.child, b.parent, b.reader);
  });
  const auto same = [](const Edge& a, const Edge& b) {
    return a.child == b.child && a.parent == b.parent;
  };
  edges_.erase(std::unique(edges_.begin(), edges_.end(), same), edges_.end());
  const auto has_names = [&](const Edge& edge) { return named(edge.child) && named(edge.parent); };
  const auto unnamed = std::stable_partition(edges_.begin(), edges_.end(), has_names);
  const std::vector<Edge> dropped(unnamed, edges_.end());
  edges_.erase(unnamed, edges_.end());
  drop_cyclic_edges(edges_, codes_, reports);
  for (const Edge& edge : dropped) {
    SourceReport& report = reports[edge.reader];
    // A source of which only a part is wanted has many.
    if (++report.unnamed_edges > kShownUnnamed) continue;
    report.complain("{}: expected is-a of concepts with names, found {} > {}", report.path,
                    codes_[edge.child], codes_[edge.parent]);
  }
}

}  // namespace enlace
