#include "train/batch_maker.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace enlace {
namespace {

TrainData fevers() {
  TrainData data;
  data.pairs.add("A", 0, "Fiebre", "Calentura");
  data.pairs.add("B", 0, "FIEBRE", "Pirexia");
  data.pairs.add("C", 0, "Tos", "Tusígena");
  data.pairs.finish();
  return data;
}

TrainRecipe plain_recipe() {
  TrainRecipe recipe;
  recipe.batch = 3;
  return recipe;
}

TEST(BatchMaker, LaysTheTextsOfPairsSideBySide) {
  const TrainData data = fevers();
  const TrainRecipe recipe = plain_recipe();
  const TextBatch batch = BatchMaker(data, recipe, 1).batch(0, {});
  ASSERT_EQ(batch.texts.size(), 6U);
  for (std::size_t i = 0; i < 6; i += 2) {
    EXPECT_EQ(batch.labels[i], batch.labels[i + 1]);
    const TextPair pair = data.pairs.pair(batch.labels[i]);  // one each
    EXPECT_EQ(batch.texts[i], pair.x);
    EXPECT_EQ(batch.texts[i + 1], pair.y);
  }
  EXPECT_TRUE(batch.mask.empty());
  EXPECT_TRUE(batch.variants.empty());
}

TEST(BatchMaker, MasksTextsThatAreEqualOnceVaried) {
  const TrainData data = fevers();
  TrainRecipe recipe = plain_recipe();
  recipe.masks = true;
  recipe.vary = 1;
  BatchMaker maker(data, recipe, 1);
  std::size_t masked = 0;
  for (std::uint64_t number = 0; number < 40; ++number) {
    const TextBatch batch = maker.batch(number, {});
    ASSERT_EQ(batch.mask.size(), 36U);
    for (std::size_t i = 0; i < 6; ++i) {
      for (std::size_t j = 0; j < 6; ++j) {
        const bool equal = i != j && batch.texts[i] == batch.texts[j];
        EXPECT_EQ(batch.mask[i * 6 + j], equal ? 1 : 0);
        masked += equal ? 1 : 0;
      }
    }
    const TextBatch again = BatchMaker(data, recipe, 1).batch(number, {});
    EXPECT_EQ(again.texts, batch.texts);
    EXPECT_EQ(again.labels, batch.labels);
  }
  EXPECT_GT(masked, 0U);  // fiebre twice, of two labels
}

TEST(BatchMaker, RefusesPairsOfOneLabel) {
  TrainData data;
  data.pairs.add("A", 0, "Fiebre", "Calentura");
  data.pairs.finish();
  const TrainRecipe recipe = plain_recipe();
  EXPECT_THROW(BatchMaker(data, recipe, 1), Error);
}

}  // namespace
}  // namespace enlace
