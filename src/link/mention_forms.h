// The forms under which one mention is looked up.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "link/name_forms.h"

namespace enlace {

/// The forms of a mention, and its embedding.
struct MentionForms {
  std::string exact, stems, spelling, skeleton;
  std::span<const float> vector;  // borrowed

  MentionForms(const NameForms& forms, std::string_view mention, std::span<const float> embedded);
};

}  // namespace enlace
