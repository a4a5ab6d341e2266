#include "corpus/read_brat.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "base/code_points.h"
#include "base/error.h"
#include "base/utf8.h"
#include "io/line_reader.h"
#include "io/mapped_file.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

struct Fragment {
  std::size_t begin, end;  // code points
};

std::optional<std::size_t> number_of(std::string_view text) {
  std::size_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "18 38;46 57" as fragments in their order there; empty if it is anything else.
std::vector<Fragment> fragments_of(std::string_view spans) {
  std::vector<Fragment> fragments;
  while (!spans.empty()) {
    const std::string_view one = spans.substr(0, spans.find(';'));
    spans.remove_prefix(std::min(spans.size(), one.size() + 1));
    const std::size_t blank = one.find(' ');
    const auto begin = number_of(one.substr(0, blank));
    const auto end = blank == one.npos ? std::nullopt : number_of(one.substr(blank + 1));
    if (!begin || !end || *begin >= *end) return {};
    fragments.push_back({*begin, *end});
  }
  return fragments;
}

/// Fragments of the text joined by blanks; nothing if one is not inside it.
std::optional<Mention> joined(std::span<const Fragment> fragments, std::string_view text,
                              const CodePointOffsets& offsets) {
  Mention mention{offsets.byte_at(fragments.front().begin), 0, ""};
  for (const Fragment& fragment : fragments) {
    const std::size_t begin = offsets.byte_at(fragment.begin);
    const std::size_t end = offsets.byte_at(fragment.end);
    if (end == std::string_view::npos) return std::nullopt;
    if (!mention.text.empty()) mention.text += ' ';
    mention.text += text.substr(begin, end - begin);
    mention.end = std::max(mention.end, end);
  }
  return mention;
}

/// The mention of a T line, and what stands at its fragments in their order there.
struct Annotation {
  Mention mention;
  std::string quoted;
};

/// Of "T4<TAB>PROC 18 38;46 57<TAB>…"; nothing if the line does not hold.
std::optional<Annotation> annotation_of(std::string_view line, std::string_view text,
                                        const CodePointOffsets& offsets) {
  const std::size_t tab = line.find('\t');
  if (tab == line.npos) return std::nullopt;
  const std::string_view middle = line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1);
  const std::size_t blank = middle.find(' ');
  if (blank == middle.npos) return std::nullopt;
  auto fragments = fragments_of(middle.substr(blank + 1));
  if (fragments.empty()) return std::nullopt;
  auto as_stated = joined(fragments, text, offsets);
  if (!as_stated) return std::nullopt;
  std::ranges::sort(fragments, {}, &Fragment::begin);
  return Annotation{*joined(fragments, text, offsets), std::move(as_stated->text)};
}

std::string without_white_space(std::string_view text) {
  std::string kept;
  std::ranges::copy_if(text, std::back_inserter(kept), [](char c) {
    return std::string_view(" \t\r\n").find(c) == std::string_view::npos;
  });
  return kept;
}

/// Whether both are the same but for white space: the quotation of an annotation has a blank for a
/// line end.
bool same_words(std::string_view a, std::string_view b) {
  return without_white_space(a) == without_white_space(b);
}

/// The third column of a T line, which quotes the text; empty if there is none.
std::string_view quotation_of(std::string_view line) noexcept {
  for (int column = 0; column < 2; ++column) {
    line.remove_prefix(std::min(line.find('\t'), line.size() - 1) + 1);
  }
  return line;
}

void read_annotations(const fs::path& path, Document& document, const RefusalSink& refused) {
  const CodePointOffsets offsets(document.text);
  LineReader reader(path);
  for (std::string_view line; reader.next(line);) {
    if (!line.starts_with('T')) continue;
    auto annotation = annotation_of(line, document.text, offsets);
    if (!annotation) {
      refused(reader.number(),
              fmt::format("{}:{}: expected a text-bound annotation inside the {} code points of "
                          "its text, found another line",
                          reader.name(), reader.number(), offsets.size()));
      continue;
    }
    const std::string_view quoted = quotation_of(line);
    if (!quoted.empty() && !same_words(quoted, annotation->quoted)) {
      refused(reader.number(),
              fmt::format("{}:{}: expected at its offsets what the line quotes, found other text: "
                          "offsets count code points from 0",
                          reader.name(), reader.number()));
      continue;
    }
    document.mentions.push_back(std::move(annotation->mention));
  }
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::error_code failure;
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator entry(folder, failure), end; entry != end;
       entry.increment(failure)) {
    if (entry->is_regular_file()) files.push_back(entry->path());
  }
  if (failure) {
    const bool absent =
        failure == std::errc::no_such_file_or_directory || failure == std::errc::not_a_directory;
    throw Error(absent ? ErrorKind::kNotFound : ErrorKind::kIo, "{}: {}", folder.string(),
                failure.message());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

void read_brat(const fs::path& folder, const DocumentSink& sink, const RefusalSink& refused) {
  std::size_t documents = 0;
  for (const fs::path& path : files_below(folder)) {
    if (path.extension() == ".ann" && !fs::exists(fs::path(path).replace_extension(".txt"))) {
      refused(0, fmt::format("{}: expected a .txt beside it, found none", path.string()));
    }
    if (path.extension() != ".txt") continue;
    ++documents;
    const MappedFile file(path);
    const std::string_view text = file.text();
    if (const auto fault = utf8_fault(text, path.string())) {
      refused(0, *fault);
      continue;
    }
    Document document{
        fs::relative(path, folder).replace_extension("").string(), std::string(text), "", {}};
    const fs::path annotations = fs::path(path).replace_extension(".ann");
    if (fs::exists(annotations)) read_annotations(annotations, document, refused);
    sink(std::move(document));
  }
  if (documents == 0) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected .txt files, found none",
                folder.string());
  }
}

}  // namespace enlace
