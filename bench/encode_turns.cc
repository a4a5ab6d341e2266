// One engine among those of bench/peers: encodes given texts whenever it is its turn.
//
//   encode_turns MODEL TEXTS.json THREADS
//
// TEXTS.json has the texts as "names". Each line of standard input is a question, answered by a
// line:
//   {"do":"list"}                             {"types":["f32",…],"version":"<tier>","open_s":[…]}
//   {"do":"vectors","type":T,"path":"x.npy"}  {}
//   {"do":"round","type":T}                   {"seconds":…} for all texts, from text to vector
//   {"do":"latency","type":T,"count":N}       {"latency_ms":…}: the median of N texts, one at a
//   time
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "encode/text_encoder.h"
#include "io/json.h"
#include "io/json_writer.h"
#include "io/mapped_file.h"
#include "io/matrix_writer.h"
#include "math/tier.h"

namespace {

using namespace enlace;

constexpr Precision kPrecisions[] = {Precision::kF32, Precision::kBf16, Precision::kInt8};

template <class Body>
double seconds(const Body& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The texts, and the model opened in every precision.
class Turns {
 public:
  Turns(const char* model, const char* texts, std::size_t workers) : workers_(workers) {
    const MappedFile file(texts);
    JsonParser parser;
    const std::string_view json(reinterpret_cast<const char*>(file.bytes().data()),
                                file.bytes().size());
    for (const JsonElement name :
         json_get<simdjson::dom::array>(parse_json(parser, json, texts), "names", texts)) {
      names_.emplace_back(json_as<std::string_view>(name, "names", texts));
    }
    texts_.assign(names_.begin(), names_.end());
    for (const Precision precision : kPrecisions) {
      open_s_.push_back(seconds([&] { encoders_.push_back(TextEncoder::open(model, precision)); }));
    }
    vectors_.resize(texts_.size() * encoders_[0].dimension());
  }

  std::string answer(std::string_view line) {
    JsonParser parser;
    const JsonElement question = parse_json(parser, line, "question");
    const auto wanted = json_get<std::string_view>(question, "do", "question");
    JsonWriter json;
    json.object();
    if (wanted == "list") {
      json.key("types").array();
      for (const Precision precision : kPrecisions) json.string(name_of(precision));
      json.close().member("version", name_of(current_tier())).key("open_s").array();
      for (const double opened : open_s_) json.number(opened);
      return json.close().close().text();
    }
    const TextEncoder& encoder =
        encoder_of(json_get<std::string_view>(question, "type", "question"));
    const auto encode = [&](std::size_t first, std::size_t count) {
      return seconds([&] {
        encoder.encode(std::span(texts_).subspan(first, count),
                       {vectors_.data(), count, encoder.dimension()}, workers_);
      });
    };
    const double all = wanted == "latency" ? 0 : encode(0, texts_.size());
    if (wanted == "round") {
      json.member("seconds", all);
    } else if (wanted == "vectors") {
      MatrixWriter out(std::string(json_get<std::string_view>(question, "path", "question")),
                       MatrixFormat::kNpy, encoder.dimension());
      out.append(vectors_);
      out.finish();
    } else {
      const auto count = json_get<std::uint64_t>(question, "count", "question");
      const std::size_t step = std::max<std::size_t>(1, texts_.size() / count);
      for (std::size_t i = 0; i < 10 * step && i < texts_.size(); i += step) encode(i, 1);
      std::vector<double> times;
      for (std::size_t i = 0; i < texts_.size(); i += step) times.push_back(encode(i, 1));
      std::nth_element(times.begin(), times.begin() + std::ptrdiff_t(times.size() / 2),
                       times.end());
      json.member("latency_ms", 1000 * times[times.size() / 2]);
    }
    return json.close().text();
  }

 private:
  const TextEncoder& encoder_of(std::string_view type) const {
    std::size_t at = 0;
    while (at + 1 < encoders_.size() && name_of(kPrecisions[at]) != type) ++at;
    return encoders_[at];
  }

  std::size_t workers_;
  std::vector<std::string> names_;
  std::vector<std::string_view> texts_;
  std::vector<TextEncoder> encoders_;  // in the order of kPrecisions
  std::vector<double> open_s_;
  std::vector<float> vectors_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("encode_turns MODEL TEXTS.json THREADS\n", stderr);
    return 2;
  }
  try {
    Turns turns(argv[1], argv[2], std::size_t(std::atoi(argv[3])));
    for (std::string line; std::getline(std::cin, line);) {
      std::cout << turns.answer(line) << std::endl;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "encode_turns: %s\n", error.what());
    return 1;
  }
}
