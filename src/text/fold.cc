#include "text/fold.h"

#include <algorithm>

#include <utf8proc.h>

#include "base/utf8.h"
#include "text/characters.h"

namespace enlace {
namespace {

constexpr std::size_t kLongestDecomposition = 18;  // U+FDFA
constexpr char32_t kCapitalIWithDot = 0x130;       // the one letter whose lower case is two

}  // namespace

FoldTable::FoldTable() {
  build();
}

FoldTable::FoldTable(const LanguageTable& language) : respell_(true) {
  const LanguageTable& base = base_language_table();
  letters_.assign(base.letters.begin(), base.letters.end());
  if (!language.tag.empty()) {
    letters_.insert(letters_.end(), language.letters.begin(), language.letters.end());
  }
  build();
}

void FoldTable::build() {
  std::string folded;
  slices_.reserve(kTabled);
  for (char32_t c = 0; c < kTabled; ++c) {
    folded.clear();
    fold_untabled(c, folded);
    slices_.push_back({std::uint32_t(pool_.size()), std::uint32_t(folded.size())});
    pool_ += folded;
    if (c < ascii_.size()) ascii_[c] = folded[0];
  }
}

void FoldTable::fold_untabled(char32_t c, std::string& out) const {
  if (is_common_han(c)) return append_utf8(out, c);
  if (is_separator(c)) {
    out.push_back(' ');
    return;
  }
  std::array<std::int32_t, 2 * kLongestDecomposition> parts{};
  int last_class = 0;
  const char32_t lowered = c == kCapitalIWithDot ? U'i' : lower_case_of(c);
  const utf8proc_property_t* property = utf8proc_get_property(std::int32_t(lowered));
  std::size_t count = 1;
  parts[0] = std::int32_t(lowered);
  const bool hangul = lowered >= 0xAC00 && lowered <= 0xD7A3;
  if (hangul || property->decomp_seqindex != UINT16_MAX) {
    const auto written = utf8proc_decompose_char(
        std::int32_t(lowered), parts.data(), utf8proc_ssize_t(parts.size()),
        static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT), &last_class);
    if (written >= 0) count = std::min(std::size_t(written), parts.size());
  }
  for (std::size_t i = 0; i < count; ++i) {
    auto part = char32_t(parts[i]);
    if (utf8proc_get_property(parts[i])->combining_class != 0) continue;
    if (respell_) {
      part = lower_case_of(part);
      const auto rule = std::find_if(letters_.rbegin(), letters_.rend(),
                                     [&](const LetterRule& each) { return each.letter == part; });
      if (rule != letters_.rend()) {
        out += rule->spelling;
        continue;
      }
    }
    append_utf8(out, part);
  }
}

}  // namespace enlace
