#include "io/paged_array.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "io/crc32c.h"
#include "io/mapped_file.h"

namespace enlace {

PageProofs::PageProofs(std::span<const std::byte> bytes, std::span<const std::uint32_t> crcs,
                       std::string name)
    : bytes_(bytes),
      crcs_(crcs),
      name_(std::move(name)),
      proved_(std::make_unique<std::atomic<bool>[]>(crcs.size())) {}

void PageProofs::prove(std::size_t page) const {
  const std::size_t begin = page * kPageBytes;
  const auto bytes = bytes_.subspan(begin, std::min(kPageBytes, bytes_.size() - begin));
  advise(bytes, Access::kSoon);  // as one, also where nothing is read ahead
  if (crc32c(bytes) != crcs_[page]) {
    throw Error(ErrorKind::kCorrupt, "{}: checksum mismatch in page {}", name_, page);
  }
  proved_[page].store(true, std::memory_order_relaxed);
}

void refuse_index(const PageProofs* pages) {
  if (pages != nullptr) pages->refuse_range();
  throw Error(ErrorKind::kCorrupt, "expected an index within an array, found it outside");
}

void PageProofs::refuse_range() const {
  throw Error(ErrorKind::kCorrupt, "{}: expected an index within its array, found it outside",
              name_);
}

}  // namespace enlace
