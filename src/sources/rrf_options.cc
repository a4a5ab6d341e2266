#include "sources/rrf_options.h"

#include <algorithm>

#include "base/error.h"
#include "kb/language_tag.h"

namespace enlace::rrf {
namespace {

struct Lat {
  std::string_view code, tag;
};
constexpr Lat kLats[] = {
    {"ARA", "ar"}, {"BAQ", "eu"}, {"CHI", "zh"}, {"CZE", "cs"}, {"DAN", "da"}, {"DUT", "nl"},
    {"ENG", "en"}, {"EST", "et"}, {"FIN", "fi"}, {"FRE", "fr"}, {"GER", "de"}, {"GRE", "el"},
    {"HEB", "he"}, {"HUN", "hu"}, {"ICE", "is"}, {"ITA", "it"}, {"JPN", "ja"}, {"KOR", "ko"},
    {"LAV", "lv"}, {"NOR", "no"}, {"POL", "pl"}, {"POR", "pt"}, {"RUS", "ru"}, {"SCR", "hr"},
    {"SLO", "sk"}, {"SPA", "es"}, {"SWE", "sv"}, {"TUR", "tr"}, {"UKR", "uk"},
};

Choice choice(const SourceSpec& spec, std::string_view key, std::string_view otherwise) {
  Choice choice;
  for (const auto word : split_list(spec.option(key, otherwise), ';')) {
    if (word == "any") return {};
    choice.words.emplace_back(word);
  }
  return choice;
}

bool is_yes(const SourceSpec& spec, std::string_view key) {
  const auto value = spec.option(key, "no");
  if (value != "yes" && value != "no") {
    throw Error(ErrorKind::kInvalidArgument, "source {}: expected {} to be yes or no", spec.kind,
                key);
  }
  return value == "yes";
}

}  // namespace

bool Choice::takes(std::string_view word) const noexcept {
  return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
}

Options parse_options(const SourceSpec& spec) {
  Options options;
  options.sources = choice(spec, "sab", "");
  options.term_types = choice(spec, "tty", "");
  options.types = choice(spec, "sty", "");
  options.suppress = choice(spec, "suppress", "N");
  options.relations = choice(spec, "rela", "isa");
  options.retired = choice(spec, "retired", "SY");
  for (const auto& word : choice(spec, "lang", "").words) {
    auto tag = canonical_language(word);
    if (const auto lat = language_of_lat(word)) tag = std::string(*lat);
    if (!tag) {
      throw Error(ErrorKind::kInvalidArgument,
                  "source {}: expected lang to be language tags such as es;pt, or SPA;POR",
                  spec.kind);
    }
    options.languages.words.push_back(*tag);
  }
  const auto hierarchy = spec.option("hier", "SNOMEDCT_US");
  options.any_hierarchy = hierarchy == "all";
  options.no_hierarchy = hierarchy == "none";
  options.hierarchies = choice(spec, "hier", "SNOMEDCT_US");
  const auto code = spec.option("code", "cui");
  if (code != "cui" && code != "source") {
    throw Error(ErrorKind::kInvalidArgument, "source {}: expected code to be cui or source",
                spec.kind);
  }
  options.codes_of_source = code == "source";
  if (options.codes_of_source && !options.sources.limits()) {
    throw Error(ErrorKind::kInvalidArgument,
                "source {}: expected sab beside code=source, whose codes say nothing elsewhere",
                spec.kind);
  }
  options.trade_names = is_yes(spec, "tradenames");
  options.definitions = is_yes(spec, "definitions");
  if (options.trade_names && options.codes_of_source) {
    throw Error(ErrorKind::kInvalidArgument, "source {}: expected tradenames without code=source",
                spec.kind);
  }
  return options;
}

std::optional<std::string_view> language_of_lat(std::string_view lat) noexcept {
  for (const Lat& known : kLats) {
    if (known.code == lat) return known.tag;
  }
  return std::nullopt;
}

}  // namespace enlace::rrf
