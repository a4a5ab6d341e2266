// Reads JSON strings, one a line, and prints what the text module makes of each: the other half of
// the parity scripts beside this file.
//
//   text_lines normalize < strings > strings
//   text_lines time-normalize < strings
//   text_lines tokenize PATH MAX_TOKENS < strings > {"ids": [...], "spans": [[begin, end], ...]}
//   text_lines time-tokenize PATH MAX_TOKENS < strings
#include <algorithm>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "base/error.h"
#include "io/json.h"
#include "io/json_writer.h"
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

void normalize_all(const std::vector<std::string>& strings) {
  const Normalizer normalizer = Normalizer::plain();
  std::string out;
  for (const std::string& text : strings) {
    normalizer.normalize(text, out);
    JsonWriter json;
    json.string(out);
    std::cout << json.text() << '\n';
  }
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

void tokenize_all(const Tokenizer& tokenizer, std::size_t max_tokens,
                  const std::vector<std::string>& strings) {
  TokenizerWorkspace workspace;
  std::vector<std::int32_t> ids;
  for (const std::string& text : strings) {
    const Encoding encoding = tokenizer.encode(text, max_tokens);
    tokenizer.encode(text, max_tokens, workspace, ids);
    if (ids != encoding.ids) throw Error(ErrorKind::kInternal, "ids differ with and without spans");
    JsonWriter json;
    json.object().key("ids").array();
    for (const std::int32_t id : encoding.ids) json.integer(std::uint64_t(id));
    json.close().key("spans").array();
    for (const Span& span : encoding.spans) {
      json.array().integer(span.begin).integer(span.end).close();
    }
    json.close().close();
    std::cout << json.text() << '\n';
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
    std::cerr << "usage: text_lines normalize|time-normalize|tokenize|time-tokenize …\n";
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
