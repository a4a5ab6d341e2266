#include "encode/packed_file.h"

#include <string>

#include "base/error.h"
#include "base/hash.h"
#include "io/publish.h"
#include "math/products.h"

namespace enlace {
namespace {

constexpr std::string_view kKind = "encoder";
constexpr std::string_view kFile = "encoder.enlace";

/// Of the block's layout and of what is put into it: changes with nn/encoder_weights.cc,
/// nn/rounding.cc, nn/input_statistics.cc, encode/calibrate.cc and encode/calibration_texts.cc.
constexpr std::uint64_t kLayout = 6;

/// Some tiers want weights in bytes to be rounded otherwise.
bool is_narrow(Precision precision) noexcept {
  return precision == Precision::kInt8 && products().wants_narrow;
}

std::filesystem::path folder_of(const std::filesystem::path& model, Precision precision) {
  const char* rounding = is_narrow(precision) ? "-narrow" : "";
  return model / fmt::format("packed-{}{}", name_of(precision), rounding);
}

}  // namespace

std::vector<std::uint64_t> stamps_of(std::span<const Checkpoint::File> files) {
  std::vector<std::uint64_t> stamps;
  for (const Checkpoint::File& file : files) {
    stamps.insert(stamps.end(), file.content.stamp().begin(), file.content.stamp().end());
  }
  return stamps;
}

std::optional<PackedFile> open_packed(const std::filesystem::path& model, Precision precision) {
  try {
    SectionFile file = SectionFile::open(folder_of(model, precision) / kFile, kKind);
    file.verify();  // all of it will be read anyway, by the first text that is encoded
    const auto stamps = file.array<std::uint64_t>("stamps");
    const auto weights = file.value<std::uint64_t>("weights");
    const auto block = file.array<std::byte>("block");
    return PackedFile{std::move(file), {stamps.begin(), stamps.end()}, weights, block};
  } catch (const Error&) {
    return std::nullopt;  // it is made anew
  }
}

std::uint64_t packed_made_from(std::uint64_t weights, std::string_view config, Precision precision,
                               std::uint64_t calibration) noexcept {
  const std::uint64_t parts[] = {kLayout,
                                 weights,
                                 hash_bytes(config),
                                 std::uint64_t(precision),
                                 std::uint64_t(is_narrow(precision)),
                                 calibration};
  return hash_bytes({reinterpret_cast<const char*>(parts), sizeof parts});
}

bool keep_packed(const std::filesystem::path& model, const EncoderWeights& weights,
                 std::span<const std::uint64_t> stamps, std::uint64_t fingerprint,
                 std::uint64_t made_from) {
  try {
    FolderPublication folder(folder_of(model, weights.precision));
    SectionWriter file(folder.staging() / kFile, kKind, made_from);
    file.add("stamps", stamps);
    file.add_value("weights", fingerprint);
    file.add("block", weights.block, SectionRole::kBulk);
    file.finish();
    folder.publish();
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace enlace
