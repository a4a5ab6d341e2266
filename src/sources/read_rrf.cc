#include <future>

#include "base/error.h"
#include "sources/readers.h"
#include "sources/rrf_names.h"
#include "sources/rrf_options.h"
#include "sources/rrf_relations.h"
#include "sources/rrf_table.h"

namespace enlace {
namespace {

/// What a thread of its own reads while the names go into the draft.
struct Aside {
  rrf::Types types;
  rrf::Steps steps;
};

}  // namespace

void read_rrf(const SourceSpec& spec, KbDraft& draft, SourceReport& report,
              const Progress& progress) {
  const rrf::Options options = rrf::parse_options(spec);
  const rrf::Release release(spec.path);
  if (release.files("MRCONSO").empty()) {
    throw Error(ErrorKind::kNotFound, "{}: expected MRCONSO.RRF, found none",
                release.folder().string());
  }
  const auto vocabularies = rrf::read_vocabularies(release, report);
  std::vector<std::uint32_t> cuis;
  if (options.types.limits()) cuis = rrf::cuis_of_types(release, options.types, report);
  std::vector<rrf::TradeName> trade_names;
  if (options.trade_names) trade_names = rrf::read_trade_names(release, report);

  rrf::Stop stop{progress};
  auto reading = std::async(std::launch::async, [&] {
    return Aside{rrf::read_types(release, stop), rrf::read_steps(release, options, stop)};
  });
  rrf::Atoms atoms;
  try {
    atoms =
        rrf::read_names(release, options, vocabularies, options.types.limits() ? &cuis : nullptr,
                        trade_names, draft, report, progress);
  } catch (...) {
    stop.failed = true;
    reading.wait();
    throw;
  }
  const Aside aside = reading.get();
  progress.tell("reading types and hierarchies", 0);
  report.add_rows(aside.types.report);
  report.add_rows(aside.steps.report);
  rrf::add_types(aside.types, atoms, draft, report);
  rrf::add_relations(aside.steps, atoms, draft, report);
  if (options.definitions) {
    rrf::read_definitions(release, options, vocabularies, atoms, draft, report);
  }
  rrf::read_retired(release, options, draft, report);
}

}  // namespace enlace
