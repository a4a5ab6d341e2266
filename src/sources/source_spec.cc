#include "sources/source_spec.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "base/utf8.h"
#include "kb/language_tag.h"
#include "kb/name_record.h"

namespace enlace {
namespace {

bool is_key(std::string_view text) noexcept {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// Where the next ",key=" begins in `text`; its size if nowhere.
std::size_t next_option(std::string_view text) noexcept {
  for (std::size_t comma = text.find(','); comma < text.size(); comma = text.find(',', comma + 1)) {
    const std::size_t equals = text.find('=', comma);
    if (equals == std::string_view::npos) break;
    if (is_key(text.substr(comma + 1, equals - comma - 1))) return comma;
  }
  return text.size();
}

}  // namespace

SourceSpec parse_source_spec(std::string_view text) {
  if (const std::size_t bad = first_invalid_utf8(text); bad < text.size()) {
    throw Error(ErrorKind::kInvalidArgument, "source: expected UTF-8, found another byte at {}",
                bad + 1);
  }
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals >= text.size() - 1) {
    throw Error(ErrorKind::kInvalidArgument, "source: expected KIND=PATH[,KEY=VALUE...]");
  }
  std::string_view rest = text.substr(equals + 1);
  std::size_t end = next_option(rest);
  SourceSpec spec{std::string(text.substr(0, equals)), std::string(rest.substr(0, end)), {}};
  if (spec.path.empty()) {
    throw Error(ErrorKind::kInvalidArgument, "source {}: expected a path, found none", spec.kind);
  }
  while (end < rest.size()) {
    rest.remove_prefix(end + 1);
    end = next_option(rest);
    const std::size_t sign = rest.find('=');
    const std::string key(rest.substr(0, sign));
    if (!spec.options.emplace(key, rest.substr(sign + 1, end - sign - 1)).second) {
      throw Error(ErrorKind::kInvalidArgument, "source {}: expected option {} once, found it twice",
                  spec.kind, key);
    }
  }
  return spec;
}

std::vector<std::string_view> split_list(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    const auto part = trimmed(text.substr(0, end));
    if (!part.empty()) parts.push_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::string language_option(const SourceSpec& spec, std::string_view otherwise) {
  const auto given = spec.option("lang", otherwise);
  if (given.empty()) return "";
  const auto language = canonical_language(given);
  if (!language) {
    throw Error(ErrorKind::kInvalidArgument,
                "source {}: expected lang to be a language tag such as es or pt-BR", spec.kind);
  }
  return *language;
}

std::string source_option(const SourceSpec& spec) {
  const std::string name = spec.path.filename().string();
  return std::string(spec.option("source", std::string_view(name).substr(0, name.find('.', 1))));
}

unsigned scopes_option(const SourceSpec& spec) {
  unsigned wanted = 0;
  for (const auto word : split_list(spec.option("scopes", "exact,related"), ',')) {
    const auto scope = parse_scope(word);
    if (!scope || *scope == Scope::kPreferred) {
      throw Error(ErrorKind::kInvalidArgument,
                  "source {}: expected scopes of exact,related,broad,narrow", spec.kind);
    }
    wanted |= 1U << unsigned(*scope);
  }
  return wanted;
}

}  // namespace enlace
