#include "encode/prune_model.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/parallel.h"
#include "base/utf8.h"
#include "encode/model_folder.h"
#include "encode/model_tokenizer.h"
#include "encode/model_usage.h"
#include "encode/prepared_text.h"
#include "io/json_copy.h"
#include "io/mapped_file.h"
#include "nn/checkpoint.h"
#include "nn/model_config.h"
#include "nn/tensor_loader.h"
#include "text/load_tokenizer.h"
#include "text/prune_tokenizer.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTextsAtOnce = 4096;
constexpr std::size_t kNoCut = std::size_t{1} << 40;  // tokens: the texts as a whole
constexpr const char* kTokens = "embeddings.word_embeddings.weight";

/// What one thread has counted, and works in.
struct Count {
  std::vector<std::uint64_t> uses;  // by id
  ScriptSet scripts;
  std::size_t same = 0;
  std::string prepared;
  TokenizerWorkspace workspace;
  std::vector<std::int32_t> ids, other_ids;
};

void note_scripts(std::string_view text, ScriptSet& scripts) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    scripts.set(std::size_t(script_of(c.value)));
    at += c.size;
  }
}

/// Calls body(count, text) for every text, each worker with a Count of its own.
template <class Body>
std::vector<Count> count_texts(std::span<const std::string_view> texts, std::size_t workers,
                               std::string_view stage, const Progress& progress, const Body& body) {
  std::vector<Count> counts(std::max<std::size_t>(workers, 1));
  for (std::size_t done = 0; done < texts.size();) {
    progress.tell(stage, done, texts.size());
    const auto some = texts.subspan(done, std::min(texts.size() - done, 16 * kTextsAtOnce));
    const std::size_t parts = (some.size() + kTextsAtOnce - 1) / kTextsAtOnce;
    parallel_for(counts.size(), parts, [&](std::size_t worker, std::size_t part) {
      const std::size_t first = part * kTextsAtOnce;
      for (const auto text : some.subspan(first, std::min(some.size() - first, kTextsAtOnce))) {
        body(counts[worker], text);
      }
    });
    done += some.size();
  }
  return counts;
}

/// How often the texts use each entry, and their scripts.
Count count_uses(const Tokenizer& tokenizer, const ModelUsage& usage,
                 std::span<const std::string_view> texts, std::size_t workers,
                 const Progress& progress) {
  const auto counts =
      count_texts(texts, workers, "splitting", progress, [&](Count& count, std::string_view text) {
        prepare_text(usage, text, count.prepared);
        tokenizer.encode(count.prepared, kNoCut, count.workspace, count.ids);
        count.uses.resize(std::size_t(tokenizer.size()));
        for (const std::int32_t id : count.ids) ++count.uses[std::size_t(id)];
        note_scripts(count.prepared, count.scripts);
      });
  Count sum;
  sum.uses.resize(std::size_t(tokenizer.size()));
  for (const Count& count : counts) {
    for (std::size_t id = 0; id < count.uses.size(); ++id) sum.uses[id] += count.uses[id];
    sum.scripts |= count.scripts;
  }
  return sum;
}

/// How many texts `after` splits into the same entries as `before`.
std::size_t count_same(const Tokenizer& before, const Tokenizer& after,
                       std::span<const std::int32_t> kept, const ModelUsage& usage,
                       std::span<const std::string_view> texts, std::size_t workers,
                       const Progress& progress) {
  const auto counts = count_texts(
      texts, workers, "splitting again", progress, [&](Count& count, std::string_view text) {
        prepare_text(usage, text, count.prepared);
        before.encode(count.prepared, kNoCut, count.workspace, count.ids);
        after.encode(count.prepared, kNoCut, count.workspace, count.other_ids);
        count.same += std::ranges::equal(count.ids, count.other_ids, [&](auto old, auto now) {
          return old == kept[std::size_t(now)];
        });
      });
  std::size_t same = 0;
  for (const Count& count : counts) same += count.same;
  return same;
}

/// The ids that config.json states, such as pad_token_id, by key.
std::map<std::string, std::int32_t> stated_ids(JsonElement config, std::int32_t size) {
  std::map<std::string, std::int32_t> ids;
  for (const auto [key, value] : simdjson::dom::object(config)) {
    if (!key.ends_with("_token_id") || !value.is_int64()) continue;
    const auto id = std::int64_t(value);
    if (id >= 0 && id < size) ids.emplace(key, std::int32_t(id));
  }
  return ids;
}

std::int32_t new_id(std::span<const std::int32_t> kept, std::int32_t old) {
  return std::int32_t(std::lower_bound(kept.begin(), kept.end(), old) - kept.begin());
}

/// tokenizer_config.json with the ids in it renumbered: {"added_tokens_decoder": {"250001": {…}}}.
std::string renumbered_config(const fs::path& path, std::span<const std::int32_t> kept) {
  const MappedFile file(path);
  JsonParser parser;
  const JsonElement root = parse_python_json(parser, file.text(), path.string());
  const JsonEdit edit = [&](std::string_view at, JsonElement element, JsonWriter& json) {
    if (at != "/added_tokens_decoder" || !element.is_object()) return false;
    json.object();
    for (const auto [key, value] : simdjson::dom::object(element)) {
      const int old = std::atoi(std::string(key).c_str());
      json.key(std::to_string(new_id(kept, old)));
      copy_json(value, json);
    }
    json.close();
    return true;
  };
  JsonWriter json;
  edit_json(root, edit, json);
  return indented_json(json.text());
}

/// The rows `kept` of `tensor`.
NewTensor gathered(const NewTensor& tensor, std::span<const std::int32_t> kept) {
  NewTensor result = tensor;
  result.shape.front() = kept.size();
  const std::size_t width = tensor.bytes.size() / tensor.shape.front();
  result.fill = [bytes = tensor.bytes, width, kept](std::size_t first, std::span<std::byte> out) {
    for (std::size_t row = 0; row < out.size() / width; ++row) {
      const auto old = std::size_t(kept[first + row]);
      std::memcpy(&out[row * width], &bytes[old * width], width);
    }
  };
  return result;
}

/// pruning.json: what the vocabulary was before, and what it was cut by.
std::string record(const PruneReport& report, const PruneOptions& options) {
  JsonWriter json;
  json.object().member("entries_before", report.entries_before);
  json.member("entries_after", report.entries_after).member("entries_used", report.used);
  json.member("texts", report.texts).member("texts_split_as_before", report.split_as_before);
  json.member("min_count", options.min_count).member("at_least", options.at_least);
  json.key("scripts").array();
  for (std::size_t i = 0; i < kScriptCount; ++i) {
    if (report.scripts.test(i)) json.string(name_of(Script(i)));
  }
  return indented_json(json.close().close().text());
}

}  // namespace

PruneReport prune_model(const fs::path& model, std::span<const std::string_view> texts,
                        const PruneOptions& options, const fs::path& folder,
                        const Progress& progress) {
  if (texts.empty()) {
    throw Error(ErrorKind::kInvalidArgument,
                "expected texts to keep the vocabulary of, found none");
  }
  const ModelUsage usage = read_model_usage(model);
  const fs::path config_path = usage.encoder / "config.json";
  const MappedFile config_file(config_path);
  const ModelConfig config = parse_model_config(config_file.text(), config_path.string());
  const fs::path tokenizer_path = usage.encoder / "tokenizer.json";
  if (!fs::exists(tokenizer_path)) {
    throw Error(ErrorKind::kUnsupported,
                "{}: expected a tokenizer.json, as save_pretrained of transformers writes it, "
                "found none",
                usage.encoder.string());
  }
  const MappedFile tokenizer_file(tokenizer_path);
  const TokenizerConfig configured = read_tokenizer_config(usage.encoder);
  const Tokenizer before =
      parse_tokenizer(tokenizer_file.text(), tokenizer_path.string(), configured);
  const Checkpoint checkpoint = Checkpoint::open(usage.encoder);
  TensorLoader(checkpoint, checkpoint.file_name(0))
      .checked(kTokens, {config.vocabulary, config.hidden});
  require_known_ids(before, config, usage.encoder);
  JsonParser parser;
  const auto ids = stated_ids(parse_json(parser, config_file, config_path.string()), before.size());

  const Count count = count_uses(before, usage, texts, options.workers, progress);
  VocabularyCut cut{count.uses, options.min_count, options.scripts, {}, 0, options.at_least};
  if (cut.scripts.none()) cut.scripts = count.scripts;
  for (const auto& [key, id] : ids) cut.ids.push_back(id);
  // Positions are counted from the id of padding on: it may not change.
  cut.first_ids = std::int32_t(config.first_position);
  const std::string prefix = [&] {
    std::string prepared;
    prepare_text(usage, "", prepared);
    return prepared;
  }();
  for (const std::int32_t id : before.encode(prefix, kNoCut).ids) cut.ids.push_back(id);
  const PrunedTokenizer pruned =
      prune_tokenizer(tokenizer_file.text(), tokenizer_path.string(), cut);
  const Tokenizer after =
      parse_tokenizer(pruned.json, (folder / "tokenizer.json").string(), configured);
  if (after.size() != std::int32_t(pruned.kept.size())) {
    throw Error(ErrorKind::kUnsupported,
                "{}: expected added tokens of tokenizer.json, found others", configured.where);
  }

  PruneReport report;
  report.entries_before = std::size_t(before.size());
  report.entries_after = pruned.kept.size();
  report.used = std::size_t(std::ranges::count_if(count.uses, [](auto n) { return n > 0; }));
  report.texts = texts.size();
  report.split_as_before =
      count_same(before, after, pruned.kept, usage, texts, options.workers, progress);
  report.scripts = cut.scripts;

  NewModel result;
  result.initial = model;
  result.usage = usage;
  result.tensors = encoder_tensors(checkpoint);
  for (NewTensor& tensor : result.tensors) {
    if (tensor.name.starts_with(kTokens)) tensor = gathered(tensor, pruned.kept);  // and scales
  }
  result.config.emplace("vocab_size", pruned.kept.size());
  for (const auto& [key, id] : ids) result.config.emplace(key, new_id(pruned.kept, id));
  result.files.emplace("pruning.json", record(report, options));
  result.files.emplace("tokenizer.json", pruned.json);
  if (fs::exists(usage.encoder / "tokenizer_config.json")) {
    result.files.emplace("tokenizer_config.json",
                         renumbered_config(usage.encoder / "tokenizer_config.json", pruned.kept));
  }
  write_model_folder(folder, result, progress);
  return report;
}

}  // namespace enlace
