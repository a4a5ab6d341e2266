#include <array>
#include <filesystem>
#include <functional>
#include <memory>

#include <fmt/core.h>

#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "index/changed_index.h"
#include "index/ivf_index.h"
#include "index/vector_source.h"
#include "io/json_writer.h"
#include "io/matrix_writer.h"
#include "io/publish.h"
#include "link/manifest.h"

namespace enlace::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kQueriesAtOnce = 4096;

/// A whole matrix in memory.
struct Rows {
  std::vector<float> values;
  std::size_t count, columns;

  explicit Rows(const VectorSource& source)
      : values(source.rows() * source.columns()), count(source.rows()), columns(source.columns()) {
    source.read(0, count, values);
  }
  MatrixView<const float> view() const { return {values.data(), count, columns}; }
};

/// The files of a knowledge base change together or not at all.
void require_own_file(const std::string& file) {
  const fs::path folder = fs::absolute(file).parent_path();
  if (is_knowledge_base(folder)) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}: expected an index of its own, found a file of a knowledge base", file);
  }
}

void info(const std::string& file) {
  const ChangedIndex index = ChangedIndex::open(file);
  const FlatIndex& base = index.base();
  std::size_t retired = 0;
  for (std::uint32_t row = 0; row < index.size(); ++row) retired += index.is_retired(row) ? 1 : 0;
  const ByteSpace& space = base.bytes().space;
  fmt::print("{}: {} x {}, fingerprint {:016x}\n", file, base.size(), base.dimension(),
             base.fingerprint());
  fmt::print("changes: {} added, {} retired\n", index.size() - base.size(), retired);
  if (base.made_from() == 0) {
    fmt::print("made from: vectors of another program; answers vectors only\n");
  } else {
    fmt::print("made from: names and model {:016x}\n", base.made_from());
  }
  fmt::print("searched by: {} of {} bytes a row{}, then floats\n", space.head,
             byte_stride(base.dimension()), space.tail() > 0 ? " first" : "");
}

/// Puts `staged` in the place of an index and its changes. Who is killed between the two leaves
/// changes of another file, which are refused, and no row is lost.
void replace_index(const fs::path& staged, const fs::path& out) {
  replace_file(staged, out);
  fs::remove(changes_of(out));
}

void import(const std::string& from, const std::string& out, std::size_t threads) {
  require_distinct(std::array<fs::path, 2>{from, out});
  require_own_file(out);
  const VectorSource source = VectorSource::open(from);
  if (source.columns() > kMaxDimension) {
    throw Error(ErrorKind::kUnsupported, "{}: expected rows of at most {} values, found {}", from,
                kMaxDimension, source.columns());
  }
  const Stopwatch watch;
  const fs::path staged = staging_beside(out);
  {
    FlatIndexWriter writer(staged, source.columns(), 0);
    append_all(source, writer);
    writer.finish(workers_of(threads));
  }
  replace_index(staged, out);
  complain(fmt::format("{}: {} x {}; {:.2f} s\n", out, source.rows(), source.columns(),
                       watch.seconds()));
}

void export_npy(const FlatIndex& index, const std::string& out) {
  MatrixWriter writer(out, MatrixFormat::kNpy, index.dimension());
  writer.append({index.vectors().data(), index.size() * index.dimension()});
  writer.finish();
}

void export_to(const std::string& file, const std::string& npy, const std::string& faiss) {
  require_distinct(std::array<fs::path, 3>{file, npy, faiss});
  const ChangedIndex index = ChangedIndex::open(file);
  if (index.added()) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}: expected an index without changes; `enlace index compact` makes one", file);
  }
  if (!npy.empty()) export_npy(index.base(), npy);
  if (!faiss.empty()) write_faiss_flat(faiss, index.base());
}

/// The rows that are not retired as an index without changes. Prints the old number of each row if
/// it is another now.
void compact(const std::string& file, const std::string& out, std::size_t threads) {
  require_own_file(out);
  const ChangedIndex index = ChangedIndex::open(file);
  const fs::path staged = staging_beside(out);
  std::uint32_t count = 0;
  {
    FlatIndexWriter writer(staged, index.dimension(), index.base().made_from());
    for (std::uint32_t row = 0; row < index.size(); ++row) {
      if (index.is_retired(row)) continue;
      const auto vector = index.vector(row);
      writer.append({vector.data(), 1, vector.size()});
      if (count++ != row) fmt::print("{{\"row\":{},\"was\":{}}}\n", count - 1, row);
    }
    writer.finish(workers_of(threads));
  }
  // Numbers that nobody got would be lost with the old index.
  if (std::fflush(stdout) != 0) throw Error(ErrorKind::kIo, "<stdout>: cannot be written");
  replace_index(staged, out);
}

/// The rows in lists, for searches of some of them.
void cluster(const std::string& file, const std::string& out, IvfOptions options) {
  require_own_file(out);
  const ChangedIndex index = ChangedIndex::open(file);
  if (index.added()) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}: expected an index without changes; `enlace index compact` makes one", file);
  }
  TerminalProgress terminal;
  const Stopwatch watch;
  const fs::path staged = staging_beside(out);
  write_ivf_index(staged, index.base(), options, terminal.progress());
  replace_index(staged, out);
  complain(fmt::format("{}: {} in {}; {:.2f} s\n", out, counted(index.size(), "row"),
                       counted(IvfIndex::open(out).lists(), "list"), watch.seconds()));
}

struct SearchFlags {
  std::string file, queries;
  std::size_t k = 10;
  std::size_t probes = 0;  // lists of an index with lists
  std::size_t threads = 0;
};

/// The search that fits the file.
using Search = std::function<std::vector<std::vector<Neighbour>>(MatrixView<const float>)>;

Search open_search(const SearchFlags& flags) {
  const std::size_t k = flags.k, probes = flags.probes, workers = workers_of(flags.threads);
  if (probes > 0) {
    const auto index = std::make_shared<IvfIndex>(IvfIndex::open(flags.file));
    return [=](MatrixView<const float> queries) {
      return index->search(queries, k, probes, {}, workers);
    };
  }
  const auto index = std::make_shared<ChangedIndex>(ChangedIndex::open(flags.file));
  return [=](MatrixView<const float> queries) { return index->search(queries, k, {}, workers); };
}

void search(const SearchFlags& flags) {
  const Search nearest = open_search(flags);
  const VectorSource source = VectorSource::open(flags.queries);
  std::vector<float> values(std::min(kQueriesAtOnce, source.rows()) * source.columns());
  for (std::size_t first = 0; first < source.rows(); first += kQueriesAtOnce) {
    const std::size_t count = std::min(kQueriesAtOnce, source.rows() - first);
    source.read(first, count, values);
    const auto found = nearest({values.data(), count, source.columns()});
    for (std::size_t q = 0; q < count; ++q) {
      JsonWriter json;
      json.object().member("query", std::uint64_t{first + q}).key("neighbours").array();
      for (const Neighbour& neighbour : found[q]) {
        json.object().member("row", std::uint64_t{neighbour.row});
        json.member("score", neighbour.score).close();
      }
      json.close().close();
      fmt::print("{}\n", json.text());
    }
  }
}

void add(const std::string& file, const std::string& from) {
  require_own_file(file);
  const Rows rows(VectorSource::open(from));
  const std::uint32_t first = add_rows(file, rows.view());
  fmt::print("{{\"first\":{},\"count\":{}}}\n", first, rows.count);
}

void retire(const std::string& file, const std::vector<std::uint32_t>& rows) {
  require_own_file(file);
  retire_rows(file, rows);
}

/// What the sub-verbs share; each uses some of it.
struct Flags {
  SearchFlags search;
  std::string from, out, npy, faiss;
  std::vector<std::uint32_t> rows;
  std::size_t lists = 0;
};

}  // namespace

void add_index_verb(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand("index", "Make, search and convert files of vectors");
  verb->require_subcommand(1);
  const auto sub = [&](const char* name, const char* what, auto run) {
    CLI::App* added = verb->add_subcommand(name, what);
    added->callback([flags, run] { run(*flags); });
    return added;
  };
  const auto add_file = [&](CLI::App* to) {
    to->add_option("FILE", flags->search.file, "Index file, or vectors.enlace of a knowledge base")
        ->required();
  };
  const auto add_threads = [&](CLI::App* to) { add_threads_flag(*to, flags->search.threads); };
  const auto add_out = [&](CLI::App* to) {
    to->add_option("--out", flags->out, "Index file to make or to replace")->required();
  };

  add_file(sub("info", "Say what an index holds", [](const Flags& f) { info(f.search.file); }));

  CLI::App* importing = sub("import", "Make an index of the rows of a .npy or FAISS flat file",
                            [](const Flags& f) { import(f.from, f.out, f.search.threads); });
  importing->add_option("FROM", flags->from, ".npy (<f4), or FAISS IndexFlatIP")->required();
  add_out(importing);
  add_threads(importing);

  CLI::App* exporting = sub("export", "Write the rows of an index for other programs",
                            [](const Flags& f) { export_to(f.search.file, f.npy, f.faiss); });
  add_file(exporting);
  CLI::Option_group* formats = exporting->add_option_group("format");
  formats->add_option("--npy", flags->npy, "A file for numpy.load");
  formats->add_option("--faiss", flags->faiss, "An IndexFlatIP for faiss.read_index");
  formats->require_option(1, 2);

  CLI::App* searching = sub("search", "Print the nearest rows of each query",
                            [](const Flags& f) { search(f.search); });
  add_file(searching);
  searching->add_option("--queries", flags->search.queries, ".npy or FAISS file of vectors")
      ->required();
  searching->add_option("-k", flags->search.k, "Neighbours of each")
      ->capture_default_str()
      ->check(within(1, 1'000'000));
  searching->add_option("--probes", flags->search.probes,
                        "Lists to look into, of an index that `cluster` made; not exact");
  add_threads(searching);

  CLI::App* adding = sub("add", "Add rows without writing the index anew",
                         [](const Flags& f) { add(f.search.file, f.from); });
  add_file(adding);
  adding->add_option("FROM", flags->from, ".npy or FAISS file of the rows")->required();

  CLI::App* retiring = sub("retire", "Take rows out of all searches",
                           [](const Flags& f) { retire(f.search.file, f.rows); });
  add_file(retiring);
  retiring->add_option("ROW", flags->rows, "Their numbers")->required();

  CLI::App* clustering =
      sub("cluster", "Put the rows in lists, for faster searches that are not exact",
          [](const Flags& f) {
            cluster(f.search.file, f.out, {f.lists, 1, workers_of(f.search.threads)});
          });
  add_file(clustering);
  add_out(clustering);
  clustering->add_option("--lists", flags->lists, "How many; 0 for the square root of the rows")
      ->capture_default_str();
  add_threads(clustering);

  CLI::App* compacting =
      sub("compact", "Write the rows that are left as an index without changes",
          [](const Flags& f) { compact(f.search.file, f.out, f.search.threads); });
  add_file(compacting);
  add_out(compacting);
  add_threads(compacting);
}

}  // namespace enlace::cli
