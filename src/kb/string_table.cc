#include "kb/string_table.h"

#include "base/error.h"

namespace enlace {

StringTable::StringTable(const SectionFile& file, const std::string& name)
    : bases_(file.paged<std::uint64_t>(name + ".bases")),
      offsets_(file.paged<std::uint32_t>(name + ".offsets")),
      bytes_(file.paged<char>(name + ".bytes")) {
  constexpr std::size_t kMostStrings = ~std::uint32_t{0};
  if (offsets_.size() == 0 || offsets_.size() > kMostStrings ||
      bases_.size() != (offsets_.size() - 1) / kPerBase + 1) {
    throw Error(ErrorKind::kCorrupt, "{}: section {}: wrong number of offsets", file.name(), name);
  }
}

std::optional<std::uint32_t> StringTable::find(std::string_view text) const {
  std::uint32_t first = 0;
  std::uint32_t last = size();
  while (first < last) {
    const std::uint32_t middle = first + (last - first) / 2;
    if ((*this)[middle] < text) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first < size() && (*this)[first] == text ? std::optional(first) : std::nullopt;
}

void StringTable::advise_random() const noexcept {
  advise(std::as_bytes(bytes_.unproved()), Access::kRandom);
  advise(std::as_bytes(offsets_.unproved()), Access::kRandom);
}

void StringTableWriter::add(std::string_view text) {
  mark();
  file_.append(std::as_bytes(std::span<const char>(text)));
  size_ += text.size();
}

void StringTableWriter::mark() {
  if (offsets_.size() % StringTable::kPerBase == 0) bases_.push_back(size_);
  if (size_ - bases_.back() > ~std::uint32_t{0}) {
    throw Error(ErrorKind::kUnsupported, "{}: expected strings of less than 64 kB on average",
                name_);
  }
  offsets_.push_back(std::uint32_t(size_ - bases_.back()));
}

void StringTableWriter::finish() {
  mark();  // where the last string ends
  file_.add_paged(name_ + ".bases", bases_);
  file_.add_paged(name_ + ".offsets", offsets_);
}

}  // namespace enlace
