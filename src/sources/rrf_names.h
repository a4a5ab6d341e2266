// MRCONSO: the names of a UMLS release, and the concepts that its atoms belong to.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "kb/draft.h"
#include "sources/rrf_ids.h"
#include "sources/rrf_options.h"
#include "sources/rrf_table.h"

namespace enlace::rrf {

/// What MRSAB and MRRANK say of the vocabularies.
struct Vocabularies {
  std::map<std::string, std::string, std::less<>> languages;     // LAT by SAB
  std::map<std::string, std::string, std::less<>> restrictions;  // SRL by SAB
  std::unordered_map<std::string, std::uint32_t> ranks;          // by "SAB|TTY|SUPPRESS"
};
Vocabularies read_vocabularies(const Release& release, SourceReport& report);

/// An English name that MRREL says is the trade name of another concept.
struct TradeName {
  std::uint32_t atom;   // whose string it is
  std::uint32_t named;  // CUI
  friend auto operator<=>(const TradeName&, const TradeName&) = default;
};

/// The concepts of a release, as they are called in the draft.
struct Atoms {
  CuiSet concepts;   // of any row
  AtomTable owners;  // of atoms: a CUI, or with code=source an id in `codes`
  bool codes_of_source = false;
  StringPool codes;                                                   // code=source only
  std::vector<std::pair<std::uint32_t, std::uint32_t>> codes_of_cui;  // CUI, id; sorted

  /// The code in the draft of what an AtomTable holds; valid until `scratch` dies.
  std::string_view code(std::uint32_t owner, CuiText& scratch) const {
    if (codes_of_source) return codes[owner];
    return (scratch = CuiText(owner)).view();
  }
};

/// Adds the wanted names of MRCONSO to the draft, those of a concept in the order of the file.
/// Every row enters the table of atoms, wanted or not.
///
/// The preferred name of a concept in a language is the row with TS P, STT PF and ISPREF Y. Without
/// one it is that of the highest rank in MRRANK, then the first.
/// `wanted_cuis`: sorted; null for all. `trade_names`: sorted by atom; each becomes a related name
/// of its concept with the term type TRADENAME.
Atoms read_names(const Release& release, const Options& options, const Vocabularies& vocabularies,
                 const std::vector<std::uint32_t>* wanted_cuis,
                 const std::vector<TradeName>& trade_names, KbDraft& draft, SourceReport& report,
                 const Progress& progress);

}  // namespace enlace::rrf
