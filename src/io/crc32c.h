// CRC-32C (Castagnoli), the checksum of every file this engine writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace enlace {

/// CRC-32C of `bytes`, polynomial 0x1EDC6F41 reflected, as in RFC 3720 appendix B.4. `before` is
/// the CRC of the bytes that precede these, so that a file can be summed piece by piece.
/// Uses the processor's own instruction where there is one; the table is the definition.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before = 0) noexcept;

/// The two ways to compute it, for the test that compares them. Both take and give the CRC's
/// inverted register. The second requires SSE 4.2.
std::uint32_t crc32c_by_table(const std::byte* bytes, std::size_t size, std::uint32_t crc) noexcept;
std::uint32_t crc32c_by_sse42(const std::byte* bytes, std::size_t size, std::uint32_t crc) noexcept;

}  // namespace enlace
