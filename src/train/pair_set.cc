#include "train/pair_set.h"

#include <algorithm>

#include "base/error.h"
#include "base/utf8.h"
#include "io/line_reader.h"

namespace enlace {
namespace {

constexpr std::string_view kSeparator = "||";
constexpr std::size_t kLinesBetweenReports = 1 << 16;

}  // namespace

void PairSet::add(std::string_view code, std::uint32_t kind, std::string_view x,
                  std::string_view y) {
  auto label = labels_.find(code);
  if (label == labels_.end()) {
    label = labels_.emplace(code, static_cast<std::uint32_t>(codes_.size())).first;
    codes_.emplace_back(code);
  }
  entries_.push_back({texts_.size(), static_cast<std::uint32_t>(x.size()),
                      static_cast<std::uint32_t>(y.size()), label->second, kind});
  kind_count_ = std::max(kind_count_, kind + 1);
  texts_.append(x).append(y);
  for (const std::string_view part : {code, x, y}) {
    fingerprint_ = (fingerprint_ ^ hash_bytes(part)) * 0x9E3779B97F4A7C15U;
  }
}

void PairSet::finish() {
  label_starts_.assign(codes_.size() + 1, 0);
  for (const Entry& entry : entries_) ++label_starts_[entry.label + 1];
  for (std::size_t i = 0; i < codes_.size(); ++i) label_starts_[i + 1] += label_starts_[i];
  by_label_.resize(entries_.size());
  std::vector<std::uint32_t> next(label_starts_.begin(), label_starts_.end() - 1);
  for (std::uint32_t i = 0; i < entries_.size(); ++i) by_label_[next[entries_[i].label]++] = i;
}

TextPair PairSet::pair(std::size_t i) const noexcept {
  const Entry& entry = entries_[i];
  const std::string_view both(&texts_[entry.begin], std::size_t{entry.x_size} + entry.y_size);
  return {entry.label, entry.kind, both.substr(0, entry.x_size), both.substr(entry.x_size)};
}

std::span<const std::uint32_t> PairSet::with_label(std::uint32_t label) const noexcept {
  const std::uint32_t first = label_starts_[label];
  return std::span(by_label_).subspan(first, label_starts_[label + 1] - first);
}

void read_pairs(const std::filesystem::path& path, PairSet& set, const Progress& progress) {
  LineReader lines(path);
  const std::uint32_t kind = set.new_kind();
  std::vector<std::string_view> fields;
  for (std::string_view line; lines.next(line);) {
    if (lines.number() % kLinesBetweenReports == 0) progress.tell("reading pairs", lines.number());
    const auto fail = [&](std::string_view found) {
      throw Error(ErrorKind::kCorrupt, "{}:{}: expected id||name||name, found {}", lines.name(),
                  lines.number(), found);
    };
    fields.clear();
    for (std::string_view rest = line;;) {
      const std::size_t end = rest.find(kSeparator);
      fields.push_back(rest.substr(0, end));
      if (end == rest.npos) break;
      rest.remove_prefix(end + kSeparator.size());
    }
    if (fields.size() != 3) {
      fail(fmt::format("{} {}", fields.size(), fields.size() == 1 ? "field" : "fields"));
    }
    for (std::size_t i = 0; i < 3; ++i) {
      if (fields[i].empty()) fail(fmt::format("nothing in field {}", i + 1));
    }
    if (!is_utf8(line)) fail("bytes that are not UTF-8");
    set.add(fields[0], kind, fields[1], fields[2]);
  }
}

}  // namespace enlace
