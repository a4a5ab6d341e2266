#include "cli/dev_sets.h"

#include <fmt/core.h>

#include "cli/terminal.h"
#include "corpus/read_gold.h"
#include "eval/run_eval.h"
#include "io/require_file.h"
#include "link/build.h"

namespace enlace::cli {

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

void require_dev_sets(std::span<const std::string> folders) {
  for (const std::filesystem::path folder : folders) {
    for (const char* name : {"kb.tsv", "gold.tsv"}) require_file(folder / name);
  }
}

void report_accuracy(const std::filesystem::path& model, std::span<const std::string> folders,
                     const std::filesystem::path& scratch, std::size_t workers,
                     const Progress& progress) {
  const ScratchFolder kb{scratch};
  std::filesystem::remove_all(scratch);  // what a killed run left
  std::string text = "accuracy at 1/5/25:";
  for (const std::string& folder : folders) {
    const std::filesystem::path from = folder;
    BuildOptions build;
    build.out = kb.path;
    build.sources = {"tsv=" + (from / "kb.tsv").string()};
    build.model = model;
    build.workers = workers;
    build_kb_folder(build, progress);
    ReadReport ignored;
    const auto gold = read_gold(from / "gold.tsv", ignored);
    LinkerOptions options;
    options.retriever = RetrieverKind::kDense;
    options.k = 25;
    options.workers = workers;
    const Linker linker = Linker::open(kb.path, options);
    const EvalResult result = run_eval(linker, gold, {}, progress);
    const std::string name =
        from.filename().empty() ? from.parent_path().filename().string() : from.filename().string();
    text += fmt::format(" {}", name);
    for (const auto& [k, accuracy] : result.subsets.front().accuracy) {
      text += fmt::format("{}{:.4f}", k == 1 ? " " : "/", accuracy.value);
    }
  }
  complain(text + "\n");
}

}  // namespace enlace::cli
