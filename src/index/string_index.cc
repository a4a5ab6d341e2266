#include "index/string_index.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <vector>

#include "base/error.h"
#include "base/hash.h"

namespace enlace {
namespace {

constexpr std::string_view kKind = "strings";
constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();

constexpr std::uint32_t tag_of(std::uint64_t hash) noexcept {
  return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace

std::uint64_t write_string_index(const std::filesystem::path& path,
                                 std::span<const std::string_view> strings,
                                 std::uint64_t made_from) {
  if (strings.size() >= kFree) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected fewer than {} strings, found {}",
                path.string(), kFree, strings.size());
  }
  std::vector<StringIndex::Slot> slots(std::bit_ceil(std::max<std::size_t>(1, 2 * strings.size())),
                                       {0, kFree});
  std::vector<std::uint64_t> offsets{0};
  offsets.reserve(strings.size() + 1);
  for (std::size_t row = 0; row < strings.size(); ++row) {
    const std::uint64_t hash = hash_bytes(strings[row]);
    std::size_t slot = hash & (slots.size() - 1);
    for (; slots[slot].row != kFree; slot = (slot + 1) & (slots.size() - 1)) {
      if (slots[slot].tag == tag_of(hash) && strings[slots[slot].row] == strings[row]) {
        throw Error(ErrorKind::kInvalidArgument,
                    "{}: expected distinct strings, found rows {} and {} equal", path.string(),
                    slots[slot].row, row);
      }
    }
    slots[slot] = {tag_of(hash), static_cast<std::uint32_t>(row)};
    offsets.push_back(offsets.back() + strings[row].size());
  }

  SectionWriter file(path, kKind, made_from);
  file.add("offsets", offsets);
  file.add("slots", slots);
  file.begin("text", 1, SectionRole::kBulk);
  for (const std::string_view string : strings) file.append(std::as_bytes(std::span(string)));
  return file.finish();
}

StringIndex StringIndex::open(const std::filesystem::path& path) {
  return StringIndex(SectionFile::open(path, kKind));
}

StringIndex::StringIndex(SectionFile file)
    : file_(std::move(file)),
      offsets_(file_.array<std::uint64_t>("offsets")),
      slots_(file_.array<Slot>("slots")),
      text_(file_.text("text")) {
  const auto require = [&](bool holds, std::string_view complaint) {
    if (!holds) throw Error(ErrorKind::kCorrupt, "{}: {}", file_.name(), complaint);
  };
  require(!offsets_.empty() && offsets_.front() == 0 && offsets_.back() == text_.size(),
          "expected offsets from 0 to the size of the text");
  require(std::is_sorted(offsets_.begin(), offsets_.end()), "expected rising offsets");
  require(size() < kFree, "expected fewer rows than a row number can tell");
  require(std::has_single_bit(slots_.size()) && slots_.size() >= 2 * size(),
          "expected a power of two of slots, at least two per row");
  std::size_t used = 0;
  for (const Slot& slot : slots_) {
    require(slot.row == kFree || slot.row < size(), "row out of range in a slot");
    used += slot.row == kFree ? 0 : 1;
  }
  require(used == size(), "expected one slot per row");
}

std::optional<std::uint32_t> StringIndex::find(std::string_view string) const noexcept {
  const std::uint64_t hash = hash_bytes(string);
  const std::size_t mask = slots_.size() - 1;
  // Half of the slots are free, so that this ends.
  for (std::size_t slot = hash & mask; slots_[slot].row != kFree; slot = (slot + 1) & mask) {
    if (slots_[slot].tag == tag_of(hash) && text(slots_[slot].row) == string) {
      return slots_[slot].row;
    }
  }
  return std::nullopt;
}

}  // namespace enlace
