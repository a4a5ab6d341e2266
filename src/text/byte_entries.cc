#include "text/byte_entries.h"

#include <fmt/format.h>

namespace enlace {

ByteEntries::ByteEntries(const Trie& entries) {
  for (std::size_t byte = 0; byte < ids_.size(); ++byte) {
    ids_[byte] = entries.find(fmt::format("<0x{:02X}>", byte));
  }
}

bool ByteEntries::append(std::string_view bytes, Span span, std::vector<Token>& tokens) const {
  const std::size_t before = tokens.size();
  for (const char byte : bytes) {
    const std::int32_t id = ids_[static_cast<unsigned char>(byte)];
    if (id < 0) {
      tokens.resize(before);
      return false;
    }
    tokens.push_back({id, span});
  }
  return true;
}

}  // namespace enlace
