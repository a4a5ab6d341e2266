#include <string_view>

#include "text/abbreviations.h"

namespace enlace {
namespace {

struct Row {
  std::string_view short_form, long_form;
};

// A language is a file of rows; where two have a short form, the first file's meanings come first.
// clang-format off
constexpr Row kRows[] = {
#include "text/abbreviations/es.inc"
#include "text/abbreviations/en.inc"
#include "text/abbreviations/fr.inc"
#include "text/abbreviations/de.inc"
#include "text/abbreviations/it.inc"
#include "text/abbreviations/pt.inc"
#include "text/abbreviations/nl.inc"
#include "text/abbreviations/ca.inc"
};
// clang-format on

}  // namespace

const Abbreviations& clinical_abbreviations() {
  static const Abbreviations kTable = [] {
    Abbreviations table;
    for (const Row& row : kRows) add_abbreviation(table, row.short_form, row.long_form);
    return table;
  }();
  return kTable;
}

}  // namespace enlace
