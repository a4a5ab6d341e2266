// How long a source takes to become a draft, and how much memory: read_run KIND=PATH[,KEY=VALUE…].
// Prints one JSON object: seconds, counts, peak resident megabytes.
#include <chrono>
#include <cstdio>

#include <sys/resource.h>

#include "sources/read_source.h"

int main(int argc, char** argv) {
  using namespace enlace;
  if (argc != 2) {
    std::fputs("usage: read_run KIND=PATH[,KEY=VALUE...]\n", stderr);
    return 2;
  }
  const auto seconds = [start = std::chrono::steady_clock::now()] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  try {
    KbDraft draft;
    std::vector<SourceReport> reports = {read_source(parse_source_spec(argv[1]), draft, {})};
    const double read = seconds();
    draft.settle(reports);
    const double settled = seconds();
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    fmt::print(
        "{{\"read\": {:.3f}, \"settle\": {:.3f}, \"rows\": {}, \"bad\": {}, \"names\": {}, "
        "\"duplicates\": {}, \"texts\": {}, \"codes\": {}, \"edges\": {}, \"types\": {}, "
        "\"former\": {}, \"peak_mb\": {}}}\n",
        read, settled - read, reports[0].rows.rows, reports[0].rows.bad, reports[0].names,
        reports[0].duplicates, draft.texts().size(), draft.codes().size(), draft.edges().size(),
        draft.type_pairs().size(), draft.former_codes().size(), usage.ru_maxrss / 1024);
    for (const auto& [reason, count] : reports[0].refused) {
      fmt::print(stderr, "refused: {} {}\n", count, reason);
    }
    for (const auto& [reason, count] : reports[0].left_out) {
      fmt::print(stderr, "left out: {} {}\n", count, reason);
    }
    for (const auto& text : reports[0].rows.complaints) fmt::print(stderr, "{}\n", text);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
