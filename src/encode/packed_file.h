// An encoder's packed weights, kept beside the model so that they are packed once and then mapped.
//
// MODEL/packed-<precision>/encoder.enlace (packed-int8-narrow where math/products.h wants narrow
// quads), a section file of kind "encoder", made from the
// fingerprint of what the block depends on:
//
//   section  item  what
//   stamps      8  size, number and times of change of each file that the weights were read from
//   weights     8  the fingerprint of those files' content
//   block       1  nn/encoder_weights.h (bulk)
//
// The folder may be deleted at any time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "io/section_file.h"
#include "nn/checkpoint.h"
#include "nn/encoder_weights.h"

namespace enlace {

/// The stamps of `files`, one after the other.
std::vector<std::uint64_t> stamps_of(std::span<const Checkpoint::File> files);

/// A file of packed weights. They are the model's own if `stamps` are those of its files, or if
/// their content is that of `weights`: whoever opens it says.
struct PackedFile {
  SectionFile file;
  std::vector<std::uint64_t> stamps;
  std::uint64_t weights;  // fingerprint
  std::span<const std::byte> block;
};

/// The packed weights of `model` in `precision`, or nothing if there are none that can be read and
/// are whole. Cost: reads the file once.
std::optional<PackedFile> open_packed(const std::filesystem::path& model, Precision precision);

/// What the block of a model's weights depends on; `calibration` in int8 alone.
std::uint64_t packed_made_from(std::uint64_t weights, std::string_view config, Precision precision,
                               std::uint64_t calibration) noexcept;

/// Puts `weights` beside the model, in one step. Returns whether it could: a model may lie in a
/// folder that cannot be written, or on a full disk.
bool keep_packed(const std::filesystem::path& model, const EncoderWeights& weights,
                 std::span<const std::uint64_t> stamps, std::uint64_t fingerprint,
                 std::uint64_t made_from);

}  // namespace enlace
