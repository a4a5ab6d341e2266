#include "index/equal_forms.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/error.h"
#include "base/parallel.h"

namespace enlace {
namespace {

constexpr std::uint32_t kPerRank = 512;
constexpr std::size_t kPerPiece = 65536;  // forms that a worker compares at a time

/// A number and the first one with the same form.
struct Other {
  std::uint32_t id, first;
};

/// Adds the others among `ids`, which rise and whose forms have one hash.
void add_others(std::span<const std::uint32_t> ids, const FormOf& form_of,
                std::vector<Other>& others) {
  struct First {
    std::uint32_t id;
    std::string form;
  };
  std::vector<First> firsts;  // one, but for collisions
  std::string form;
  for (const std::uint32_t id : ids) {
    form_of(id, form);
    const auto same = std::find_if(firsts.begin(), firsts.end(),
                                   [&](const First& first) { return first.form == form; });
    if (same == firsts.end()) {
      firsts.push_back({id, form});
    } else {
      others.push_back({id, same->id});
    }
  }
}

/// All others, by number.
std::vector<Other> all_others(const HashedForms& forms, const FormOf& form_of,
                              std::size_t workers) {
  // A piece has the runs of equal hashes that begin in it.
  const std::size_t size = forms.ids.size(), pieces = (size + kPerPiece - 1) / kPerPiece;
  std::vector<std::vector<Other>> of_pieces(pieces);
  parallel_for(workers, pieces, [&](std::size_t, std::size_t piece) {
    const auto goes_on = [&](std::size_t i) { return forms.hashes[i] == forms.hashes[i - 1]; };
    std::size_t begin = piece * kPerPiece;
    while (begin > 0 && begin < size && goes_on(begin)) ++begin;
    const std::size_t end_of_piece = std::min(size, (piece + 1) * kPerPiece);
    while (begin < end_of_piece) {
      std::size_t end = begin + 1;
      while (end < size && goes_on(end)) ++end;
      if (end - begin > 1) {
        add_others(std::span(forms.ids).subspan(begin, end - begin), form_of, of_pieces[piece]);
      }
      begin = end;
    }
  });
  std::vector<Other> others;
  for (const auto& some : of_pieces) others.insert(others.end(), some.begin(), some.end());
  std::sort(others.begin(), others.end(),
            [](const Other& a, const Other& b) { return a.id < b.id; });
  return others;
}

}  // namespace

std::uint64_t write_equal_forms(const std::filesystem::path& path, std::uint32_t count,
                                const HashedForms& forms, const FormOf& form_of,
                                std::uint64_t made_from, std::size_t workers) {
  std::vector<Other> others = all_others(forms, form_of, workers);
  std::vector<std::uint64_t> bits(count / 64 + 1, 0);
  std::vector<std::uint32_t> ranks(count / kPerRank + 1, 0), firsts, members;
  for (const Other& other : others) {
    bits[other.id / 64] |= std::uint64_t{1} << other.id % 64;
    firsts.push_back(other.first);
  }
  for (std::size_t block = 1; block < ranks.size(); ++block) {
    ranks[block] = ranks[block - 1];
    for (std::size_t word = (block - 1) * 8; word < block * 8; ++word) {
      ranks[block] += std::uint32_t(std::popcount(bits[word]));
    }
  }
  std::stable_sort(others.begin(), others.end(),
                   [](const Other& a, const Other& b) { return a.first < b.first; });
  for (const Other& other : others) members.push_back(other.id);

  SectionWriter file(path, "forms", made_from);
  file.add_paged("others", bits);
  file.add_paged("ranks", ranks);
  file.add_paged("firsts", firsts);
  file.add_paged("members", members);
  return file.finish();
}

EqualForms EqualForms::open(const std::filesystem::path& path, std::uint32_t count) {
  EqualForms opened(SectionFile::open(path, "forms"));
  if (opened.others_.size() != count / 64 + 1 || opened.ranks_.size() != count / kPerRank + 1 ||
      opened.firsts_.size() != opened.members_.size()) {
    throw Error(ErrorKind::kCorrupt, "{}: expected the forms of {} texts", opened.file_.name(),
                count);
  }
  return opened;
}

EqualForms::EqualForms(SectionFile file)
    : file_(std::move(file)),
      others_(file_.paged<std::uint64_t>("others")),
      ranks_(file_.paged<std::uint32_t>("ranks")),
      firsts_(file_.paged<std::uint32_t>("firsts")),
      members_(file_.paged<std::uint32_t>("members")) {}

std::uint32_t EqualForms::first_of(std::uint32_t id) const {
  if (is_first(id)) return id;
  std::uint32_t rank = ranks_[id / kPerRank];
  for (std::uint32_t word = id / kPerRank * 8; word < id / 64; ++word) {
    rank += std::uint32_t(std::popcount(others_[word]));
  }
  rank += std::uint32_t(std::popcount(others_[id / 64] & ((std::uint64_t{1} << id % 64) - 1)));
  return firsts_[rank];
}

std::vector<std::uint32_t> EqualForms::all_of(std::uint32_t first) const {
  std::size_t begin = 0;
  std::size_t end = members_.size();
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    if (first_of(members_[middle]) < first) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  std::vector<std::uint32_t> all{first};
  while (begin < members_.size() && first_of(members_[begin]) == first) {
    all.push_back(members_[begin++]);
  }
  return all;
}

}  // namespace enlace
