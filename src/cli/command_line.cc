#include "cli/command_line.h"

#include <string_view>

#include <fmt/core.h>

namespace enlace::cli {
namespace {

/// `text` as a word of a shell's command.
std::string quoted(const std::string& text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == text.npos) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
  return word + "'";
}

}  // namespace

std::string command_of(const CLI::App& verb) {
  std::string text = "enlace " + verb.get_name();
  for (const CLI::Option* option : verb.get_options()) {
    const std::string name = option->get_name();
    for (const std::string& value : option->results()) {
      if (option->get_expected_max() > 0) {
        text += fmt::format(" {} {}", name, quoted(value));
      } else {
        text += value == "false" ? fmt::format(" --no-{}", name.substr(2)) : " " + name;
      }
    }
  }
  return text;
}

}  // namespace enlace::cli
