#include "text/plain_name.h"

#include <algorithm>
#include <string>

#include "text/letter_case.h"

namespace enlace {
namespace {

// All in lower case; in English, Spanish, Catalan, French, German, Italian, Portuguese and Dutch.

/// Of a whole name. SAI is Spanish and French.
constexpr std::string_view kNoMore[] = {"not otherwise specified",
                                        "nos",
                                        "no especificado de otra manera",
                                        "no especificada de otra manera",
                                        "sin otra especificación",
                                        "sin otra especificacion",
                                        "sin otra indicación",
                                        "sin otra indicacion",
                                        "sai",
                                        "sans autre indication",
                                        "sans précision",
                                        "ohne nähere angabe",
                                        "ohne nähere angaben",
                                        "o.n.a.",
                                        "non altrimenti specificato",
                                        "non altrimenti specificata",
                                        "sem outra especificação",
                                        "soe",
                                        "niet nader omschreven"};

/// Of a name or of a word in it.
constexpr std::string_view kUnspecified[] = {"unspecified",
                                             "not specified",
                                             "no especificado",
                                             "no especificada",
                                             "no especificados",
                                             "no especificadas",
                                             "sin especificar",
                                             "no especificat",
                                             "no especificats",
                                             "no especificades",
                                             "non précisé",
                                             "non précisée",
                                             "non précisés",
                                             "non précisées",
                                             "non spécifié",
                                             "non spécifiée",
                                             "nicht näher bezeichnet",
                                             "n.n.bez.",
                                             "non specificato",
                                             "non specificata",
                                             "non specificati",
                                             "non specificate",
                                             "não especificado",
                                             "não especificada",
                                             "não especificados",
                                             "não especificadas",
                                             "niet gespecificeerd",
                                             "niet nader gespecificeerd"};

/// At the beginning of a name.
constexpr std::string_view kLeading[] = {"unspecified", "nicht näher bezeichnete",
                                         "nicht näher bezeichneter", "nicht näher bezeichnetes"};

/// `text` without the spaces and signs at its end that lead to a further word.
std::string_view without_joint(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" ,;:([-");
  return text.substr(0, last == text.npos ? 0 : last + 1);
}

std::string_view without_spaces(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return without_joint(text);
}

/// Whether `words` is all of `text`, or its end with at most two more words before it, or its
/// beginning with at most two after it.
bool is_most_of(std::string_view words, std::string_view text) {
  if (text == words) return true;
  std::string_view rest = text;
  if (text.ends_with(words) && text[text.size() - words.size() - 1] == ' ') {
    rest.remove_suffix(words.size() + 1);
  } else if (text.starts_with(words) && text[words.size()] == ' ') {
    rest.remove_prefix(words.size() + 1);
  } else {
    return false;
  }
  return std::ranges::count(rest, ' ') < 2;
}

/// `name` in lower case without what stands behind its last comma, if that is a phrase and little
/// more ("unspecified organism"); all of it otherwise.
std::string_view without_part(std::string_view name) {
  const std::size_t comma = name.find_last_of(',');
  if (comma == name.npos || without_joint(name.substr(0, comma)).empty()) return name;
  const std::string_view part = without_spaces(name.substr(comma + 1));
  const bool says_nothing = std::ranges::any_of(
      kUnspecified, [&](std::string_view phrase) { return is_most_of(phrase, part); });
  return says_nothing ? without_joint(name.substr(0, comma)) : name;
}

/// `name` in lower case without `phrase` at its end, if it is all of a bracket or follows a space
/// or a comma; all of it otherwise.
std::string_view without(std::string_view phrase, std::string_view name) {
  const bool closed = name.ends_with(')') || name.ends_with(']');
  const std::string_view open = name.substr(0, name.size() - (closed ? 1 : 0));
  if (!open.ends_with(phrase) || open.size() == phrase.size()) return name;
  const std::string_view before = open.substr(0, open.size() - phrase.size());
  const bool opened = before.back() == '(' || before.back() == '[';
  if (opened != closed || (!opened && before.back() != ' ' && before.back() != ',')) return name;
  const std::string_view left = without_joint(before);
  return left.empty() ? name : left;
}

/// The same for the phrases of both kinds.
std::string_view without_ending(std::string_view name) {
  for (const std::string_view phrase : kNoMore) name = without(phrase, name);
  for (const std::string_view phrase : kUnspecified) name = without(phrase, name);
  return name;
}

/// `name` in lower case without a phrase and a space at its beginning.
std::string_view without_beginning(std::string_view name) {
  for (const std::string_view phrase : kLeading) {
    if (!name.starts_with(phrase)) continue;
    const std::string_view rest = name.substr(phrase.size());
    if (rest.starts_with(' ') && !without_joint(rest).empty()) return rest.substr(1);
  }
  return name;
}

}  // namespace

std::string_view plain_name(std::string_view name) {
  std::string lower;
  lower_case(name, lower);
  if (lower.size() != name.size()) return name;  // its letters are not where those of `name` are
  std::string_view plain = lower;
  for (std::size_t before = plain.size() + 1; plain.size() < before;) {
    before = plain.size();
    plain = without_beginning(without_ending(without_part(plain)));
  }
  return name.substr(std::size_t(plain.data() - lower.data()), plain.size());
}

}  // namespace enlace
