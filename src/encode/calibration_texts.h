// Texts like those that encoders are given here: names of diseases, findings, procedures and drugs.
#pragma once

#include <span>
#include <string_view>

namespace enlace {

/// Some names in each of the 24 languages of enlace-mini, written for this. Packed int8 weights
/// depend on them: encode/packed_file.cc counts the changes.
std::span<const std::string_view> calibration_texts() noexcept;

}  // namespace enlace
