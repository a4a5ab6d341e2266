#include <cstdio>
#include <memory>

#include <fmt/core.h>

#include "cli/link_output.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "corpus/read_brat.h"
#include "corpus/read_jsonl.h"
#include "corpus/read_lines.h"
#include "corpus/read_text.h"
#include "link/mention_finder.h"

namespace enlace::cli {
namespace {

constexpr std::size_t kBatch = 1024;  // mentions or documents that are linked at once

struct Options {
  LinkerFlags linker;
  std::size_t top = 5;
  std::string input = "auto";
  std::string format = "jsonl";
  std::string file = "-";
  bool find = false;
  bool explain = false;
};

LinkFormat format_of(const Options& options) {
  if (options.explain) return LinkFormat::kExplain;
  return options.format == "table" ? LinkFormat::kTable : LinkFormat::kJsonl;
}

/// The kind of input, where the user left it to the file's looks.
std::string input_of(const Options& options) {
  if (options.input != "auto") return options.input;
  const std::filesystem::path path(options.file);
  if (std::filesystem::is_directory(path)) return "brat";
  for (const char* ending : {".jsonl", ".ndjson"}) {
    if (path.filename().string().find(ending) != std::string::npos) return "jsonl";
  }
  return options.find ? "text" : "lines";
}

/// Throws Error(kInvalidArgument) if `text`, which nobody said the kind of, looks like JSON: linked
/// as it stands, it would be a mention that nobody meant.
void refuse_json(const Options& options, std::string_view text) {
  if (options.input != "auto" || !text.starts_with("{\"")) return;
  throw Error(ErrorKind::kInvalidArgument,
              "{}:1: expected text, found what looks like JSON: say which by --input jsonl or "
              "--input {}",
              options.file == "-" ? "<stdin>" : options.file, options.find ? "text" : "lines");
}

/// Gathers documents, links their mentions many at a time, and prints them in their order.
class LinkStream {
 public:
  explicit LinkStream(const Options& options)
      : linker_(open_linker(options.linker, options.top)),
        finder_(linker_.mention_finder()),
        format_(format_of(options)),
        find_(options.find),
        progress_(terminal_.progress()) {
    put(heading(format_));
  }

  void add(Document&& document) {
    if (find_) document.mentions = finder_.find(document.text);
    waiting_mentions_ += document.mentions.size();
    waiting_.push_back(std::move(document));
    if (waiting_mentions_ >= kBatch || waiting_.size() >= kBatch) link_waiting();
  }

  /// Answers what has been asked so far: who asks may want that before asking more.
  void answer() {
    if (!waiting_.empty()) link_waiting();
    std::fflush(stdout);
    progress_.check("linking mentions");
  }

  void refuse(std::size_t line, std::string_view complaint) {
    link_waiting();
    ++refused_;
    complain(fmt::format("{}\n", complaint));
    put(refusal(format_, line, complaint));
  }

  void finish(const std::string& source) {
    link_waiting();
    const double seconds = std::max(watch_.seconds(), 1e-9);
    complain(fmt::format("linked {} in {}, {} without a candidate; {:.1f} s, {:.0f} mentions/s{}\n",
                         counted(mentions_, "mention"), counted(documents_, "document"), nil_,
                         seconds, double(mentions_) / seconds,
                         shares_of_time(seconds, linker_.encode_times(), "search")));
    if (refused_ > 0) {
      throw Error(ErrorKind::kCorrupt, "{}: {} refused, as told above", source,
                  counted(refused_, "place"));
    }
  }

 private:
  void link_waiting() {
    const auto candidates = linker_.link(waiting_);
    for (const auto& of_mention : candidates) nil_ += of_mention.empty() ? 1 : 0;
    std::span<const std::vector<Candidate>> rest(candidates);
    for (const Document& document : waiting_) {
      put(formatted(format_, document, rest.first(document.mentions.size())));
      rest = rest.subspan(document.mentions.size());
    }
    std::fflush(stdout);
    mentions_ += candidates.size();
    documents_ += waiting_.size();
    waiting_.clear();
    waiting_mentions_ = 0;
    progress_.tell("linking mentions", mentions_);
  }

  static void put(const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
      throw Error(ErrorKind::kIo, "<stdout>: cannot be written");
    }
  }

  Linker linker_;
  MentionFinder finder_;
  LinkFormat format_;
  bool find_;
  TerminalProgress terminal_;
  Progress progress_;
  Stopwatch watch_;
  std::vector<Document> waiting_;
  std::size_t waiting_mentions_ = 0;
  std::size_t mentions_ = 0, documents_ = 0, nil_ = 0, refused_ = 0;
};

void run(const Options& options) {
  LinkStream stream(options);
  bool first = true;
  const DocumentSink sink = [&](Document&& document) {
    if (std::exchange(first, false)) refuse_json(options, document.text);
    stream.add(std::move(document));
  };
  const RefusalSink refused = [&](std::size_t line, std::string_view complaint) {
    stream.refuse(line, complaint);
  };
  const WaitHook waiting = [&] { stream.answer(); };
  const std::string input = input_of(options);
  if (input == "jsonl" || input == "brat") first = false;  // which are known by their name
  if (input == "brat") {
    read_brat(options.file, sink, refused);
  } else if (input == "jsonl") {
    read_jsonl(options.file, sink, refused, waiting);
  } else if (input == "text") {
    sink(read_text(options.file, waiting));
  } else {
    read_lines(options.file, options.find ? LineIs::kDocument : LineIs::kMention, sink, refused,
               waiting);
  }
  stream.finish(options.file);
}

}  // namespace

void add_link_verb(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("link", "Link mentions to concepts");
  add_linker_flags(*verb, options->linker);
  verb->add_option("--top", options->top, "Candidates per mention")
      ->capture_default_str()
      ->check(within(1, 10000));
  verb->add_option("--format", options->format, "jsonl or table")
      ->capture_default_str()
      ->check(CLI::IsMember({"jsonl", "table"}));
  verb->add_flag("--explain", options->explain, "Say for people why each candidate is one");
  verb->add_flag("--find", options->find,
                 "Find the mentions: the longest names of the knowledge base in the text");
  verb->add_option("--input", options->input,
                   "What FILE is: lines, jsonl, brat, text (one document), or auto: by its looks")
      ->capture_default_str()
      ->check(CLI::IsMember({"auto", "lines", "jsonl", "brat", "text"}));
  verb->add_option("file", options->file, "File or BRAT folder; - is standard input")
      ->capture_default_str();
  verb->callback([options] { run(*options); });
}

}  // namespace enlace::cli
