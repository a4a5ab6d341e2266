#include "train/trainer.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "base/random.h"
#include "encode/blend_models.h"
#include "encode/model_folder.h"
#include "encode/model_tokenizer.h"
#include "train/find_neighbours.h"
#include "train/run_record.h"
#include "train/train_state.h"

namespace enlace {
namespace {

ModelUsage usage_of(const std::filesystem::path& init, const TrainRecipe& recipe) {
  ModelUsage usage = read_model_usage(init);
  if (recipe.pooling) usage.pooling = *recipe.pooling;
  if (recipe.max_tokens) usage.max_tokens = *recipe.max_tokens;
  if (recipe.prefix) usage.prefix = *recipe.prefix;
  if (recipe.fold_case) usage.fold_case = *recipe.fold_case;
  if (recipe.plain_names) usage.plain_names = *recipe.plain_names;
  if (recipe.concept_share) usage.concept_share = *recipe.concept_share;
  usage.max_tokens = std::min(usage.max_tokens, read_model_config(usage.encoder).max_tokens());
  return usage;
}

Memory<float> initial_parameters(const ParameterLayout& layout, const std::filesystem::path& folder,
                                 bool random, std::uint64_t seed) {
  if (random) return random_parameters(layout, seed);
  const Checkpoint checkpoint = Checkpoint::open(folder);
  return load_parameters(layout, checkpoint, folder.string());
}

/// Texts as token ids, laid end to end.
struct TokenBatch {
  std::vector<std::int32_t> ids;
  std::vector<std::uint32_t> starts;

  Batch view() const noexcept { return {ids, starts}; }
};

}  // namespace

class Trainer::Impl {
 public:
  Impl(const TrainData& data, const TrainRecipe& recipe, const TrainRun& run)
      : data_(data),
        recipe_(recipe),
        run_(run),
        usage_(usage_of(run.init, recipe)),
        layout_(read_model_config(usage_.encoder)),
        tokenizer_(usage_, layout_.config),
        batches_(data, recipe_, run.workers),
        parameters_(initial_parameters(layout_, usage_.encoder, run.random, recipe.seed)),
        initial_(hash_bytes(
            {reinterpret_cast<const char*>(parameters_.get()), layout_.size * sizeof(float)})),
        gradients_(allocate_sparse<float>(layout_.size)),
        optimizer_(layout_,
                   {.rate = recipe.rate,
                    .weight_decay = recipe.weight_decay,
                    .clip = recipe.clip,
                    .freeze_tokens = recipe.freeze_tokens},
                   parameters_.get()),
        pass_(EncoderPass::make(
            layout_,
            {.precision = run.precision,
             .pooling = usage_.pooling,
             .hidden_dropout = recipe.dropout.value_or(layout_.config.hidden_dropout),
             .attention_dropout = recipe.dropout.value_or(layout_.config.attention_dropout),
             .recompute = run.recompute,
             .workers = run.workers})) {
    steps_ = recipe.steps > 0
                 ? recipe.steps
                 : std::uint64_t(std::ceil(recipe.epochs * double(batches_.steps_of_epoch()) /
                                           double(recipe.accumulate)));
  }

  StepReport train(const Progress& progress) {
    mine_if_due(progress);
    pass_->load(parameters_.get());
    StepReport report;
    report.step = progress_.step + 1;
    report.steps = steps_;
    report.rate = rate_at(progress_.step);
    std::vector<std::int32_t> touched;
    for (std::size_t i = 0; i < recipe_.accumulate; ++i) {
      const std::uint64_t batch = progress_.step * recipe_.accumulate + i;
      add_batch(batch, touched, report);
    }
    report.loss /= double(recipe_.accumulate);
    if (recipe_.accumulate > 1) {
      std::ranges::sort(touched);
      touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
      scale_gradients(touched, 1 / float(recipe_.accumulate));
    }
    const auto require_finite = [&](std::string_view what, double value) {
      if (std::isfinite(value)) return;
      throw Error(ErrorKind::kInvalidArgument, "step {}: expected a finite {}, found {}",
                  report.step, what, value);
    };
    require_finite("loss", report.loss);
    report.gradient_norm = optimizer_.step(report.rate, touched, gradients_.get(), run_.workers);
    require_finite("gradient", report.gradient_norm);
    progress_.losses.push_back(float(report.loss));
    ++progress_.step;
    return report;
  }

  void save(const std::filesystem::path& path) {
    save_training(path, options(), layout_, parameters_.get(), optimizer_, progress_);
  }

  void resume(const std::filesystem::path& path) {
    require_same_options(path.string(), training_options(path), options());
    progress_ = resume_training(path, layout_, parameters_.get(), optimizer_);
    if (progress_.neighbours.row_of.size() != data_.pairs.label_count() &&
        !progress_.neighbours.empty()) {
      throw Error(ErrorKind::kCorrupt, "{}: neighbour rows: expected {} labels, found {}",
                  path.string(), data_.pairs.label_count(), progress_.neighbours.row_of.size());
    }
  }

  void write_model(const std::filesystem::path& out, const std::string& command) {
    NewModel model;
    model.initial = run_.init;
    model.usage = usage_;
    model.dropped = {"blending.json"};
    model.tensors = as_tensors(layout_, parameters_.get(),
                               [this](std::size_t token) { return optimizer_.lag(token); });
    model.files["training.json"] =
        run_record(command, options(), run_.random ? "" : run_.init.filename().string(),
                   progress_.losses, data_);
    const bool blended = recipe_.blend != 1 && !run_.random;
    const std::optional<Checkpoint> initial =
        blended ? std::optional(Checkpoint::open(usage_.encoder)) : std::nullopt;
    if (blended) blend(*initial, float(recipe_.blend), model.tensors);
    write_model_folder(out, model);
  }

  std::uint64_t steps() const noexcept { return steps_; }
  std::uint64_t step() const noexcept { return progress_.step; }
  const ModelUsage& usage() const noexcept { return usage_; }

 private:
  std::string options() const {
    return run_options(data_, recipe_, run_, usage_, steps_, initial_);
  }

  double rate_at(std::uint64_t step) const noexcept {
    if (step < recipe_.warm_up) return recipe_.rate * double(step) / double(recipe_.warm_up);
    if (recipe_.schedule == Schedule::kConstant) return recipe_.rate;
    const double left = double(steps_) - double(step);
    return recipe_.rate * std::max(left, 0.0) /
           std::max(1.0, double(steps_) - double(recipe_.warm_up));
  }

  /// Texts as ids, each in the order given.
  TokenBatch tokenize(std::span<const std::string_view> texts) {
    constexpr std::size_t kAtOnce = 64;
    const std::size_t portions = (texts.size() + kAtOnce - 1) / kAtOnce;
    std::vector<TokenBatch> parts(portions);
    std::vector<ModelTokenizer::Workspace> workspaces(std::max<std::size_t>(run_.workers, 1));
    parallel_for(run_.workers, portions, [&](std::size_t worker, std::size_t item) {
      const std::size_t last = std::min((item + 1) * kAtOnce, texts.size());
      for (std::size_t i = item * kAtOnce; i < last; ++i) {
        tokenizer_.append(texts[i], workspaces[worker], parts[item].ids);
        parts[item].starts.push_back(static_cast<std::uint32_t>(parts[item].ids.size()));
      }
    });
    TokenBatch all;
    all.starts.push_back(0);
    for (const TokenBatch& part : parts) {
      const auto before = static_cast<std::uint32_t>(all.ids.size());
      for (const std::uint32_t end : part.starts) all.starts.push_back(before + end);
      all.ids.insert(all.ids.end(), part.ids.begin(), part.ids.end());
    }
    return all;
  }

  /// Adds the gradients of one batch.
  void add_batch(std::uint64_t number, std::vector<std::int32_t>& touched, StepReport& report) {
    const TextBatch batch = batches_.batch(number, progress_.neighbours);
    const TokenBatch tokens = tokenize(batch.texts);
    report.tokens += tokens.ids.size();
    const auto vectors = pass_->forward(tokens.view(), recipe_.seed + number);
    slopes_.resize(vectors.rows() * vectors.cols());
    const MatrixView<float> slopes{slopes_.data(), vectors.rows(), vectors.cols()};
    const BatchLabels meant{batch.labels, batch.mask};
    const LossResult loss =
        recipe_.objective == Objective::kInfoNce
            ? info_nce(vectors, meant, recipe_.info_nce_temperature, slopes, run_.workers)
            : multi_similarity(vectors, meant, recipe_.similarity, slopes, run_.workers);
    const TouchedTokens tokens_touched = pass_->backward(slopes, gradients_.get());
    touched.insert(touched.end(), tokens_touched.begin(), tokens_touched.end());
    report.loss += loss.loss;
    report.positives += loss.positives;
    report.negatives += loss.negatives;
  }

  void scale_gradients(std::span<const std::int32_t> touched, float factor) {
    const auto scale = [&](std::size_t first, std::size_t count) {
      for (std::size_t i = first; i < first + count; ++i) gradients_[i] *= factor;
    };
    scale(0, layout_.tokens);
    for (const std::int32_t id : touched) scale(layout_.token(std::size_t(id)), layout_.width);
  }

  /// Finds which labels the model takes for one another, of a sample with one text each.
  void mine_if_due(const Progress& progress) {
    const MiningOptions& mining = recipe_.mining;
    if (mining.every == 0 || progress_.step % mining.every != 0) return;
    const std::size_t labels = data_.pairs.label_count();
    Random random(Random(recipe_.seed ^ ~progress_.step).next());
    std::vector<std::uint32_t> pool(labels);
    for (std::uint32_t label = 0; label < labels; ++label) pool[label] = label;
    const std::size_t count = std::min(mining.pool, labels);
    for (std::size_t i = 0; i < count; ++i) {
      std::swap(pool[i], pool[i + random.below(labels - i)]);
    }
    pool.resize(count);
    const std::size_t each = std::min(mining.neighbours, count - 1);

    std::vector<std::string_view> texts;
    for (const std::uint32_t label : pool) {
      const auto pairs = data_.pairs.with_label(label);
      const TextPair pair = data_.pairs.pair(pairs[random.below(pairs.size())]);
      texts.push_back(random.below(2) == 0 ? pair.x : pair.y);
    }
    const std::vector<float> vectors = embed(texts, progress);
    const auto near =
        find_neighbours({vectors.data(), count, layout_.config.hidden}, each, run_.workers);
    Neighbours& found = progress_.neighbours;
    found.each = each;
    found.row_of.assign(labels, Neighbours::kNone);
    for (std::uint32_t row = 0; row < count; ++row) found.row_of[pool[row]] = row;
    found.near.clear();
    for (const std::uint32_t row : near) found.near.push_back(pool[row]);
  }

  /// Pooled states of texts, by the weights as they are, nothing dropped.
  std::vector<float> embed(std::span<const std::string_view> texts, const Progress& progress) {
    if (!embedder_) {
      embedder_ = EncoderPass::make(layout_, {.precision = run_.precision,
                                              .pooling = usage_.pooling,
                                              .recompute = true,
                                              .workers = run_.workers});
    }
    embedder_->load(parameters_.get());
    constexpr std::size_t kAtOnce = 512;
    const std::size_t C = layout_.config.hidden;
    std::vector<float> vectors(texts.size() * C);
    for (std::size_t first = 0; first < texts.size(); first += kAtOnce) {
      progress.tell("mining hard negatives", first, texts.size());
      const auto some = texts.subspan(first, std::min(kAtOnce, texts.size() - first));
      const TokenBatch tokens = tokenize(some);
      const auto states = embedder_->forward(tokens.view(), 0);
      std::copy_n(states.data(), some.size() * C, &vectors[first * C]);
    }
    return vectors;
  }

  const TrainData& data_;
  TrainRecipe recipe_;
  TrainRun run_;
  ModelUsage usage_;
  ParameterLayout layout_;
  ModelTokenizer tokenizer_;
  BatchMaker batches_;
  Memory<float> parameters_;
  std::uint64_t initial_;  // their hash as they were at first
  Memory<float> gradients_;
  Optimizer optimizer_;
  std::unique_ptr<EncoderPass> pass_;
  std::unique_ptr<EncoderPass> embedder_;  // for mining, once it is needed
  std::uint64_t steps_ = 0;
  TrainProgress progress_;
  std::vector<float> slopes_;
};

Trainer::Trainer(const TrainData& data, const TrainRecipe& recipe, const TrainRun& run)
    : impl_(std::make_unique<Impl>(data, recipe, run)) {}
Trainer::~Trainer() = default;

std::uint64_t Trainer::step_count() const noexcept {
  return impl_->steps();
}
std::uint64_t Trainer::step() const noexcept {
  return impl_->step();
}
const ModelUsage& Trainer::usage() const noexcept {
  return impl_->usage();
}
StepReport Trainer::train(const Progress& progress) {
  return impl_->train(progress);
}
void Trainer::save(const std::filesystem::path& path) {
  impl_->save(path);
}
void Trainer::resume(const std::filesystem::path& path) {
  impl_->resume(path);
}
void Trainer::write_model(const std::filesystem::path& out, const std::string& command) {
  impl_->write_model(out, command);
}

}  // namespace enlace
