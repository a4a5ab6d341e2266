#include "link/text_map.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"

namespace enlace {
namespace {

constexpr std::string_view kKind = "textmap";

}  // namespace

DistinctForms distinct_forms(std::vector<std::string> form_of_text) {
  std::vector<std::uint32_t> order(form_of_text.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const int way = form_of_text[a].compare(form_of_text[b]);
    return way != 0 ? way < 0 : a < b;
  });
  DistinctForms distinct;
  distinct.rows.assign(form_of_text.size(), DistinctForms::kNoRow);
  for (const std::uint32_t text : order) {
    std::string& form = form_of_text[text];
    if (form.empty()) continue;
    if (distinct.forms.empty() || distinct.forms.back() != form) {
      distinct.starts.push_back(std::uint32_t(distinct.texts.size()));
      distinct.forms.push_back(std::move(form));
    }
    distinct.texts.push_back(text);
    distinct.rows[text] = std::uint32_t(distinct.forms.size() - 1);
  }
  distinct.starts.push_back(std::uint32_t(distinct.texts.size()));
  return distinct;
}

TextMap::TextMap(SectionFile file)
    : file_(std::move(file)),
      starts_(file_.array<std::uint32_t>("starts")),
      texts_(file_.array<std::uint32_t>("texts")),
      rows_(file_.array<std::uint32_t>("rows")) {}

TextMap TextMap::open(const std::filesystem::path& path, std::uint32_t text_count) {
  TextMap map(SectionFile::open(path, kKind));
  const auto is_text = [&](std::uint32_t text) { return text < text_count; };
  const auto is_row = [&](std::uint32_t row) {
    return row + 1 < map.starts_.size() || row == DistinctForms::kNoRow;
  };
  if (map.starts_.empty() || map.starts_.front() != 0 ||
      !std::is_sorted(map.starts_.begin(), map.starts_.end()) ||
      map.starts_.back() != map.texts_.size() || !std::ranges::all_of(map.texts_, is_text) ||
      map.rows_.size() != text_count || !std::ranges::all_of(map.rows_, is_row)) {
    throw Error(ErrorKind::kCorrupt, "{}: expected a map of {} texts, found another", path.string(),
                text_count);
  }
  return map;
}

std::uint64_t write_text_map(const std::filesystem::path& path, const DistinctForms& forms,
                             std::uint64_t made_from) {
  SectionWriter writer(path, kKind, made_from);
  writer.add("starts", forms.starts);
  writer.add("texts", forms.texts);
  writer.add("rows", forms.rows);
  return writer.finish();
}

}  // namespace enlace
