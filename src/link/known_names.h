// Whether what a mention says is a name already.
#pragma once

#include <span>

#include "link/kb_parts.h"
#include "link/mention_forms.h"
#include "link/name_forms.h"

namespace enlace {

/// Whether a concept of one of `parts` that counts has the mention as a name that its filter
/// allows, by match key or stem key (link/name_forms.h).
bool is_known_name(const MentionForms& mention, std::span<const KbPart> parts,
                   const NameForms& forms);

}  // namespace enlace
