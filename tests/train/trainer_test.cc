#include "train/trainer.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>

#include "base/error.h"
#include "encode/text_encoder.h"
#include "encode/tiny_model.h"
#include "nn/checkpoint.h"
#include "train/find_neighbours.h"

namespace enlace {
namespace {

TrainData letters() {
  TrainData data;
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    const std::string one(1, letter), other(1, char('a' + (letter - 'a' + 7) % 26));
    data.pairs.add(one, 0, one, one + " " + other);
    data.pairs.add(one, 1, one + " " + one, other + " " + one + " query");
  }
  data.pairs.finish();
  return data;
}

TrainRecipe short_recipe() {
  TrainRecipe recipe = train_recipe_named("enlace");
  recipe.batch = 8;
  recipe.steps = 9;
  recipe.rate = 1e-3;
  recipe.warm_up = 2;
  recipe.dropout = 0.1F;
  recipe.mining = {.every = 4, .pool = 20, .neighbours = 3, .group = 2};
  recipe.vary = 0.5;
  return recipe;
}

std::string content_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::string weights_after(Trainer& trainer, const std::filesystem::path& out) {
  while (trainer.step() < trainer.step_count()) trainer.train();
  trainer.write_model(out, "test");
  return content_of(out / "model.safetensors");
}

TEST(Trainer, GivesTheSameWeightsForAnyNumberOfWorkersAndAfterAPause) {
  const ModelFolder model;
  const TrainData data = letters();
  const TrainRecipe recipe = short_recipe();
  const auto out = model.path() / "out", state = model.path() / "state";
  for (const Precision precision : {Precision::kF32, Precision::kBf16}) {
    const TrainRun run{.init = model.path(), .precision = precision};
    Trainer whole(data, recipe, run);
    const std::string expected = weights_after(whole, out);
    EXPECT_NE(expected, content_of(model.path() / "model.safetensors"));

    TrainRun many = run;
    many.workers = 3;
    Trainer shared(data, recipe, many);
    EXPECT_TRUE(weights_after(shared, out) == expected);

    for (const std::uint64_t pause : {1U, 4U, 6U}) {
      Trainer first(data, recipe, run);
      while (first.step() < pause) first.train();
      first.save(state);
      first.train();  // what was not saved is done again
      Trainer second(data, recipe, run);
      second.resume(state);
      EXPECT_EQ(second.step(), pause);
      EXPECT_TRUE(weights_after(second, out) == expected);
    }
  }
}

TEST(Trainer, LearnsItsPairs) {
  const ModelFolder model;
  const TrainData data = letters();
  TrainRecipe recipe = short_recipe();
  recipe.steps = 60;
  recipe.dropout = 0.0F;
  recipe.mining.every = 0;
  Trainer trainer(data, recipe, {.init = model.path()});
  double first = 0, last = 0;
  for (int step = 0; step < 60; ++step) {
    const double loss = trainer.train().loss;
    if (step < 10) first += loss;
    if (step >= 50) last += loss;
  }
  EXPECT_LT(last, 0.8 * first);
  trainer.write_model(model.path() / "out", "test");
  const TextEncoder encoder = TextEncoder::open(model.path() / "out");
  EXPECT_EQ(encoder.usage().max_tokens, trainer.usage().max_tokens);
  EXPECT_TRUE(std::filesystem::exists(model.path() / "out" / "training.json"));
}

TEST(Trainer, BlendsWithTheInitialWeights) {
  const ModelFolder model;
  const TrainData data = letters();
  const auto out = model.path() / "out";
  const auto weights = [&](double blend) {
    TrainRecipe recipe = short_recipe();
    recipe.blend = blend;
    Trainer trainer(data, recipe, {.init = model.path()});
    weights_after(trainer, out);
    std::vector<float> all;
    const Checkpoint checkpoint = Checkpoint::open(out);
    for (const CheckpointTensor& tensor : checkpoint.tensors()) {
      const auto values = load_values(tensor.tensor, "test");
      all.insert(all.end(), values.begin(), values.end());
    }
    return all;
  };
  const auto trained = weights(1), half = weights(0.5), initial = weights(0);
  ASSERT_EQ(trained.size(), half.size());
  for (std::size_t i = 0; i < half.size(); ++i) {
    ASSERT_NEAR(half[i], (trained[i] + initial[i]) / 2, 1e-6);
  }
  const Checkpoint before = Checkpoint::open(model.path());
  const CheckpointTensor* first = before.locate(before.tensors().front().name);
  const auto values = load_values(first->tensor, "test");
  EXPECT_TRUE(std::equal(values.begin(), values.end(), initial.begin()));
}

TEST(Trainer, AccumulatesBatches) {
  const ModelFolder model;
  const TrainData data = letters();
  TrainRecipe recipe = short_recipe();
  recipe.accumulate = 3;
  Trainer trainer(data, recipe, {.init = model.path()});
  const StepReport report = trainer.train();
  EXPECT_GT(report.tokens, 3U * 16U);
  EXPECT_TRUE(std::isfinite(report.loss));
}

std::string complaint(const std::function<void()>& work, ErrorKind kind) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  return "";
}

TEST(Trainer, RefusesToGoOnWithOtherOptions) {
  const ModelFolder model;
  const TrainData data = letters();
  const auto state = model.path() / "state";
  Trainer(data, short_recipe(), {.init = model.path()}).save(state);
  TrainRecipe other = short_recipe();
  other.rate = 2e-3;
  Trainer trainer(data, other, {.init = model.path()});
  EXPECT_EQ(complaint([&] { trainer.resume(state); }, ErrorKind::kInvalidArgument),
            state.string() +
                ": begun with rate=0.001, now rate=0.002: give the same options, or begin anew");
}

TEST(Trainer, RefusesADamagedState) {
  const ModelFolder model;
  const TrainData data = letters();
  const auto state = model.path() / "state";
  Trainer trainer(data, short_recipe(), {.init = model.path()});
  trainer.save(state);
  std::string bytes = content_of(state);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  std::ofstream(state, std::ios::binary) << bytes;
  EXPECT_NE(complaint([&] { trainer.resume(state); }, ErrorKind::kCorrupt), "");
}

TEST(Trainer, StopsAtALossThatIsNotFinite) {
  const ModelFolder model;
  const TrainData data = letters();
  TrainRecipe recipe = short_recipe();
  recipe.rate = 1e30;
  recipe.warm_up = 0;
  recipe.schedule = Schedule::kConstant;
  recipe.mining.every = 0;
  Trainer trainer(data, recipe, {.init = model.path()});
  const std::string message = complaint(
      [&] {
        for (int step = 0; step < 9; ++step) trainer.train();
      },
      ErrorKind::kInvalidArgument);
  EXPECT_EQ(message.substr(0, message.find(" a finite")), "step 2: expected");
}

TEST(Trainer, NeedsTwoConcepts) {
  const ModelFolder model;
  TrainData data;
  data.pairs.add("C1", 0, "a", "b");
  data.pairs.finish();
  EXPECT_EQ(complaint([&] { Trainer(data, short_recipe(), {.init = model.path()}); },
                      ErrorKind::kInvalidArgument),
            "training: expected pairs of two ids or more, found 1 of 1: there is nothing to tell "
            "apart");
}

TEST(Trainer, RefusesAnotherArchitecture) {
  const ModelFolder model;
  model.put("config.json", R"({"model_type":"t5"})");
  const TrainData data = letters();
  EXPECT_NE(complaint([&] { Trainer(data, short_recipe(), {.init = model.path()}); },
                      ErrorKind::kUnsupported),
            "");
}

TEST(Trainer, BeginsFromRandomWeightsWithoutReadingAny) {
  const ModelFolder model;
  std::filesystem::remove(model.path() / "model.safetensors");
  const TrainData data = letters();
  Trainer trainer(data, short_recipe(), {.init = model.path(), .random = true});
  EXPECT_TRUE(std::isfinite(trainer.train().loss));
  trainer.write_model(model.path() / "out", "test");
  TextEncoder::open(model.path() / "out");
}

TEST(FindNeighbours, AreThoseOfTheGreatestCosine) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  constexpr std::size_t kRows = 1500, kCols = 40, kEach = 5;
  std::vector<float> values(kRows * kCols);
  for (float& value : values) value = normal(random);
  const auto found = find_neighbours({values.data(), kRows, kCols}, kEach, 3);
  EXPECT_EQ(found, find_neighbours({values.data(), kRows, kCols}, kEach, 1));
  for (const std::size_t row : {0U, 63U, 64U, 700U, 1023U, 1024U, 1499U}) {
    const auto cosine = [&](std::size_t other) {
      double dot = 0, length = 0;
      for (std::size_t c = 0; c < kCols; ++c) {
        dot += double(values[row * kCols + c]) * double(values[other * kCols + c]);
        length += double(values[other * kCols + c]) * double(values[other * kCols + c]);
      }
      return dot / std::sqrt(length);
    };
    std::vector<double> all;
    for (std::size_t other = 0; other < kRows; ++other) {
      if (other != row) all.push_back(cosine(other));
    }
    std::ranges::sort(all, std::greater<>());
    for (std::size_t k = 0; k < kEach; ++k) {
      EXPECT_NE(found[row * kEach + k], row);
      EXPECT_NEAR(cosine(found[row * kEach + k]), all[k], 0.05);
    }
  }
}

}  // namespace
}  // namespace enlace
