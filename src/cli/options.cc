#include "cli/options.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/parallel.h"
#include "base/shown.h"
#include "cli/shipped.h"
#include "cli/terminal.h"
#include "io/publish.h"
#include "text/abbreviations.h"
#include "text/read_abbreviations.h"

namespace enlace::cli {
namespace {

/// `word`: none, clinical or somebody's own file, whose short forms go before the clinical ones.
Abbreviations abbreviations_of(const std::string& word) {
  if (word == "none") return {};
  if (word == "clinical") return clinical_abbreviations();
  Abbreviations own = read_abbreviations(word);
  own.insert(clinical_abbreviations().begin(), clinical_abbreviations().end());
  return own;
}

/// The thesaurus that was named, or none.
std::filesystem::path thesaurus_of(const std::string& word) {
  if (word == "none") return {};
  if (word.empty()) {
    throw Error(ErrorKind::kInvalidArgument, "--thesaurus: expected a path or none, found nothing");
  }
  return word;
}

LinkerOptions options_of(const LinkerFlags& flags, std::size_t k) {
  LinkerOptions options;
  if (!flags.retriever.empty()) options.retriever = parse_retriever_kind(flags.retriever);
  options.model = flags.model;
  if (flags.thesaurus) {
    options.thesaurus = thesaurus_of(*flags.thesaurus);
  } else {
    options.default_thesaurus = default_thesaurus().value_or("");
  }
  if (flags.abbreviations) options.abbreviations = abbreviations_of(*flags.abbreviations);
  options.filter = flags.filter;
  options.ties = flags.ties == "code" ? Ties::kCode : Ties::kShortCode;
  options.k = k;
  options.workers = workers_of(flags.threads);
  return options;
}

}  // namespace

std::size_t workers_of(std::size_t threads) noexcept {
  return threads > 0 ? threads : machine_workers();
}

Linker open_linker(const LinkerFlags& flags, std::size_t k) {
  Linker linker = Linker::open(flags.kb, options_of(flags, k));
  if (!flags.thesaurus && linker.retriever() == RetrieverKind::kHybrid &&
      linker.thesaurus().empty()) {
    complain("thesaurus: expected enlace-thesaurus beside this program, found none: asking none\n");
  }
  return linker;
}

void add_linker_flags(CLI::App& verb, LinkerFlags& flags) {
  verb.add_option("--kb", flags.kb, "Knowledge base folder, as enlace build made it")->required();
  verb.add_option("--retriever", flags.retriever,
                  "How candidates are found: hybrid, dense, ngram or exact; "
                  "default hybrid, or ngram if the knowledge base has no vectors")
      ->check(CLI::IsMember({"hybrid", "dense", "ngram", "exact"}));
  verb.add_option("--model", flags.model,
                  "Model folder, if it is not where the knowledge base was built with it");
  verb.add_option("--thesaurus", flags.thesaurus,
                  "Knowledge base, or file of enlace thesaurus, in which hybrid looks mentions up "
                  "for other names; none; default the one that comes with enlace");
  verb.add_option("--abbreviations", flags.abbreviations,
                  "Which short forms are written out as well: clinical (the default for hybrid), "
                  "none (for the others), or a file of short form, tab, long form before them");
  verb.add_option(
          "--ties", flags.ties,
          "Order among equal scores: short (the shorter code, then the lower), or code (the lower)")
      ->capture_default_str()
      ->check(CLI::IsMember({"short", "code"}));
  add_threads_flag(verb, flags.threads);
  const auto add_filter = [&](const char* flag, std::vector<std::string>& values,
                              const char* what) {
    // One value each time, so that a file may follow.
    verb.add_option(flag, values, what)->group("Link only to")->allow_extra_args(false);
  };
  add_filter("--language", flags.filter.languages, "Names in this language; repeatable");
  add_filter("--source", flags.filter.sources, "Names from this source; repeatable");
  add_filter("--type", flags.filter.types, "Concepts of this semantic type; repeatable");
  add_filter("--below", flags.filter.subtrees,
             "The concept with this code and what is below it; repeatable");
}

CLI::Validator within(double low, double high) {
  const std::string range =
      high < kAnyNumber ? fmt::format("{} to {}", low, high) : fmt::format("{} or more", low);
  return CLI::Validator(
      [low, high, range](const std::string& text) {
        double value = 0;
        const bool number = CLI::detail::lexical_cast(text, value);
        if (number && value >= low && value <= high) return std::string();
        return fmt::format("expected {}, found {}", range, shown(text));
      },
      "in [" + range + "]");
}

void require_new_path(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::exists(std::filesystem::symlink_status(without_slash(path), ignored))) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected no such path, found something there",
                path.string());
  }
  const FolderPublication trial(path);
}

void add_threads_flag(CLI::App& verb, std::size_t& threads) {
  verb.add_option("--threads", threads, "Threads; 0 for one per core")
      ->capture_default_str()
      ->check(within(0, 1024));
}

CLI::Option* add_precision_flag(CLI::App& verb, Precision& precision) {
  return verb
      .add_option_function<std::string>(
          "--precision",
          [&precision](const std::string& word) { precision = *precision_named(word); },
          "Numbers that the model multiplies: f32, bf16 or int8 (docs/KERNELS.md); default " +
              std::string(name_of(precision)))
      ->check(CLI::IsMember({"f32", "bf16", "int8"}));
}

}  // namespace enlace::cli
