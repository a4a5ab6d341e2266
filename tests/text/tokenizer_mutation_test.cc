// Any bytes are a tokenizer or refused with an Error, never more than that: seeded damage to the
// seeds of the fuzz targets.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/random.h"
#include "text/load_tokenizer.h"
#include "text/vocabulary_tokenizer.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

using Parse = std::function<Tokenizer(std::string_view)>;

std::vector<std::string> seeds(const char* target) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(fs::path(TESTS_DIR) / "fuzz/corpus" / target)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> found;
  for (const fs::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    found.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return found;
}

/// One to four bytes changed, put in or taken out, or a part of the text doubled.
std::string damaged(std::string_view good, Random& random) {
  constexpr std::string_view kTelling("\0\n\"\\[]{}:,0129-e \x01\x7F\x80\xC3\xFF", 23);
  std::string bytes(good);
  for (std::uint64_t n = 1 + random.below(4); n > 0 && !bytes.empty(); --n) {
    const std::size_t at = random.below(bytes.size());
    const char c = kTelling[random.below(kTelling.size())];
    switch (random.below(4)) {
      case 0: bytes[at] = c; break;
      case 1: bytes.insert(at, 1, c); break;
      case 2: bytes.insert(at, bytes.substr(random.below(bytes.size()), random.below(40))); break;
      default: bytes.erase(at, 1 + random.below(8));
    }
  }
  return bytes;
}

/// How many of `count` damaged seeds still are tokenizers.
std::size_t survivors(const char* target, std::size_t count, const Parse& parse) {
  Random random(7);
  std::size_t alive = 0;
  const std::vector<std::string> good = seeds(target);
  for (const std::string& seed : good) parse(seed).encode("dolor", 64);
  for (std::size_t i = 0; i < count; ++i) {
    try {
      const Tokenizer tokenizer = parse(damaged(good[i % good.size()], random));
      tokenizer.encode("Dolor de  pecho, NIÑO <mask> 12 x\u0301", 64);
      ++alive;
    } catch (const Error&) {
    }
  }
  return alive;
}

TEST(TokenizerMutation, DamagedFilesAreReadOrRefused) {
  const auto json = [](std::string_view bytes) { return parse_tokenizer(bytes, "file"); };
  EXPECT_GT(survivors("tokenizer_json", 4000, json), 0U);
  const auto lines = [](std::string_view bytes) { return parse_vocab_txt(bytes, {}, "file"); };
  EXPECT_GT(survivors("vocab_txt", 2000, lines), 0U);
  const auto merges = [](std::string_view bytes) {
    const std::string_view vocabulary = bytes.substr(0, bytes.find('\0'));
    const std::size_t rest = std::min(vocabulary.size() + 1, bytes.size());
    return parse_vocab_json(vocabulary, bytes.substr(rest), {}, "file", "merges");
  };
  EXPECT_GT(survivors("merges", 2000, merges), 0U);
  const auto pieces = [](std::string_view bytes) {
    constexpr std::string_view kFamilies[] = {"", "XLMRoberta", "Camembert", "DebertaV2"};
    TokenizerConfig config;
    if (!bytes.empty()) config.family = kFamilies[static_cast<unsigned char>(bytes[0]) % 4];
    return parse_sentencepiece(bytes.substr(std::min<std::size_t>(1, bytes.size())), config,
                               "file");
  };
  EXPECT_GT(survivors("sentence_piece", 4000, pieces), 0U);
}

}  // namespace
}  // namespace enlace
