#include "sources/rf2_rows.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "base/hash.h"
#include "sources/id_map.h"
#include "sources/sctid.h"

namespace enlace {
namespace {

bool is_comment(std::string_view line) noexcept {
  return line.empty() || line.front() == '#';
}

/// The row of an id that holds.
struct Version {
  std::uint32_t time;
  std::uint32_t file : 31;
  std::uint32_t taken : 1;
};

/// How a row stands to the one of its id that holds.
enum class Standing { kHolds, kSuperseded, kDuplicate };

/// Which rows hold, where there may be several of one id.
class Versions {
 public:
  /// The time of a row of an earlier file that is not older and so stays; 0 if there is none.
  std::uint32_t offer(std::uint64_t key, std::uint32_t time, std::uint32_t file) {
    const auto [index, is_new] = ids_.add(key);
    if (is_new) versions_.push_back({time, file, 0});
    Version& version = versions_[index];
    if (time > version.time) version = {time, file, 0};
    return version.file < file ? version.time : 0;
  }

  /// How a row stands that was offered.
  Standing standing(std::uint64_t key, std::uint32_t time, std::uint32_t file) {
    Version& version = versions_[ids_.find(key)];
    if (version.file != file || version.time != time) return Standing::kSuperseded;
    if (version.taken != 0) return Standing::kDuplicate;
    version.taken = 1;
    return Standing::kHolds;
  }

 private:
  IdMap ids_;
  std::vector<Version> versions_;
};

}  // namespace

Rf2Lines::Rf2Lines(const Rf2File& file, std::span<const std::string_view> columns,
                   SourceReport& report, const Progress& progress)
    : lines_(file.path, report, progress), report_(report) {
  std::string_view header;
  bool found = false;
  while (!found && lines_.next(header)) found = !is_comment(header);
  if (!found) {
    throw Error(ErrorKind::kCorrupt, "{}:1:1: expected a header, found the end of the file",
                lines_.name());
  }
  const auto names = split_tabs(header);
  const auto place_of_column = [&](std::string_view name) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) {
      throw Error(ErrorKind::kCorrupt, "{}:1: expected a column {} in the header, found none",
                  lines_.place(), name);
    }
    return std::size_t(at - names.begin());
  };
  id_place_ = place_of_column("id");
  time_place_ = place_of_column("effectiveTime");
  active_place_ = place_of_column("active");
  for (const auto column : columns) places_.push_back(place_of_column(column));
  column_count_ = names.size();
  if (column_count_ > kMostColumns) {
    throw Error(ErrorKind::kCorrupt, "{}:1: expected at most {} columns, found {}", lines_.place(),
                kMostColumns, column_count_);
  }
}

bool Rf2Lines::next() {
  while (lines_.next(line_)) {
    if (is_comment(line_)) continue;
    ++report_.rows.rows;
    if (take(line_)) return true;
  }
  return false;
}

bool Rf2Lines::take(std::string_view line) {
  std::size_t count = 0;
  std::size_t beyond = line.size();  // where the first field too many begins
  for (std::string_view rest = line;; ++count) {
    const std::size_t tab = rest.find('\t');
    if (count < column_count_) {
      fields_[count] = rest.substr(0, tab);
    } else if (count == column_count_) {
      beyond = std::size_t(rest.data() - line.data());
    }
    if (tab == std::string_view::npos) break;
    rest.remove_prefix(tab + 1);
  }
  ++count;
  if (count != column_count_) {
    report_.refuse("wrong number of fields", "{}: expected {} fields, found {}",
                   lines_.place(line, beyond), column_count_, count);
    return false;
  }
  const auto id = fields_[id_place_];
  constexpr std::size_t kUuidSize = 36;
  if (const auto number = parse_sctid(id)) {
    key_ = *number;
  } else if (id.size() == kUuidSize) {
    key_ = hash_bytes(id);
  } else {
    report_.refuse("bad id", "{}: expected 6 to 18 digits or a UUID, found something else",
                   place_of(id_place_));
    return false;
  }
  const auto time = parse_rf2_date(fields_[time_place_]);
  if (!time) {
    report_.refuse("bad effectiveTime", "{}: expected a date as YYYYMMDD, found something else",
                   place_of(time_place_));
    return false;
  }
  time_ = *time;
  const auto active = fields_[active_place_];
  if (active != "0" && active != "1") {
    report_.refuse("bad active", "{}: expected 0 or 1, found something else",
                   place_of(active_place_));
    return false;
  }
  active_ = active == "1";
  return true;
}

void read_rf2_rows(const Rf2Choice& choice, Rf2Table table,
                   std::span<const std::string_view> columns, SourceReport& report,
                   const Progress& progress, std::string_view unwanted,
                   const std::function<bool(const Rf2Lines&)>& wanted,
                   const std::function<void(const Rf2File&, const Rf2Lines&)>& use) {
  const std::vector<Rf2File> files = choice.of(table);
  const bool several = choice.view == Rf2View::kFull || !choice.deltas.empty();
  Versions versions;
  std::size_t not_newer = 0;
  if (several) {
    SourceReport unread;  // bad rows are refused when they are read again
    for (std::uint32_t number = 0; number < files.size(); ++number) {
      Rf2Lines lines(files[number], columns, unread, progress);
      while (lines.next()) {
        if (!wanted(lines) || lines.time() > files[number].date || lines.time() > choice.until) {
          continue;
        }
        const std::uint32_t held = versions.offer(lines.key(), lines.time(), number);
        if (held == 0 || files[number].view != Rf2View::kDelta) continue;
        ++not_newer;
        report.refuse(held == lines.time() ? "delta applied already" : "delta out of order",
                      "{}: expected an effectiveTime after {}, found {}", lines.place_of_time(),
                      held, lines.time());
      }
    }
  }

  IdMap seen;
  std::size_t not_wanted = 0, superseded = 0, later = 0;
  for (std::uint32_t number = 0; number < files.size(); ++number) {
    const Rf2File& file = files[number];
    Rf2Lines lines(file, columns, report, progress);
    while (lines.next()) {
      if (!wanted(lines)) {
        ++not_wanted;
      } else if (lines.time() > file.date) {
        report.refuse("newer than the release", "{}: expected an effectiveTime up to {}, found {}",
                      lines.place_of_time(), file.date, lines.time());
      } else if (lines.time() > choice.until) {
        ++later;
      } else {
        const Standing standing =
            several ? versions.standing(lines.key(), lines.time(), number)
                    : (seen.add(lines.key()).second ? Standing::kHolds : Standing::kDuplicate);
        switch (standing) {
          case Standing::kHolds: use(file, lines); break;
          case Standing::kSuperseded: ++superseded; break;
          case Standing::kDuplicate:
            report.refuse("duplicate id", "{}: expected an id once, found it again",
                          lines.place_of_id());
        }
      }
    }
  }
  superseded -= not_newer;  // they are refused
  if (not_wanted > 0) report.left_out[std::string(unwanted)] += not_wanted;
  if (superseded > 0) report.left_out["superseded"] += superseded;
  if (later > 0) report.left_out["later than the date"] += later;
}

}  // namespace enlace
