#include "io/other_versions.h"

#include <charconv>

#include <fmt/format.h>

namespace enlace {
namespace {

constexpr std::string_view kBuild =
    "`enlace build`, from the sources and the model that stand in its manifest.json";

/// A kind and the command that makes it.
struct Maker {
  std::string_view name, command;
};
constexpr Maker kMakers[] = {
    {"manifest", kBuild},
    {"concepts", kBuild},
    {"keys", kBuild},
    {"forms", kBuild},
    {"ngrams", kBuild},
    {"isotropy", kBuild},
    {"supersed", kBuild},
    {"synonyms", "`enlace thesaurus`"},
    {"vectors",
     "`enlace build` if it belongs to a knowledge base, else with `enlace index import`"},
    {"changes", "`enlace index import` and `enlace index add`"},
    {"ivf", "`enlace index cluster`"},
    {"train", "`enlace train --restart`"},
};

}  // namespace

VersionedKind versioned(std::string_view kind) noexcept {
  const std::size_t last = kind.find_last_not_of("0123456789");
  const std::size_t letters = last == kind.npos ? 0 : last + 1;
  unsigned version = 1;
  std::from_chars(kind.data() + letters, kind.data() + kind.size(), version);
  return {kind.substr(0, letters), version};
}

std::string how_to_make_again(std::string_view name) {
  for (const Maker& maker : kMakers) {
    if (maker.name == name) return fmt::format("build it again with {}", maker.command);
  }
  return "make it again";
}

std::string remedy(std::string_view name, bool newer) {
  return newer ? "upgrade enlace to read it" : how_to_make_again(name);
}

}  // namespace enlace
