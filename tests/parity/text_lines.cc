// Reads JSON strings, one a line, and prints what the text module makes of each: the other half of
// the parity scripts beside this file.
//
//   text_lines normalize < strings > strings
//   text_lines lower < strings > strings
//   text_lines time-normalize < strings
//   text_lines tokenize PATH MAX_TOKENS < strings > ids, a tab, and begin:end of every span
//     (and complains if the ids are others without spans, or cut to MAX_TOKENS)
//   text_lines time-tokenize PATH MAX_TOKENS < strings
#include <algorithm>
#include <ctime>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "base/error.h"
#include "io/json.h"
#include "io/json_writer.h"
#include "text/letter_case.h"
#include "text/load_tokenizer.h"
#include "text/normalizer.h"

namespace enlace {
namespace {

std::vector<std::string> read_strings() {
  std::vector<std::string> strings;
  JsonParser parser;
  for (std::string line; std::getline(std::cin, line);) {
    const JsonElement element = parse_json(parser, line, "standard input");
    strings.emplace_back(json_as<std::string_view>(element, "line", "standard input"));
  }
  return strings;
}

template <class Rewrite>
void rewrite_all(const std::vector<std::string>& strings, const Rewrite& rewrite) {
  std::string out;
  for (const std::string& text : strings) {
    rewrite(text, out);
    JsonWriter json;
    json.string(out);
    std::cout << json.text() << '\n';
  }
}

void normalize_all(const std::vector<std::string>& strings) {
  const Normalizer normalizer = Normalizer::plain();
  rewrite_all(strings,
              [&](const std::string& text, std::string& out) { normalizer.normalize(text, out); });
}

/// Processor time, which other work on the machine disturbs less than the clock on the wall.
template <class Work>
double seconds(const Work& work) {
  const std::clock_t start = std::clock();
  work();
  return double(std::clock() - start) / CLOCKS_PER_SEC;
}

void time_normalizer(const std::vector<std::string>& strings) {
  const Normalizer normalizer("es");
  std::string out;
  std::size_t bytes = 0;
  for (const std::string& text : strings) bytes += text.size();
  const auto report = [&](const char* name, auto&& work) {
    double best = 1e9;
    for (int round = 0; round < 5; ++round) {
      best = std::min(best, seconds([&] {
                        for (const std::string& text : strings) work(text);
                      }));
    }
    std::cout << fmt::format("{}: {:.0f} MB/s\n", name, double(bytes) / best / 1e6);
  };
  report("normalize", [&](const std::string& text) { normalizer.normalize(text, out); });
  report("match_key", [&](const std::string& text) { normalizer.match_key(text, out); });
  report("stem_key", [&](const std::string& text) { normalizer.stem_key(text, out); });
}

/// The first `max_tokens` of `ids`, but with the special tokens at the end.
std::vector<std::int32_t> cut(std::vector<std::int32_t> ids, std::size_t suffix,
                              std::size_t max_tokens) {
  if (ids.size() > max_tokens) {
    const auto from = ids.begin() + std::ptrdiff_t(max_tokens - suffix);
    ids.erase(from, ids.end() - std::ptrdiff_t(suffix));
  }
  return ids;
}

void tokenize_all(const Tokenizer& tokenizer, std::size_t max_tokens,
                  const std::vector<std::string>& strings) {
  TokenizerWorkspace workspace;
  std::vector<std::int32_t> ids;
  std::string line;
  const std::size_t suffix = tokenizer.suffix().size();
  for (const std::string& text : strings) {
    const Encoding encoding = tokenizer.encode(text, SIZE_MAX);
    tokenizer.encode(text, SIZE_MAX, workspace, ids);
    if (ids != encoding.ids) throw Error(ErrorKind::kInternal, "ids differ with and without spans");
    tokenizer.encode(text, max_tokens, workspace, ids);
    if (ids != cut(encoding.ids, suffix, max_tokens)) {
      throw Error(ErrorKind::kInternal, "ids differ when they are cut");
    }
    line = fmt::format("{}\t", fmt::join(encoding.ids, " "));
    for (const Span& span : encoding.spans) {
      fmt::format_to(std::back_inserter(line), "{}:{} ", span.begin, span.end);
    }
    std::cout << line << '\n';
  }
}

void time_tokenizer(const Tokenizer& tokenizer, std::size_t max_tokens,
                    const std::vector<std::string>& strings) {
  TokenizerWorkspace workspace;
  std::vector<std::int32_t> ids;
  double best = 1e9;
  std::size_t tokens = 0;
  for (int round = 0; round < 5; ++round) {
    tokens = 0;
    best = std::min(best, seconds([&] {
                      for (const std::string& text : strings) {
                        tokenizer.encode(text, max_tokens, workspace, ids);
                        tokens += ids.size();
                      }
                    }));
  }
  std::cout << fmt::format("{:.0f} strings/s, {:.1f} million tokens/s\n",
                           double(strings.size()) / best, double(tokens) / best / 1e6);
}

int run(int count, char** arguments) {
  const std::string_view mode = count > 1 ? arguments[1] : "";
  const std::vector<std::string> strings = read_strings();
  if (mode == "normalize") {
    normalize_all(strings);
  } else if (mode == "lower") {
    rewrite_all(strings, lower_case);
  } else if (mode == "time-normalize") {
    time_normalizer(strings);
  } else if (count == 4 && (mode == "tokenize" || mode == "time-tokenize")) {
    const double start = seconds([&] { load_tokenizer(arguments[2]); });
    const Tokenizer tokenizer = load_tokenizer(arguments[2]);
    const std::size_t max_tokens = std::stoul(arguments[3]);
    if (mode == "tokenize") {
      tokenize_all(tokenizer, max_tokens, strings);
    } else {
      std::cout << fmt::format("loaded in {:.0f} ms\n", start * 1e3);
      time_tokenizer(tokenizer, max_tokens, strings);
    }
  } else {
    std::cerr << "usage: text_lines normalize|lower|time-normalize|tokenize|time-tokenize …\n";
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace enlace

int main(int count, char** arguments) {
  try {
    return enlace::run(count, arguments);
  } catch (const enlace::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
