#include "sources/rf2_options.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "base/error.h"
#include "kb/language_tag.h"
#include "sources/sctid.h"

namespace enlace {
namespace {

struct Named {
  std::string_view word;
  std::uint64_t id;
};

constexpr Named kDialects[] = {
    {"en-US", 900000000000509007},
    {"en-GB", 900000000000508004},
    {"es", 448879004},
    {"es-LatAm", 450828004},
    {"de", 722130004},
    {"fr", 722131000},
};

constexpr Named kAssociations[] = {
    {"same", 900000000000527005},     {"replaced", 900000000000526001},
    {"possible", 900000000000523009}, {"was", 900000000000528000},
    {"moved", 900000000000524003},
};

std::string words_of(std::span<const Named> all) {
  std::string words;
  for (const Named& named : all) words.append(words.empty() ? "" : ";").append(named.word);
  return words;
}

/// The ids of a list of words or numbers.
std::vector<std::uint64_t> ids_option(const SourceSpec& spec, std::string_view key,
                                      std::string_view otherwise, std::span<const Named> known) {
  std::vector<std::uint64_t> ids;
  for (const auto part : split_list(spec.option(key, otherwise), ';')) {
    const auto named = std::find_if(known.begin(), known.end(),
                                    [&](const Named& one) { return one.word == part; });
    const auto number = named != known.end() ? named->id : parse_sctid(part).value_or(0);
    if (number == 0) {
      throw Error(ErrorKind::kInvalidArgument,
                  "source {}: expected {} to be of {}, or ids of reference sets", spec.kind, key,
                  words_of(known));
    }
    if (std::find(ids.begin(), ids.end(), number) == ids.end()) ids.push_back(number);
  }
  return ids;
}

bool yes_option(const SourceSpec& spec, std::string_view key, bool otherwise) {
  const auto given = spec.option(key, otherwise ? "yes" : "no");
  if (given != "yes" && given != "no") {
    throw Error(ErrorKind::kInvalidArgument, "source {}: expected {}=yes or {}=no", spec.kind, key,
                key);
  }
  return given == "yes";
}

}  // namespace

bool Rf2Options::wants(std::string_view language) const {
  return languages.empty() ||
         std::any_of(languages.begin(), languages.end(),
                     [&](const std::string& range) { return language_matches(language, range); });
}

Rf2Options rf2_options(const SourceSpec& spec) {
  Rf2Options options;
  for (const auto part : split_list(spec.option("lang"), ';')) {
    const auto language = canonical_language(part);
    if (!language) {
      throw Error(ErrorKind::kInvalidArgument,
                  "source {}: expected lang to be language tags such as es;en", spec.kind);
    }
    options.languages.push_back(*language);
  }
  options.refsets = ids_option(spec, "refsets", "", kDialects);
  options.associations = ids_option(spec, "associations", "same;replaced", kAssociations);
  options.inactive = yes_option(spec, "inactive", false);
  options.definitions = yes_option(spec, "definitions", true);
  options.maps = yes_option(spec, "maps", false);
  return options;
}

std::vector<std::uint64_t> in_order_of_preference(std::vector<std::uint64_t> refsets) {
  const auto rank = [](std::uint64_t id) {
    return std::find_if(std::begin(kDialects), std::end(kDialects),
                        [&](const Named& named) { return named.id == id; }) -
           std::begin(kDialects);
  };
  std::sort(refsets.begin(), refsets.end(), [&](std::uint64_t a, std::uint64_t b) {
    return rank(a) != rank(b) ? rank(a) < rank(b) : a < b;
  });
  return refsets;
}

}  // namespace enlace
