#include "sources/chosen_languages.h"

#include <algorithm>

#include "base/error.h"
#include "kb/language_tag.h"

namespace enlace {

ChosenLanguages::ChosenLanguages(const SourceSpec& spec) {
  for (const auto tag : split_list(spec.option("lang"), ';')) {
    const auto language = canonical_language(tag);
    if (!language) {
      throw Error(ErrorKind::kInvalidArgument,
                  "source {}: expected lang to be language tags such as es;pt-BR", spec.kind);
    }
    ranges_.push_back(*language);
  }
}

std::string_view ChosenLanguages::find(std::string_view tag) {
  constexpr std::size_t kMostKept = 4096;  // there are some 500; a hostile file may have more
  if (const auto known = answers_.find(tag); known != answers_.end()) return known->second;
  if (answers_.size() == kMostKept) answers_.clear();
  std::string answer = canonical_language(tag).value_or("");
  const bool wanted =
      ranges_.empty() || std::any_of(ranges_.begin(), ranges_.end(), [&](const auto& range) {
        return language_matches(answer, range);
      });
  if (!wanted) answer.clear();
  return answers_.emplace(tag, std::move(answer)).first->second;
}

}  // namespace enlace
