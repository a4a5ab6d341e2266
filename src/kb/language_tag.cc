#include "kb/language_tag.h"

#include <algorithm>
#include <vector>

namespace enlace {
namespace {

// ISO 639-1 with the three-letter codes of ISO 639-2 for the same languages: "es" and "spa".
constexpr std::string_view kTwoLetterCodes =
    "aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul "
    "bhbih bibis bmbam bnben bobod botib brbre bsbos cacat ceche chcha cocos crcre csces cscze "
    "cuchu cvchv cycym cywel dadan dedeu deger dvdiv dzdzo eeewe elell elgre eneng eoepo esspa "
    "etest eubaq eueus fafas faper ffful fifin fjfij fofao frfra frfre fyfry gagle gdgla glglg "
    "gngrn guguj gvglv hahau heheb hihin hohmo hrhrv hthat huhun hyarm hyhye hzher iaina idind "
    "ieile igibo iiiii ikipk ioido isice isisl itita iuiku jajpn jvjav kageo kakat kgkon kikik "
    "kjkua kkkaz klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug "
    "lilim lnlin lolao ltlit lulub lvlav mgmlg mhmah mimao mimri mkmac mkmkd mlmal mnmon mrmar "
    "msmay msmsa mtmlt mybur mymya nanau nbnob ndnde nenep ngndo nldut nlnld nnnno nonor nrnbl "
    "nvnav nynya ococi ojoji omorm orori ososs papan pipli plpol pspus ptpor quque rmroh rnrun "
    "roron rorum rurus rwkin sasan scsrd sdsnd sesme sgsag sisin skslk skslo slslv smsmo snsna "
    "sosom sqalb sqsqi srsrp ssssw stsot susun svswe swswa tatam tetel tgtgk ththa titir tktuk "
    "tltgl tntsn toton trtur tstso tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie vovol "
    "wawln wowol xhxho yiyid yoyor zazha zhchi zhzho zuzul ";

constexpr std::size_t kEntry = 6;  // "esspa "

bool is_alpha(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool is_alnum(char c) noexcept {
  return is_alpha(c) || is_digit(c);
}
char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}
char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
}

bool all(std::string_view text, bool (*is)(char)) {
  return std::all_of(text.begin(), text.end(), is);
}

std::string lowered(std::string_view text) {
  std::string made(text);
  std::transform(made.begin(), made.end(), made.begin(), lower);
  return made;
}

/// The primary subtag in its canonical form: two letters where there are two. Empty if unknown.
std::string primary(std::string_view subtag) {
  const std::string code = lowered(subtag);
  if (!all(code, is_alpha) || (code.size() != 2 && code.size() != 3)) return "";
  for (std::size_t at = 0; at < kTwoLetterCodes.size(); at += kEntry) {
    const auto two = kTwoLetterCodes.substr(at, 2);
    if (code == (code.size() == 2 ? two : kTwoLetterCodes.substr(at + 2, 3))) {
      return std::string(two);
    }
  }
  return code.size() == 3 ? code : "";
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t dash = text.find('-');
    parts.push_back(text.substr(0, dash));
    if (dash == std::string_view::npos) return parts;
    text.remove_prefix(dash + 1);
  }
}

bool is_extended(std::string_view s) {
  return s.size() == 3 && all(s, is_alpha);
}
bool is_script(std::string_view s) {
  return s.size() == 4 && all(s, is_alpha);
}
bool is_region(std::string_view s) {
  return (s.size() == 2 && all(s, is_alpha)) || (s.size() == 3 && all(s, is_digit));
}
bool is_variant(std::string_view s) {
  return (s.size() >= 5 && s.size() <= 8 && all(s, is_alnum)) ||
         (s.size() == 4 && is_digit(s[0]) && all(s, is_alnum));
}

}  // namespace

std::optional<std::string> canonical_language(std::string_view tag) {
  const auto parts = split(tag);
  std::string made = primary(parts[0]);
  if (made.empty()) return std::nullopt;
  std::size_t i = 1;
  const auto take = [&](bool (*fits)(std::string_view), auto&& cased) {
    if (i == parts.size() || !fits(parts[i])) return false;
    made.append("-").append(cased(parts[i++]));
    return true;
  };
  for (int extended = 0; extended < 3 && take(is_extended, lowered); ++extended) {
  }
  take(is_script, [](std::string_view s) { return upper(s[0]) + lowered(s.substr(1)); });
  take(is_region, [](std::string_view s) {
    std::string region(s);
    std::transform(region.begin(), region.end(), region.begin(), upper);
    return region;
  });
  while (take(is_variant, lowered)) {
  }
  while (i < parts.size()) {  // extensions and private use: a single letter or digit, then more
    if (parts[i].size() != 1 || !is_alnum(parts[i][0])) return std::nullopt;
    const bool is_private = lower(parts[i][0]) == 'x';
    const std::size_t singleton = i;
    made.append("-").append(lowered(parts[i++]));
    while (i < parts.size() && parts[i].size() >= (is_private ? 1U : 2U) && parts[i].size() <= 8 &&
           all(parts[i], is_alnum)) {
      made.append("-").append(lowered(parts[i++]));
    }
    if (i == singleton + 1) return std::nullopt;
  }
  return made;
}

std::optional<std::string> language_of_locale(std::string_view locale) {
  std::string tag(locale.substr(0, locale.find_first_of(".@")));
  std::replace(tag.begin(), tag.end(), '_', '-');
  return canonical_language(tag);
}

bool language_matches(std::string_view tag, std::string_view range) noexcept {
  return tag.starts_with(range) && (tag.size() == range.size() || tag[range.size()] == '-');
}

}  // namespace enlace
