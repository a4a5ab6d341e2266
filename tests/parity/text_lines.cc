// Reads JSON strings, one a line, and prints what the text module makes of each: the other half of
// the parity scripts beside this file.
//
//   text_lines normalize < strings > strings
//   text_lines time-normalize < strings
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "base/error.h"
#include "io/json.h"
#include "io/json_writer.h"
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

template <class Work>
double seconds(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
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

int run(int count, char** arguments) {
  const std::string_view mode = count > 1 ? arguments[1] : "";
  const std::vector<std::string> strings = read_strings();
  if (mode == "normalize") {
    normalize_all(strings);
  } else if (mode == "time-normalize") {
    time_normalizer(strings);
  } else {
    std::cerr << "usage: text_lines normalize|time-normalize\n";
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
