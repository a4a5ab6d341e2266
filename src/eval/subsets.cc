#include "eval/subsets.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/hash.h"

namespace enlace {
namespace {

constexpr std::array<std::string_view, 6> kNilCodes{"NO_CODE",  "NOMAP",   "NO_MAP",
                                                    "CUI-less", "CUILESS", "-1"};

bool is_nil(std::string_view code) {
  return std::find(kNilCodes.begin(), kNilCodes.end(), code) != kNilCodes.end();
}

bool is_clean(std::string_view code) {
  return !is_nil(code) && code.find('+') == code.npos;
}

bool is_single_concept(std::string_view code) {
  return is_clean(code) && code.find("NO_CODE") == code.npos;
}

using StringSet = std::unordered_set<std::string_view, StringHash>;

}  // namespace

Subsets subsets_of(std::span<const GoldMention> gold, std::span<const GoldMention> train,
                   const std::function<bool(std::string_view)>& is_name) {
  StringSet seen_mentions, seen_codes;
  for (const GoldMention& row : train) {
    seen_mentions.insert(row.text);
    seen_codes.insert(row.code);
  }
  Subsets subsets;
  for (std::size_t row = 0; row < gold.size(); ++row) {
    const GoldMention& mention = gold[row];
    if (is_clean(mention.code)) subsets.clean.push_back(row);
    if (!is_single_concept(mention.code)) continue;
    if (!seen_mentions.contains(mention.text) && !is_name(mention.text)) {
      subsets.unseen_mentions.push_back(row);
    }
    if (!seen_codes.contains(mention.code)) subsets.unseen_codes.push_back(row);
  }
  return subsets;
}

}  // namespace enlace
