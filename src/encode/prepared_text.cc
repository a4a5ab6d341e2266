#include "encode/prepared_text.h"

#include <utility>

#include "base/utf8.h"
#include "text/letter_case.h"

namespace enlace {

void prepare_text(const ModelUsage& usage, std::string_view text, std::string& prepared) {
  prepared.assign(usage.prefix).append(text);
  if (!usage.lower_case || !is_utf8(prepared)) return;
  std::string lowered;
  lower_case(prepared, lowered);
  prepared = std::move(lowered);
}

}  // namespace enlace
