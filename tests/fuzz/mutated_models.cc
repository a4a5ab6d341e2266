// Opens COUNT damaged model files and tokenizer.json files: each is used or refused with an Error.
//
//   mutated_models CORPUS COUNT [SEED]
//
// CORPUS is tests/fuzz/corpus. In turns, what is damaged is the weights as safetensors or as
// torch.save wrote them, config.json, the index of shards, and a tokenizer.json.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "fuzz/damage.h"
#include "io/zip_archive.h"
#include "io/zip_writer.h"
#include "nn/encoder.h"
#include "nn/safetensors.h"
#include "nn/safetensors_file.h"
#include "nn/shard_index.h"
#include "nn/torch_file.h"
#include "text/load_tokenizer.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;
using testing_fuzz::damaged;
using testing_nn::bytes_of;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Runs three tokens, or as many as there may be, through the model.
void use_model(const std::string& config_text, const TensorFile& file, Precision precision) {
  const ModelConfig config = parse_model_config(config_text, "config.json");
  const EncoderWeights weights =
      load_encoder_weights(config, Checkpoint(file, "model"), "model", precision);
  std::vector<std::int32_t> ids(std::min<std::size_t>(3, config.max_tokens()));
  ids.back() = static_cast<std::int32_t>(config.vocabulary - 1);
  const std::uint32_t starts[] = {0, static_cast<std::uint32_t>(ids.size())};
  Workspace workspace;
  forward(weights, {ids, starts}, Wanted::kAllTokens, workspace);
}

/// Damages the whole file, or only its header, whose length is then right.
std::string damaged_safetensors(const std::string& good, Random& random) {
  if (random.below(2) == 0) return damaged(good, random);
  std::uint64_t size = 0;
  std::memcpy(&size, good.data(), sizeof size);
  return testing_nn::safetensors_of(damaged(good.substr(8, size), random), good.substr(8 + size));
}

/// Damages the whole file, or only one of its entries, of which the directory is then right.
std::string damaged_torch_file(const std::string& good, Random& random) {
  if (random.below(2) == 0) return damaged(good, random);
  const bool pickle_only = random.below(4) != 0;
  testing_io::ZipFiles files;
  for (const ZipEntry& entry : parse_zip_archive(bytes_of(good), "seed")) {
    std::string content(reinterpret_cast<const char*>(entry.bytes.data()), entry.bytes.size());
    const bool chosen = pickle_only ? entry.name.ends_with(".pkl") : random.below(8) == 0;
    if (chosen) content = damaged(content, random);
    files.emplace_back(entry.name, content);
  }
  return testing_io::zip_of(files, {.zip64 = random.below(2) == 0});
}

/// What the corpus holds.
struct Seeds {
  explicit Seeds(const fs::path& corpus)
      : safetensors(read_file(corpus / "safetensors/bert")),
        torch_bert(read_file(corpus / "torch_file/bert")),
        torch_distilbert(read_file(corpus / "torch_file/distilbert")),
        bert_config(read_file(corpus / "model_config/bert")),
        distilbert_config(read_file(corpus / "model_config/distilbert")),
        shard_index(read_file(corpus / "shard_index/two")) {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(corpus / "tokenizer_json")) {
      paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    for (const fs::path& path : paths) tokenizers.push_back(read_file(path));
  }

  std::string safetensors, torch_bert, torch_distilbert, bert_config, distilbert_config,
      shard_index;
  std::vector<std::string> tokenizers;
};

/// Opens one damaged file; returns what kind of file it was. `alive` says whether it was used.
const char* open_one(const Seeds& seeds, std::size_t number, Random& random, bool& alive) {
  const char* kind = "";
  const auto precision = static_cast<Precision>(number / 8 % 3);
  alive = true;
  try {
    switch (number % 8) {
      case 0: {
        kind = "model.safetensors";
        const std::string file = damaged_safetensors(seeds.safetensors, random);
        use_model(seeds.bert_config, parse_safetensors(bytes_of(file), "model"), precision);
        break;
      }
      case 1:
      case 2: {
        kind = "pytorch_model.bin";
        const bool distilbert = number % 8 == 1;
        const std::string file =
            damaged_torch_file(distilbert ? seeds.torch_distilbert : seeds.torch_bert, random);
        use_model(distilbert ? seeds.distilbert_config : seeds.bert_config,
                  parse_torch_file(bytes_of(file), "model"), precision);
        break;
      }
      case 3: {
        kind = "config.json";
        const TensorFile model = parse_safetensors(bytes_of(seeds.safetensors), "model");
        use_model(damaged(seeds.bert_config, random), model, precision);
        break;
      }
      case 4:
        kind = "index.json";
        parse_shard_index(damaged(seeds.shard_index, random), "index");
        break;
      default: {
        kind = "tokenizer.json";
        const std::string& seed = seeds.tokenizers[number / 8 % seeds.tokenizers.size()];
        parse_tokenizer(damaged(seed, random), "tokenizer")
            .encode("Dolor de  pecho, NIÑO [MASK] <mask> 12 x\u0301\u4e2d", 64);
      }
    }
  } catch (const Error&) {
    alive = false;
  }
  return kind;
}

int run(const fs::path& corpus, std::size_t count, std::uint64_t seed) {
  const Seeds seeds(corpus);
  use_model(seeds.bert_config, parse_safetensors(bytes_of(seeds.safetensors), "model"),
            Precision::kF32);
  use_model(seeds.bert_config, parse_torch_file(bytes_of(seeds.torch_bert), "model"),
            Precision::kF32);
  use_model(seeds.distilbert_config, parse_torch_file(bytes_of(seeds.torch_distilbert), "model"),
            Precision::kF32);
  struct Tally {
    std::size_t used = 0, refused = 0;
  };
  std::map<std::string, Tally> tallies;
  for (std::size_t i = 0; i < count; ++i) {
    Random random((seed << 32) + i);  // whatever COUNT is
    bool alive = false;
    Tally& tally = tallies[open_one(seeds, i, random, alive)];
    ++(alive ? tally.used : tally.refused);
  }
  bool telling = true;  // damage that nothing survives, or everything, tests nothing
  for (const auto& [kind, tally] : tallies) {
    std::printf("%-18s %8zu used %8zu refused\n", kind.c_str(), tally.used, tally.refused);
    telling &= tally.used > 0 && tally.refused > 0;
  }
  return telling ? 0 : 1;
}

}  // namespace
}  // namespace enlace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fputs("usage: mutated_models CORPUS COUNT [SEED]\n", stderr);
    return 2;
  }
  const std::uint64_t seed = count > 3 ? std::strtoull(arguments[3], nullptr, 10) : 1;
  return enlace::run(arguments[1], std::strtoull(arguments[2], nullptr, 10), seed);
}
