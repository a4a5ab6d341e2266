// The forms of numbered things, such as the match keys of a knowledge base's texts.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace enlace {

/// Replaces `form` by the form of a number, well-formed UTF-8; empty if it has none, and then it is
/// in no index. Called from several threads, and always with the same result.
using FormOf = std::function<void(std::uint32_t id, std::string& form)>;

}  // namespace enlace
