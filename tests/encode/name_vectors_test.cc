#include "encode/name_vectors.h"

#include <cmath>

#include "encode/tiny_model.h"

namespace enlace {
namespace {

/// A model that tells A from a, whose usage is `own`.
class NameVectors : public testing::Test {
 protected:
  void use(const std::string& own) {
    model_.put("tokenizer_config.json", R"({"do_lower_case":false})");
    model_.put("enlace.json", own);
    encoder_ = std::make_unique<TextEncoder>(TextEncoder::open(model_.path()));
  }

  using Verb = void (*)(const TextEncoder&, std::span<const std::string_view>, MatrixView<float>,
                        std::size_t, const Progress&);
  std::vector<float> made(Verb verb, std::vector<std::string_view> texts) const {
    std::vector<float> vectors(texts.size() * encoder_->dimension());
    verb(*encoder_, texts, {vectors.data(), texts.size(), encoder_->dimension()}, 1, {});
    return vectors;
  }
  std::vector<float> encoded(std::vector<std::string_view> texts) const {
    std::vector<float> vectors(texts.size() * encoder_->dimension());
    encoder_->encode(texts, {vectors.data(), texts.size(), encoder_->dimension()}, 1);
    return vectors;
  }

  ModelFolder model_;
  std::unique_ptr<TextEncoder> encoder_;
};

TEST_F(NameVectors, LeavesTextsAsTheyAreUnlessTheModelAsksForIt) {
  use("{}");
  const auto plain = encoded({"a B", "c"});
  EXPECT_NE(plain, encoded({"a b", "c"}));
  EXPECT_EQ(made(encode_names, {"a B", "c"}), plain);
  EXPECT_EQ(made(encode_mentions, {"a B", "c"}), plain);
}

TEST_F(NameVectors, LowersNames) {
  use(R"({"fold_case":true})");
  EXPECT_EQ(made(encode_names, {"a B", "c", "D"}), encoded({"a b", "c", "d"}));
}

TEST_F(NameVectors, PutsAMentionBetweenItselfAndItsLowerCase) {
  for (const bool normalize : {true, false}) {
    use(normalize ? R"({"fold_case":true})" : R"({"fold_case":true,"normalize":false})");
    const std::size_t D = encoder_->dimension();
    const auto itself = encoded({"a B", "c"}), lower = encoded({"a b"});
    const auto mention = made(encode_mentions, {"a B", "c"});
    std::vector<float> half(D);
    double square = 0;
    for (std::size_t i = 0; i < D; ++i) {
      half[i] = (itself[i] + lower[i]) / 2;
      square += double(half[i]) * half[i];
    }
    for (std::size_t i = 0; i < D; ++i) {
      EXPECT_NEAR(mention[i], half[i] / (normalize ? std::sqrt(square) : 1), 1e-6);
      EXPECT_EQ(mention[D + i], itself[D + i]);  // is lower case already
    }
    EXPECT_EQ(made(encode_mentions, {"a B"}), std::vector(mention.begin(), mention.begin() + D));
  }
}

TEST_F(NameVectors, LeavesOutClosingWordsIfTheModelAsksForIt) {
  use(R"({"plain_names":true})");
  EXPECT_EQ(made(encode_names, {"a B, NOS", "c"}), encoded({"a B", "c"}));
  EXPECT_EQ(made(encode_mentions, {"a B, NOS", "c"}), encoded({"a B", "c"}));
  use(R"({"plain_names":true,"fold_case":true})");
  EXPECT_EQ(made(encode_names, {"a B, NOS"}), encoded({"a b"}));
  EXPECT_EQ(made(encode_mentions, {"a B, NOS"}), made(encode_mentions, {"a B"}));
}

TEST_F(NameVectors, IsPartOfTheFingerprint) {
  use("{}");
  const std::uint64_t plain = encoder_->fingerprint();
  use(R"({"fold_case":true})");
  EXPECT_NE(encoder_->fingerprint(), plain);
  use(R"({"plain_names":true})");
  EXPECT_NE(encoder_->fingerprint(), plain);
}

}  // namespace
}  // namespace enlace
