#include "eval/model_receipt.h"

#include "base/error.h"
#include "encode/quantize_model.h"
#include "encode/tiny_model.h"

namespace enlace {
namespace {

class ModelReceipt : public testing::Test {
 protected:
  ModelReceipt() {
    model_.put("kb.tsv", "1\ta b\tes\n2\tc d e\tes\n3\tx\tes\n");
    model_.put("gold.tsv", "a b\t1\nc d\t2\nx\t1\n");
    convert_model(model_.path(), WeightType::kInt8, after_);
  }

  ModelFolder model_;
  std::filesystem::path after_ = model_.path() / "after";
};

TEST_F(ModelReceipt, TellsHowFarVectorsHaveMoved) {
  const TextEncoder before = TextEncoder::open(model_.path());
  const TextEncoder after = TextEncoder::open(after_);
  const std::vector<std::string_view> texts = {"a", "b c", "x y z"};
  const CosineReport same = compare_vectors(before, before, texts, 1);
  EXPECT_NEAR(same.least, 1, 1e-6);
  const CosineReport moved = compare_vectors(before, after, texts, 2);
  EXPECT_EQ(moved.texts, 3U);
  EXPECT_LT(moved.least, 1 - 1e-8);
  EXPECT_GT(moved.least, 0.99);
  EXPECT_LE(moved.least, moved.mean);
  ASSERT_EQ(moved.percentiles.size(), 4U);
  EXPECT_EQ(moved.percentiles.front().second, moved.least);
  EXPECT_THROW(compare_vectors(before, after, {}, 1), Error);
}

TEST_F(ModelReceipt, TellsHowOftenBothAreRight) {
  const std::vector<AccuracySet> sets = {
      {"tiny", model_.path() / "kb.tsv", model_.path() / "gold.tsv"},
      {"again", model_.path() / "kb.tsv", model_.path() / "gold.tsv"}};
  const auto scratch = model_.path() / "scratch";
  const auto changes = compare_accuracy(model_.path(), after_, sets, scratch, Precision::kF32, 1);
  EXPECT_FALSE(std::filesystem::exists(scratch));
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].name, "tiny");
  EXPECT_EQ(changes[0].mentions, 3U);
  // "x" stands for another concept than the name that it equals: right at 5, not at 1.
  EXPECT_NEAR(changes[0].at.at(1).first, 2.0 / 3, 1e-9);
  EXPECT_NEAR(changes[0].at.at(5).first, 1, 1e-9);
  EXPECT_EQ(changes[0].at, changes[1].at);

  Receipt receipt{"model", "int8", Precision::kF32, {}, changes};
  EXPECT_EQ(to_json(receipt).find("cosine"), std::string::npos);
  EXPECT_NE(to_json(receipt).find("\"set\": \"again\""), std::string::npos);
}

TEST_F(ModelReceipt, LeavesNothingBehindWhereASetCannotBeRead) {
  const std::vector<AccuracySet> sets = {
      {"tiny", model_.path() / "kb.tsv", model_.path() / "none.tsv"}};
  const auto scratch = model_.path() / "scratch";
  EXPECT_THROW(compare_accuracy(model_.path(), after_, sets, scratch, Precision::kF32, 1), Error);
  EXPECT_FALSE(std::filesystem::exists(scratch));
}

}  // namespace
}  // namespace enlace
