// How long does it take only to parse a release of UMLS? Run by umls.py.
//
//   rrf_pass META
//
// Reads the tables that `enlace build` reads and keeps nothing: lines and fields are found and
// UTF-8 is checked, by as many threads as there are cores, a table each. Prints one JSON object.
#include <array>
#include <cstdio>
#include <numeric>
#include <string_view>

#include <fmt/core.h>

#include "base/parallel.h"
#include "io/json_writer.h"
#include "seconds_of.h"
#include "sources/rrf_table.h"

namespace enlace {
namespace {

struct TableOf {
  std::string_view name, column;
};
constexpr std::array<TableOf, 5> kTables = {
    {{"MRHIER", "CUI"}, {"MRCONSO", "CUI"}, {"MRSTY", "CUI"}, {"MRDEF", "CUI"}, {"MRCUI", "CUI1"}}};

void run(const char* folder) {
  const rrf::Release release(folder);
  std::array<std::uint64_t, kTables.size()> rows{};
  const double seconds = seconds_of([&] {
    parallel_for(machine_workers(), kTables.size(), [&](std::size_t, std::size_t i) {
      SourceReport report;
      rrf::Table table(release, kTables[i].name, {kTables[i].column}, report);
      while (table.next()) ++rows[i];
    });
  });
  JsonWriter out;
  out.object().member("seconds", seconds);
  out.member("rows", std::accumulate(rows.begin(), rows.end(), std::uint64_t{0})).close();
  fmt::print("{}\n", out.text());
}

}  // namespace
}  // namespace enlace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "rrf_pass META\n");
    return 2;
  }
  try {
    enlace::run(argv[1]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "rrf_pass: {}\n", error.what());
    return 1;
  }
  return 0;
}
