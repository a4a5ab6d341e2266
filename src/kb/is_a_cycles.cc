#include "kb/is_a_cycles.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace enlace {
namespace {

constexpr std::size_t kShownCodes = 12;  // of a cycle in a complaint

enum class Visit : std::uint8_t { kNever, kOpen, kDone };

struct Step {
  std::uint32_t code;  // a rank
  std::size_t next;    // the edge to follow next
};

/// The codes of `path` from `from` on, and back to the first of them.
std::string shown(std::span<const Step> path, std::span<const std::uint32_t> code_of_rank,
                  const StringPool& codes) {
  std::string text;
  const std::size_t count = std::min(path.size(), kShownCodes);
  for (std::size_t i = 0; i < count; ++i) {
    text.append(codes[code_of_rank[path[i].code]]).append(" > ");
  }
  if (count < path.size()) text += fmt::format("({} more) > ", path.size() - count);
  return text.append(codes[code_of_rank[path[0].code]]);
}

/// Counts the cycle that the end of `path` closes at `closing`, a rank on it.
void complain(SourceReport& report, std::span<const Step> path, std::uint32_t closing,
              std::span<const std::uint32_t> code_of_rank, const StringPool& codes) {
  ++report.cyclic_edges;
  if (report.rows.complaints.size() == ReadReport::kKeptComplaints) return;
  const auto begin = std::find_if(path.begin(), path.end(),
                                  [&](const Step& step) { return step.code == closing; });
  report.rows.complaints.push_back(
      fmt::format("{}: expected is-a without cycles, found {}", report.path,
                  shown(path.subspan(std::size_t(begin - path.begin())), code_of_rank, codes)));
}

}  // namespace

void drop_cyclic_edges(std::vector<KbDraft::Edge>& edges, const StringPool& codes,
                       std::span<SourceReport> reports) {
  const auto code_of_rank = sorted_ids(codes);
  std::vector<std::uint32_t> rank(codes.size());
  for (std::uint32_t r = 0; r < code_of_rank.size(); ++r) rank[code_of_rank[r]] = r;
  std::sort(edges.begin(), edges.end(), [&](const KbDraft::Edge& a, const KbDraft::Edge& b) {
    return std::pair(rank[a.child], rank[a.parent]) < std::pair(rank[b.child], rank[b.parent]);
  });
  std::vector<std::size_t> first(codes.size() + 1, 0);  // the edges of a rank
  for (const auto& edge : edges) ++first[rank[edge.child] + 1];
  for (std::size_t r = 1; r < first.size(); ++r) first[r] += first[r - 1];

  std::vector<Visit> visits(codes.size(), Visit::kNever);
  std::vector<bool> dropped(edges.size(), false);
  std::vector<Step> path;
  const auto enter = [&](std::uint32_t r) {
    visits[r] = Visit::kOpen;
    path.push_back({r, first[r]});
  };
  for (std::uint32_t root = 0; root < codes.size(); ++root) {
    if (visits[root] == Visit::kNever) enter(root);
    while (!path.empty()) {
      const std::uint32_t child = path.back().code;
      if (path.back().next == first[child + 1]) {
        visits[child] = Visit::kDone;
        path.pop_back();
        continue;
      }
      const std::size_t at = path.back().next++;
      const std::uint32_t parent = rank[edges[at].parent];
      if (visits[parent] == Visit::kNever) {
        enter(parent);
      } else if (visits[parent] == Visit::kOpen) {
        dropped[at] = true;
        complain(reports[edges[at].reader], path, parent, code_of_rank, codes);
      }
    }
  }
  std::size_t at = 0;
  std::erase_if(edges, [&](const KbDraft::Edge&) { return dropped[at++]; });
}

}  // namespace enlace
