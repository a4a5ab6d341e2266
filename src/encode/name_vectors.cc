#include "encode/name_vectors.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "text/letter_case.h"
#include "text/plain_name.h"

namespace enlace {
namespace {

/// The texts, or their plain names if the usage is to have these.
std::vector<std::string_view> plain(const ModelUsage& usage,
                                    std::span<const std::string_view> texts) {
  std::vector<std::string_view> result(texts.begin(), texts.end());
  if (usage.plain_names) std::ranges::transform(result, result.begin(), plain_name);
  return result;
}

std::vector<std::string> lowered(std::span<const std::string_view> texts) {
  std::vector<std::string> lower(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) lower_case(texts[i], lower[i]);
  return lower;
}

void go_half_way(std::span<float> vector, std::span<const float> to, bool normalize) {
  double square = 0;
  for (std::size_t i = 0; i < vector.size(); ++i) {
    vector[i] = (vector[i] + to[i]) / 2;
    square += double(vector[i]) * vector[i];
  }
  if (!normalize || square == 0) return;
  const float scale = float(1 / std::sqrt(square));
  for (float& value : vector) value *= scale;
}

}  // namespace

void encode_names(const TextEncoder& encoder, std::span<const std::string_view> names,
                  MatrixView<float> out, std::size_t workers, const Progress& progress) {
  const std::vector<std::string_view> texts = plain(encoder.usage(), names);
  if (!encoder.usage().fold_case) return encoder.encode(texts, out, workers, progress);
  const std::vector<std::string> lower = lowered(texts);
  const std::vector<std::string_view> views(lower.begin(), lower.end());
  encoder.encode(views, out, workers, progress);
}

void encode_mentions(const TextEncoder& encoder, std::span<const std::string_view> mentions,
                     MatrixView<float> out, std::size_t workers, const Progress& progress) {
  std::vector<std::string_view> texts = plain(encoder.usage(), mentions);
  if (!encoder.usage().fold_case) return encoder.encode(texts, out, workers, progress);
  const std::vector<std::string> lower = lowered(texts);
  std::vector<std::size_t> places;  // of mentions that are not lower case already
  for (std::size_t i = 0; i < mentions.size(); ++i) {
    if (lower[i] == texts[i]) continue;
    places.push_back(i);
    texts.push_back(lower[i]);
  }
  std::vector<float> vectors(texts.size() * out.cols());
  const MatrixView<float> all(vectors.data(), texts.size(), out.cols());
  encoder.encode(texts, all, workers, progress);
  for (std::size_t i = 0; i < mentions.size(); ++i)
    std::ranges::copy(all.row(i), out.row(i).begin());
  for (std::size_t i = 0; i < places.size(); ++i) {
    go_half_way(out.row(places[i]), all.row(mentions.size() + i), encoder.usage().normalize);
  }
}

}  // namespace enlace
