#include "text/added_tokens.h"

#include <algorithm>

#include "text/characters.h"
#include "text/regex_classes.h"

namespace enlace {
namespace {

/// Where the character before text[at] begins. Requires at > 0.
std::size_t previous(std::string_view text, std::size_t at) {
  do --at;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U);
  return at;
}

bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin > 0 && is_regex_word(next_code_point(text, previous(text, begin)).value)) {
    return false;
  }
  return end == text.size() || !is_regex_word(next_code_point(text, end).value);
}

std::size_t skip_white_space(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const CodePoint next = next_code_point(text, at);
    if (!is_white_space(next.value)) break;
    at += next.size;
  }
  return at;
}

/// Back over white space from text[at], but not beyond `least`.
std::size_t skip_white_space_back(std::string_view text, std::size_t at, std::size_t least) {
  while (at > least) {
    const std::size_t before = previous(text, at);
    if (before < least || !is_white_space(next_code_point(text, before).value)) break;
    at = before;
  }
  return at;
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
  std::vector<std::string_view> contents;
  std::vector<std::int32_t> places;
  for (const AddedToken& token : tokens_) {
    if (!token.content.empty()) starts_[static_cast<unsigned char>(token.content[0])] = true;
    contents.push_back(token.content);
    places.push_back(std::int32_t(places.size()));
  }
  trie_ = Trie(contents, places);
}

std::int32_t AddedTokens::match(std::string_view text, std::size_t at) const {
  std::int32_t longest = -1;
  Trie::State state = trie_.root();
  for (; at < text.size() && trie_.step(state, text[at]); ++at) {
    if (Trie::has_value(state)) longest = Trie::value(state);
  }
  return longest;
}

void AddedTokens::split(std::string_view text, std::vector<TextSection>& sections) const {
  sections.clear();
  std::size_t done = 0;
  const auto between = [&](std::size_t end) {
    if (done < end) sections.push_back({-1, {std::uint32_t(done), std::uint32_t(end)}});
  };
  for (std::size_t at = 0; at < text.size();) {
    const bool may_start = starts_[static_cast<unsigned char>(text[at])];
    const std::int32_t place = may_start ? match(text, at) : -1;
    if (place < 0) {
      ++at;
      continue;
    }
    const AddedToken& token = tokens_[std::size_t(place)];
    std::size_t begin = at;
    std::size_t end = at + token.content.size();
    at = end;
    if (token.single_word && !stands_alone(text, begin, end)) continue;
    if (token.left_strip) begin = skip_white_space_back(text, begin, done);
    if (token.right_strip) end = skip_white_space(text, end);
    between(begin);
    sections.push_back({token.id, {std::uint32_t(begin), std::uint32_t(end)}});
    done = end;
  }
  between(text.size());
}

}  // namespace enlace
