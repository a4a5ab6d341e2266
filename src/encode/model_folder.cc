#include "encode/model_folder.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "io/json_copy.h"
#include "io/mapped_file.h"
#include "io/publish.h"
#include "nn/model_config.h"
#include "nn/tensor_names.h"
#include "text/load_tokenizer.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

/// What transformers reads of a tokenizer beside its vocabulary, by the names of tokens.
constexpr std::array kTokenizerSettings{"tokenizer_config.json", "special_tokens_map.json"};

/// Vocabularies in all the forms that were in use, and what refers to them by number.
constexpr std::array kVocabularies{
    "tokenizer.json",          "vocab.txt", "vocab.json",   "merges.txt",
    "sentencepiece.bpe.model", "spm.model", "spiece.model", "tokenizer.model",
    "added_tokens.json"};

/// What a model's history and licence are told by; they are true of what is made of it too.
constexpr std::array kRecords{"LICENSE",   "LICENSE.md",    "LICENSE.txt",   "NOTICE",
                              "NOTICE.md", "training.json", "blending.json", "pruning.json"};

/// The class of transformers that has an encoder and no head.
std::string_view architecture_of(std::string_view model_type) noexcept {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kArchitectures{
      {{"bert", "BertModel"},
       {"roberta", "RobertaModel"},
       {"xlm-roberta", "XLMRobertaModel"},
       {"camembert", "CamembertModel"},
       {"distilbert", "DistilBertModel"}}};
  for (const auto& [type, architecture] : kArchitectures) {
    if (type == model_type) return architecture;
  }
  return "BertModel";
}

std::string_view torch_name_of(TensorType type) noexcept {
  switch (type) {
    case TensorType::kF16: return "float16";
    case TensorType::kBf16: return "bfloat16";
    case TensorType::kI8:
    case TensorType::kU8: return "int8";
    default: return "float32";
  }
}

/// The type of most of the numbers.
TensorType main_type(std::span<const NewTensor> tensors) noexcept {
  const NewTensor* widest = nullptr;
  std::size_t most = 0;
  for (const NewTensor& tensor : tensors) {
    std::size_t count = 1;
    for (const std::size_t extent : tensor.shape) count *= extent;
    if (widest == nullptr || count > most) {
      widest = &tensor;
      most = count;
    }
  }
  return widest == nullptr ? TensorType::kF32 : widest->type;
}

/// `old` with what a NewModel says otherwise.
std::string edited_config(JsonElement old, const NewModel& model, std::string_view model_type) {
  std::map<std::string, std::uint64_t, std::less<>> numbers(model.config.begin(),
                                                            model.config.end());
  JsonWriter json;
  json.object();
  json.key("architectures").array().string(architecture_of(model_type)).close();
  for (const auto [key, value] : simdjson::dom::object(old)) {
    if (key == "architectures" || key == "torch_dtype" || key == "dtype") continue;
    json.key(key);
    const auto number = numbers.find(key);
    if (number == numbers.end()) {
      copy_json(value, json);
      continue;
    }
    json.integer(number->second);
    numbers.erase(number);
  }
  for (const auto& [key, value] : numbers) json.member(key, value);
  json.member("torch_dtype", torch_name_of(main_type(model.tensors))).close();
  return indented_json(json.text());
}

std::string modules_json(const ModelUsage& usage) {
  JsonWriter json;
  json.array();
  const auto module = [&](std::uint64_t number, std::string_view path, std::string_view type) {
    json.object().member("idx", number).member("name", std::to_string(number));
    json.member("path", path).member("type", fmt::format("sentence_transformers.models.{}", type));
    json.close();
  };
  module(0, "", "Transformer");
  module(1, "1_Pooling", "Pooling");
  if (usage.normalize) module(2, "2_Normalize", "Normalize");
  return indented_json(json.close().text());
}

std::string pooling_json(const ModelUsage& usage, std::size_t dimension) {
  JsonWriter json;
  json.object().member("word_embedding_dimension", std::uint64_t(dimension));
  json.member("pooling_mode_cls_token", usage.pooling == Pooling::kCls);
  json.member("pooling_mode_mean_tokens", usage.pooling == Pooling::kMean);
  for (const char* key :
       {"max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken"}) {
    json.member(fmt::format("pooling_mode_{}", key), false);
  }
  json.member("include_prompt", true).close();
  return indented_json(json.text());
}

std::string prompts_json(const ModelUsage& usage) {
  JsonWriter json;
  json.object().key("prompts").object();
  if (!usage.prefix.empty()) json.member("default", usage.prefix);
  json.close().key("default_prompt_name");
  if (usage.prefix.empty()) {
    json.null();
  } else {
    json.string("default");
  }
  json.member("similarity_fn_name", usage.normalize ? "cosine" : "dot").close();
  return indented_json(json.text());
}

std::string encoder_settings_json(const ModelUsage& usage) {
  JsonWriter json;
  json.object().member("max_seq_length", std::uint64_t(usage.max_tokens));
  json.member("do_lower_case", usage.lower_case).close();
  return indented_json(json.text());
}

std::string own_json(const ModelUsage& usage) {
  JsonWriter json;
  json.object().member("pooling", name_of(usage.pooling));
  json.member("prefix", usage.prefix).member("normalize", usage.normalize);
  json.member("max_tokens", std::uint64_t(usage.max_tokens));
  json.member("fold_case", usage.fold_case).member("plain_names", usage.plain_names);
  json.member("concept_share", usage.concept_share).close();
  return indented_json(json.text());
}

void put(const fs::path& path, std::string_view text) {
  publish_file(path, std::as_bytes(std::span(text)));
}

void write_usage(const fs::path& folder, const ModelUsage& usage, std::size_t dimension) {
  fs::create_directory(folder / "1_Pooling");
  put(folder / "modules.json", modules_json(usage));
  put(folder / "1_Pooling" / "config.json", pooling_json(usage, dimension));
  put(folder / "sentence_bert_config.json", encoder_settings_json(usage));
  put(folder / "config_sentence_transformers.json", prompts_json(usage));
  put(folder / "enlace.json", own_json(usage));
  if (usage.normalize) fs::create_directory(folder / "2_Normalize");
}

/// Those of `names` that are there and not written anew.
void copy_files(std::span<const char* const> names, const fs::path& from, const fs::path& to,
                const NewModel& model) {
  for (const char* name : names) {
    const bool dropped = std::ranges::find(model.dropped, name) != model.dropped.end();
    if (dropped || model.files.contains(name) || !fs::is_regular_file(from / name)) continue;
    const MappedFile file(from / name);
    publish_file(to / name, file.bytes());
  }
}

/// A tokenizer.json of its own leaves no use for the vocabulary in other forms.
void copy_tokenizer(const fs::path& from, const fs::path& to, const NewModel& model) {
  const bool replaced = model.files.contains("tokenizer.json");
  if (!replaced && tokenizer_files(from).empty()) {
    throw Error(ErrorKind::kNotFound, "{}: expected the files of a tokenizer, found none",
                from.string());
  }
  copy_files(kTokenizerSettings, from, to, model);
  if (!replaced) copy_files(kVocabularies, from, to, model);
}

}  // namespace

void write_model_folder(const fs::path& folder, const NewModel& model, const Progress& progress) {
  const fs::path from = read_model_usage(model.initial).encoder;
  const MappedFile config_file(from / "config.json");
  const std::string where = (from / "config.json").string();
  const ModelConfig config = parse_model_config(config_file.text(), where);
  JsonParser parser;
  const JsonElement root = parse_json(parser, config_file, where);

  FolderPublication publication(folder);
  const fs::path& to = publication.staging();
  put(to / "config.json", edited_config(root, model, config.type));
  copy_tokenizer(from, to, model);
  copy_files(kRecords, model.initial, to, model);
  std::vector<NewTensor> tensors = model.tensors;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    NewTensor& tensor = tensors[i];
    tensor.name = published_name(tensor.name, config.type);
    if (!tensor.fill) continue;
    tensor.fill = [&progress, i, count = tensors.size(), fill = std::move(tensor.fill)](
                      std::size_t first, std::span<std::byte> out) {
      progress.tell("writing weights", i, count);
      fill(first, out);
    };
  }
  write_safetensors(to / "model.safetensors", std::move(tensors));
  ModelUsage usage = model.usage;
  usage.max_tokens = std::min(usage.max_tokens, config.max_tokens());
  write_usage(to, usage, config.hidden);
  for (const auto& [name, text] : model.files) put(to / name, text);
  publication.publish();
}

std::vector<NewTensor> encoder_tensors(const Checkpoint& model) {
  std::vector<NewTensor> tensors;
  for (const CheckpointTensor& entry : model.tensors()) {
    if (entry.tensor.type == TensorType::kOther) continue;  // position_ids: counted, not learnt
    check_values(entry.tensor, model.file_name(entry.file));
    for (NewTensor& copy : copies_of(entry.tensor, entry.name)) tensors.push_back(std::move(copy));
  }
  return tensors;
}

}  // namespace enlace
