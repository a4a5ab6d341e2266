// Whatever a file of a knowledge base suffers, there is an Error, or the answers are those of the
// undamaged one: never a wrong answer.
#include <fstream>

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/random.h"
#include "encode/tiny_model.h"
#include "link/dense_retriever.h"
#include "link/exact_retriever.h"
#include "link/hybrid_retriever.h"
#include "link/kb_parts.h"
#include "link/kb_place.h"
#include "link/link_json.h"
#include "link/made_names.h"
#include "link/mention_finder.h"
#include "link/ngram_retriever.h"

namespace enlace {
namespace {

namespace fs = std::filesystem;

constexpr int kConcepts = 60;
#ifdef NDEBUG
constexpr int kCuts = 500;
constexpr int kFlips = 2000;
#else  // many times slower, above all under the sanitizers
constexpr int kCuts = 50;
constexpr int kFlips = 200;
#endif

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A knowledge base with vectors and changes, and the file of it that the test damages.
class Damage : public testing::TestWithParam<std::string> {
 protected:
  Damage() {
    BuildOptions options;
    options.out = kb();
    options.model = model_.path();
    options.precision = Precision::kF32;
    options.sources = {"tsv=" + place_.put("base.tsv", made_table('B', kConcepts))};
    build_kb_folder(options);
    place_.update(kb(), "tsv", made_table('M', 8) + "B3\tcambiado\tes\tS1\tT0\n", "B5\n");
    encoder_ = TextEncoder::open(model_.path(), Precision::kF32);
    mentions_ = {"badol ce", "Luménti 2", "fi", "cambiado"};
    vectors_.resize(mentions_.size() * encoder_->dimension());
    const std::vector<std::string_view> views(mentions_.begin(), mentions_.end());
    encoder_->encode(views, {vectors_.data(), mentions_.size(), encoder_->dimension()}, 1);
  }

  fs::path kb() const { return place_ / "kb"; }

  /// What every retriever and the finder of mentions say, to the last bit of each score.
  std::string answers() const {
    const KbFolder folder = open_kb_folder(kb());
    std::string said;
    for (const NameFilter& filter : {NameFilter{}, NameFilter{.languages = {"es"}}}) {
      const std::vector<KbPart> parts = searchable_parts(folder, filter);
      SearchOptions options;
      options.k = 3;
      options.vectors = vectors_;
      said += told(HybridRetriever(parts, *encoder_), options);
      for (const KbPart& part : parts) {
        said += told(ExactRetriever(part), options) + told(NgramRetriever(part), options) +
                told(DenseRetriever(part, *encoder_), options);
        // Few enough that bytes are read before floats.
        for (const auto& found :
             part.folder->vectors->search({vectors_.data(), 1, encoder_->dimension()}, 2, {}, 1)) {
          for (const Neighbour& row : found) said += fmt::format("{} {:a}\n", row.row, row.score);
        }
      }
      for (const Mention& mention :
           MentionFinder(parts, clinical_abbreviations()).find("un cambiado, badol ce y fi.")) {
        said += mention.text + '\n';
      }
    }
    return said;
  }

  std::string told(const Retriever& retriever, const SearchOptions& options) const {
    std::string said;
    const auto found = retriever.retrieve(mentions_, options);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const Document document{"", mentions_[i], "", {mention_at(mentions_[i], 0, 1)}};
      JsonWriter json;
      write_linked(json, document, {&found[i], 1});
      said += json.text();
      for (const Candidate& candidate : found[i]) said += fmt::format(" {:a}", candidate.score);
      said += '\n';
    }
    return said;
  }

  /// Nothing if the damaged folder is refused or answers as it should.
  void expect_no_wrong_answer(const std::string& right, const std::string& damage) {
    try {
      ASSERT_EQ(answers(), right) << damage;
      ++unnoticed_;
    } catch (const Error& error) {
      ASSERT_NE(error.kind(), ErrorKind::kInternal) << damage;
      ++refused_;
    }
  }

  ModelFolder model_;
  KbPlace place_;
  std::optional<TextEncoder> encoder_;
  std::vector<std::string> mentions_;
  std::vector<float> vectors_;
  int refused_ = 0, unnoticed_ = 0;
};

TEST_P(Damage, IsAnErrorOrChangesNothing) {
  const fs::path path = kb() / GetParam();
  const std::string good = content_of(path);
  const std::string right = answers();
  ASSERT_EQ(answers(), right);
  Random random(1);
  const auto write = [&](std::size_t at, std::string_view bytes) {
    // In place: nothing has it open now.
    std::fstream(path, std::ios::binary | std::ios::in | std::ios::out)
        .seekp(std::streamoff(at))
        .write(bytes.data(), std::streamsize(bytes.size()));
  };
  for (int i = 0; i < kFlips && !HasFatalFailure(); ++i) {
    // A fifth of them anywhere; the others where something stands: behind the header.
    const std::size_t begin = i % 5 == 0 || good.size() <= 4096 ? 0 : 4096;
    const std::size_t at = begin + random.below(good.size() - begin);
    const auto bit = random.below(8);
    const char flipped = static_cast<char>(good[at] ^ 1 << bit);
    write(at, {&flipped, 1});
    expect_no_wrong_answer(right, fmt::format("bit {} of byte {}", bit, at));
    write(at, {&good[at], 1});
  }
  EXPECT_GT(refused_, kFlips / 4);  // what is left is padding, and rows that nothing asked for
  refused_ = unnoticed_ = 0;
  for (int i = 0; i < kCuts && !HasFatalFailure(); ++i) {
    const std::size_t size = i == 0 ? good.size() - 1 : random.below(good.size());
    fs::resize_file(path, size);
    expect_no_wrong_answer(right, fmt::format("cut to {}", size));
    fs::resize_file(path, good.size());
    write(size, std::string_view(good).substr(size));
  }
  EXPECT_EQ(unnoticed_, 0);
  EXPECT_EQ(answers(), right);
}

std::vector<std::string> files() {
  std::vector<std::string> files;
  for (const std::string folder : {"", "changes-1/"}) {
    files.push_back(folder + "manifest.json");
    for (const auto name : {kb_files::kConcepts, kb_files::kExact, kb_files::kStems,
                            kb_files::kNgrams, kb_files::kNgramForms, kb_files::kSkeletons,
                            kb_files::kSkeletonForms, kb_files::kVectors, kb_files::kIsotropy}) {
      files.push_back(folder + std::string(name));
    }
  }
  files.push_back("changes-1/" + std::string(kb_files::kSuperseded));
  return files;
}

std::string as_identifier(const testing::TestParamInfo<std::string>& file) {
  std::string name = file.param;
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Of, Damage, testing::ValuesIn(files()), as_identifier);

}  // namespace
}  // namespace enlace
