// The ways in which enlace link shows what it found.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "corpus/document.h"
#include "link/candidate.h"

namespace enlace::cli {

enum class LinkFormat {
  kJsonl,    // one JSON object a document (link/link_json.h), for programs
  kTable,    // one line a candidate
  kExplain,  // a paragraph a mention: every candidate, its reason and its place in the hierarchy
};

/// A document with its candidates in the given format, line end included.
std::string formatted(LinkFormat format, const Document& document,
                      std::span<const std::vector<Candidate>> candidates);

/// What stands above everything else in the given format; may be empty.
std::string heading(LinkFormat format);

/// What takes the place of a document that was refused; may be empty.
std::string refusal(LinkFormat format, std::size_t line, std::string_view complaint);

}  // namespace enlace::cli
