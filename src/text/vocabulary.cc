#include "text/vocabulary.h"

#include <string>

#include "base/error.h"

namespace enlace {

std::vector<std::string_view> entries_by_id(simdjson::dom::object vocabulary,
                                            std::string_view where) {
  std::vector<std::string_view> entries;
  std::vector<std::int64_t> ids;
  for (const auto [piece, id] : vocabulary) {
    entries.push_back(piece);
    ids.push_back(json_as<std::int64_t>(id, "vocab id", where));
  }
  std::vector<std::string_view> ordered(entries.size());
  std::vector<bool> seen(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (ids[i] < 0 || std::uint64_t(ids[i]) >= entries.size() || seen[std::size_t(ids[i])]) {
      throw Error(ErrorKind::kCorrupt,
                  "{}: vocab: expected every id below {} once, found {} twice or out of place",
                  where, entries.size(), ids[i]);
    }
    seen[std::size_t(ids[i])] = true;
    ordered[std::size_t(ids[i])] = entries[i];
  }
  return ordered;
}

std::pair<std::string_view, std::string_view> split_merge(std::string_view merge,
                                                          std::string_view where,
                                                          std::size_t number) {
  const std::size_t space = merge.find(' ');
  const bool sound = space != merge.npos && space > 0 && space + 1 < merge.size() &&
                     merge.find(' ', space + 1) == merge.npos;
  if (!sound) {
    throw Error(ErrorKind::kCorrupt,
                "{}: merges: merge {}: expected two entries with a space between, found something "
                "else",
                where, number);
  }
  return {merge.substr(0, space), merge.substr(space + 1)};
}

BpeMerge find_merge(const Trie& entries, std::string_view left, std::string_view right,
                    std::string_view continuation, std::string_view where, std::size_t number) {
  const auto id_of = [&](std::string_view entry, std::string_view what) {
    const std::int32_t id = entries.find(entry);
    if (id < 0) {
      throw Error(ErrorKind::kCorrupt,
                  "{}: merges: merge {}: expected {} entry of the vocabulary, found another string",
                  where, number, what);
    }
    return id;
  };
  BpeMerge merge{};
  merge.left = id_of(left, "its first to be an");
  merge.right = id_of(right, "its second to be an");
  const bool continues = right.starts_with(continuation);
  std::string merged(left);
  merged += continues ? right.substr(continuation.size()) : right;
  merge.merged = id_of(merged, "both together to be an");
  merge.rank = std::uint32_t(number);
  return merge;
}

}  // namespace enlace
