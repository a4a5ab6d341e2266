// The forms of a knowledge base's texts, for the indexes that do not store them.
#pragma once

#include "index/form_hashes.h"
#include "kb/knowledge_base.h"
#include "link/name_forms.h"

namespace enlace {

/// A form of NameForms: the function that makes it.
using NameForm = void (NameForms::*)(std::string_view text, std::string& out) const;

/// Gives the form of every text of `kb`. Both must outlive it, in their places.
inline FormOf text_forms(const KnowledgeBase& kb, const NameForms& forms, NameForm form) {
  return {[&kb, &forms, form](std::uint32_t text, std::string& out) {
            (forms.*form)(kb.text(text), out);
          },
          [&kb](std::uint32_t text, FormOf::Step step) {
            step == FormOf::kWhere ? kb.ask_where_text(text) : kb.ask_text(text);
          }};
}

}  // namespace enlace
