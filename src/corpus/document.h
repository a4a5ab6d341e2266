// A text and the mentions in it that are to be linked.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace enlace {

/// A span of a document: bytes [begin, end) of its text. A mention in several fragments spans from
/// the first to the last, and `text` joins the fragments with single spaces.
struct Mention {
  std::size_t begin;
  std::size_t end;
  std::string text;

  bool operator==(const Mention&) const = default;
};

struct Document {
  std::string id;
  std::string text;      // UTF-8, exactly as the source has it
  std::string language;  // BCP 47; empty if the source does not say
  std::vector<Mention> mentions;
};

/// Takes each document as it is read.
using DocumentSink = std::function<void(Document&&)>;

/// Takes the place of a document that could not be read: the source's name, the line, and what was
/// expected and found, without any of the text.
using RefusalSink = std::function<void(std::size_t line, std::string_view complaint)>;

/// The mention text[begin, end).
inline Mention mention_at(std::string_view text, std::size_t begin, std::size_t end) {
  return {begin, end, std::string(text.substr(begin, end - begin))};
}

}  // namespace enlace
