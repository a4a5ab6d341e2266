#include "index/form_hashes.h"

#include <algorithm>

#include "base/hash.h"
#include "base/parallel.h"

namespace enlace {
namespace {

constexpr std::uint32_t kPerPiece = 8192;
constexpr std::size_t kManyForms = 65536;

struct Entry {
  std::uint64_t hash;
  std::uint32_t id;
};

}  // namespace

HashedForms hash_forms(std::uint32_t count, const FormOf& form_of, std::size_t workers,
                       const Progress& progress) {
  std::vector<std::uint64_t> hash_of(count);
  std::vector<std::uint8_t> has_form(count, 0);
  const std::size_t pieces = (std::size_t{count} + kPerPiece - 1) / kPerPiece;
  parallel_for(workers, pieces, [&](std::size_t worker, std::size_t piece) {
    if (worker == 0) progress.tell("normalising names", piece * kPerPiece, count);
    std::string form;
    const auto first = std::uint32_t(piece) * kPerPiece;
    for (std::uint32_t id = first; id < std::min(count, first + kPerPiece); ++id) {
      form_of(id, form);
      has_form[id] = !form.empty();
      hash_of[id] = hash_bytes(form);
    }
  });

  // Buckets by the highest bytes, for the workers to share; one is enough for few.
  const std::size_t buckets = count < kManyForms ? 1 : kManyForms;
  const auto bucket_of = [&](std::uint64_t hash) { return (hash >> 48) * buckets >> 16; };
  std::vector<std::size_t> starts(buckets + 1, 0);
  for (std::uint32_t id = 0; id < count; ++id) starts[bucket_of(hash_of[id]) + 1] += has_form[id];
  for (std::size_t b = 1; b <= buckets; ++b) starts[b] += starts[b - 1];
  std::vector<Entry> entries(starts.back());
  std::vector<std::size_t> next(starts);
  for (std::uint32_t id = 0; id < count; ++id) {
    if (has_form[id]) entries[next[bucket_of(hash_of[id])]++] = {hash_of[id], id};
  }
  hash_of = {};
  parallel_for(workers, buckets, [&](std::size_t, std::size_t bucket) {
    std::sort(entries.begin() + std::ptrdiff_t(starts[bucket]),
              entries.begin() + std::ptrdiff_t(starts[bucket + 1]),
              [](const Entry& a, const Entry& b) {
                return a.hash != b.hash ? a.hash < b.hash : a.id < b.id;
              });
  });
  HashedForms made;
  made.ids.reserve(entries.size());
  made.hashes.reserve(entries.size());
  for (const Entry& entry : entries) {
    made.ids.push_back(entry.id);
    made.hashes.push_back(entry.hash);
  }
  return made;
}

}  // namespace enlace
