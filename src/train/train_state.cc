#include "train/train_state.h"

#include <algorithm>

#include "base/error.h"
#include "io/publish.h"
#include "io/section_file.h"

namespace enlace {
namespace {

constexpr std::string_view kKind = "train1";

/// One array of the optimizer: what all parameters but the token embeddings have, then the rows of
/// the active tokens.
void write_memory(SectionWriter& file, std::string_view name, const ParameterLayout& layout,
                  const Optimizer& optimizer, const float* values) {
  file.begin(name, sizeof(float), SectionRole::kBulk);
  file.append(std::as_bytes(std::span(values, layout.tokens)));
  for (const std::int32_t id : optimizer.active_tokens()) {
    file.append(std::as_bytes(std::span(values + layout.token(std::size_t(id)), layout.width)));
  }
}

template <class T>
void require_size(std::span<const T> values, std::size_t size, std::string_view what,
                  const std::string& where) {
  if (values.size() == size) return;
  throw Error(ErrorKind::kCorrupt, "{}: {}: expected {} values, found {}", where, what, size,
              values.size());
}

Memory<float> read_memory(const SectionFile& file, std::string_view name,
                          const ParameterLayout& layout, const std::vector<std::int32_t>& active) {
  const auto values = file.array<float>(name);
  require_size(values, layout.tokens + active.size() * layout.width, name, file.name());
  auto memory = allocate<float>(layout.size);
  std::copy_n(values.data(), layout.tokens, memory.get());
  const float* row = values.data() + layout.tokens;
  for (const std::int32_t id : active) {
    std::copy_n(row, layout.width, memory.get() + layout.token(std::size_t(id)));
    row += layout.width;
  }
  return memory;
}

/// A staged file that goes away unless it is put in place.
struct Staged {
  std::filesystem::path path;
  ~Staged() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
};

}  // namespace

void save_training(const std::filesystem::path& path, const std::string& options,
                   const ParameterLayout& layout, const float* parameters,
                   const Optimizer& optimizer, const TrainProgress& progress) {
  const Staged staged{staging_beside(path)};
  {
    SectionWriter file(staged.path, kKind);
    file.add_text("options", options);
    file.add_value("step", progress.step);
    file.add_value("optimizer steps", optimizer.steps());
    file.add_value("decayed", optimizer.decayed());
    file.add("active", optimizer.active_tokens(), SectionRole::kBulk);
    file.add("losses", progress.losses, SectionRole::kBulk);
    file.add_value("each", std::uint64_t{progress.neighbours.each});
    file.add("neighbour rows", progress.neighbours.row_of, SectionRole::kBulk);
    file.add("neighbours", progress.neighbours.near, SectionRole::kBulk);
    file.add("parameters", std::span<const float>(parameters, layout.size), SectionRole::kBulk);
    write_memory(file, "mean", layout, optimizer, optimizer.mean());
    write_memory(file, "square", layout, optimizer, optimizer.square());
    file.finish();
  }
  replace_file(staged.path, path);
}

std::string training_options(const std::filesystem::path& path) {
  return std::string(SectionFile::open(path, kKind).text("options"));
}

TrainProgress resume_training(const std::filesystem::path& path, const ParameterLayout& layout,
                              float* parameters, Optimizer& optimizer) {
  const SectionFile file = SectionFile::open(path, kKind);
  file.verify();
  const auto values = file.array<float>("parameters");
  require_size(values, layout.size, "parameters", file.name());
  const auto ids = file.array<std::int32_t>("active");
  std::vector<std::int32_t> active(ids.begin(), ids.end());
  const auto known = [&](std::int32_t id) {
    return id >= 0 && std::size_t(id) < layout.config.vocabulary;
  };
  if (!std::ranges::all_of(active, known)) {
    throw Error(ErrorKind::kCorrupt, "{}: active: expected ids of tokens, found another",
                file.name());
  }
  TrainProgress progress;
  progress.step = file.value<std::uint64_t>("step");
  const auto losses = file.array<float>("losses");
  progress.losses.assign(losses.begin(), losses.end());
  progress.neighbours.each = file.value<std::uint64_t>("each");
  const auto rows = file.array<std::uint32_t>("neighbour rows");
  progress.neighbours.row_of.assign(rows.begin(), rows.end());
  const auto near = file.array<std::uint32_t>("neighbours");
  progress.neighbours.near.assign(near.begin(), near.end());

  auto mean = read_memory(file, "mean", layout, active);
  auto square = read_memory(file, "square", layout, active);
  std::ranges::copy(values, parameters);
  optimizer.resume(file.value<std::uint64_t>("optimizer steps"), file.value<float>("decayed"),
                   std::move(active), std::move(mean), std::move(square));
  return progress;
}

}  // namespace enlace
