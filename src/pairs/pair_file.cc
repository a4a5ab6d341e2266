#include "pairs/pair_file.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "io/publish.h"
#include "io/write_all.h"

namespace enlace {
namespace {

/// A file in the making, written in large pieces.
class BufferedFile {
 public:
  explicit BufferedFile(const std::filesystem::path& path) : file_(path) {}

  template <class... Pieces>
  void add_line(const Pieces&... pieces) {
    (buffer_.append(pieces), ...);
    buffer_.push_back('\n');
    if (buffer_.size() >= kPiece) flush();
  }

  void flush() {
    write_all(file_.descriptor(), std::as_bytes(std::span(buffer_)), file_.staging());
    buffer_.clear();
  }

  /// Requires that all is flushed.
  void publish() { file_.publish(); }

 private:
  static constexpr std::size_t kPiece = 1 << 20;

  FilePublication file_;
  std::string buffer_;
};

}  // namespace

PairTally write_pairs(const KnowledgeBase& kb, const PairRecipe& recipe, const PairRun& run,
                      const PairFiles& files, const Progress& progress) {
  require_distinct(std::array{files.pairs, files.side});
  BufferedFile pairs(files.pairs);
  std::optional<BufferedFile> side;
  if (!files.side.empty()) side.emplace(files.side);
  std::vector<std::string_view> languages;
  for (std::uint32_t id = 0; id < kb.languages().values.size(); ++id) {
    languages.push_back(kb.languages().values[id]);
  }
  const auto write = [&](std::span<const TrainingPair> chunk) {
    for (const TrainingPair& pair : chunk) {
      pairs.add_line(kb.code(pair.concept_id), "||", pair.x, "||", pair.y);
      if (!side) continue;
      side->add_line(to_string(pair.relation), "\t", languages[pair.x_language], "\t",
                     languages[pair.y_language]);
    }
  };
  const PairTally tally = make_pairs(kb, recipe, run, write, progress);
  if (tally.pair_count() == 0) {
    throw Error(ErrorKind::kInvalidArgument,
                "{}: expected a concept with strings to pair, found none among {} with names",
                files.pairs.string(), tally.named_concepts);
  }
  if (side) side->flush();
  pairs.flush();
  if (side) side->publish();
  pairs.publish();
  return tally;
}

}  // namespace enlace
