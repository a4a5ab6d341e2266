// How a user names a source to read: its kind, its path, and options.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace enlace {

/// `obo=hp.obo,source=HPO` taken apart.
struct SourceSpec {
  std::string kind;
  std::filesystem::path path;
  std::map<std::string, std::string, std::less<>> options;

  /// The value of an option, or `otherwise` if it was not given.
  std::string_view option(std::string_view key, std::string_view otherwise = {}) const {
    const auto found = options.find(key);
    return found == options.end() ? otherwise : std::string_view(found->second);
  }
};

/// KIND=PATH[,KEY=VALUE…]. A comma ends the path or a value only before KEY=, a key being
/// lower-case letters; so both may hold other commas, as in `obo=hp.obo,scopes=exact,related`.
/// Which kinds and keys exist is not checked here.
/// Throws Error(kInvalidArgument) if the kind or the path is empty, a key comes twice, or it is not
/// UTF-8: what it says becomes part of the knowledge base.
SourceSpec parse_source_spec(std::string_view text);

/// The parts of `text` between `separator`s, without blanks around them and without empty ones.
std::vector<std::string_view> split_list(std::string_view text, char separator);

/// The option `lang` as a canonical tag; `otherwise` if it is not given.
/// Throws Error(kInvalidArgument) if it is not a known language.
std::string language_option(const SourceSpec& spec, std::string_view otherwise);

/// The option `source`; by default the name of the file without its extensions.
std::string source_option(const SourceSpec& spec);

/// The option `scopes`: which synonyms to take, as bits 1 << scope; default exact,related.
/// Throws Error(kInvalidArgument) if it has another word than exact, related, broad, narrow.
unsigned scopes_option(const SourceSpec& spec);

}  // namespace enlace
