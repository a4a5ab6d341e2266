#include "kb/licence.h"

namespace enlace {
namespace {

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c;
}

}  // namespace

bool is_licence(std::string_view licence, std::string_view wanted) noexcept {
  if (wanted.empty() || licence.size() < wanted.size()) return false;
  const bool begins = std::equal(wanted.begin(), wanted.end(), licence.begin(),
                                 [](char a, char b) { return lower(a) == lower(b); });
  if (!begins) return false;
  const std::string_view rest = licence.substr(wanted.size());
  return rest.empty() || (rest.size() > 1 && rest.front() == '-' &&
                          rest.find_first_not_of("0123456789.", 1) == std::string_view::npos);
}

}  // namespace enlace
