// Text of others on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace enlace::cli {

/// `text` with a blank for every control character (C0, C1 and DEL), so that it stays in its line
/// and cannot command a terminal. For people only: what programs read is JSON.
std::string visible(std::string_view text);

}  // namespace enlace::cli
