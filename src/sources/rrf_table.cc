#include "sources/rrf_table.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/error.h"
#include "base/utf8.h"
#include "sources/source_spec.h"

namespace enlace::rrf {
namespace {

constexpr std::size_t kLongestLine = std::size_t{1} << 20;

struct Columns {
  std::string_view table, columns;
};
constexpr Columns kColumns[] = {
    {"MRCONSO",
     "CUI,LAT,TS,LUI,STT,SUI,ISPREF,AUI,SAUI,SCUI,SDUI,SAB,TTY,CODE,STR,SRL,SUPPRESS,"
     "CVF"},
    {"MRREL", "CUI1,AUI1,STYPE1,REL,CUI2,AUI2,STYPE2,RELA,RUI,SRUI,SAB,SL,RG,DIR,SUPPRESS,CVF"},
    {"MRHIER", "CUI,AUI,CXN,PAUI,SAB,RELA,PTR,HCD,CVF"},
    {"MRSTY", "CUI,TUI,STN,STY,ATUI,CVF"},
    {"MRDEF", "CUI,AUI,ATUI,SATUI,SAB,DEF,SUPPRESS,CVF"},
    {"MRSAB",
     "VCUI,RCUI,VSAB,RSAB,SON,SF,SVER,VSTART,VEND,IMETA,RMETA,SLC,SCC,SRL,TFR,CFR,CXTY,"
     "TTYL,ATNL,LAT,CENC,CURVER,SABIN,SSN,SCIT"},
    {"MRCUI", "CUI1,VER,REL,RELA,MAPREASON,CUI2,MAPIN"},
    {"MRRANK", "RANK,SAB,TTY,SUPPRESS"},
    {"MRFILES", "FIL,DES,FMT,CLS,RWS,BTS"},
};

constexpr std::uint64_t kHighBits = 0x8080808080808080U, kLowBits = ~kHighBits;
constexpr std::uint64_t kBlanks = 0x2020202020202020U, kBars = 0x7C7C7C7C7C7C7C7CU;
static_assert(std::endian::native == std::endian::little);

/// The high bit of every byte that is zero. Sums below 0x80 do not carry into a neighbour.
constexpr std::uint64_t zero_bytes(std::uint64_t word) noexcept {
  return ~(((word & kLowBits) + kLowBits) | word | kLowBits);
}

std::vector<std::string> split_columns(std::string_view list) {
  std::vector<std::string> columns;
  for (const auto column : split_list(list, ',')) columns.emplace_back(column);
  return columns;
}

}  // namespace

Release::Release(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::error_code failed;
  if (!std::filesystem::exists(folder_, failed)) {
    throw Error(ErrorKind::kNotFound, "{}: no such folder", folder_.string());
  }
  if (!std::filesystem::is_directory(folder_, failed)) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected a folder with MRCONSO.RRF, found a file",
                folder_.string());
  }
  for (const Columns& known : kColumns) {
    columns_.emplace(known.table, split_columns(known.columns));
  }
  SourceReport ignored;  // a damaged row here leaves the table its usual columns
  Table files(*this, "MRFILES", {"FIL", "FMT"}, ignored);
  while (files.next()) {
    const std::string_view file = files.field(0);
    const auto known = columns_.find(file.substr(0, file.find('.')));
    if (known != columns_.end() && known->first != "MRFILES") {
      known->second = split_columns(files.field(1));
    }
  }
}

std::vector<std::filesystem::path> Release::files(std::string_view table) const {
  const std::string name = std::string(table) + ".RRF";
  for (const char* ending : {"", ".gz"}) {
    const auto path = folder_ / (name + ending);
    if (std::filesystem::exists(path)) return {path};
  }
  std::vector<std::filesystem::path> parts;
  for (char first = 'a'; first <= 'z'; ++first) {
    for (char second = 'a'; second <= 'z'; ++second) {
      const auto part = folder_ / (name + '.' + first + second);
      const std::filesystem::path packed = part.string() + ".gz";
      if (std::filesystem::exists(part)) {
        parts.push_back(part);
      } else if (std::filesystem::exists(packed)) {
        parts.push_back(packed);
      } else {
        return parts;
      }
    }
  }
  return parts;
}

const std::vector<std::string>& Release::columns(std::string_view table) const {
  return columns_.find(table)->second;
}

Table::Table(const Release& release, std::string_view table,
             std::initializer_list<std::string_view> wanted, SourceReport& report)
    : report_(report) {
  for (const auto& file : release.files(table)) names_.push_back(file.string());
  const auto& columns = release.columns(table);
  fields_.resize(columns.size());
  for (const std::string_view name : wanted) {
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found == columns.end() && !names_.empty()) {
      throw Error(ErrorKind::kCorrupt, "{}: expected a column {} of {}, found none",
                  (release.folder() / "MRFILES.RRF").string(), name, table);
    }
    places_.push_back(std::size_t(found - columns.begin()));
  }
}

bool Table::next() {
  for (;;) {
    if (!lines_) {
      if (next_file_ == names_.size()) return false;
      lines_ = std::make_unique<LineReader>(names_[next_file_++]);
    }
    if (!lines_->next(line_)) {
      lines_.reset();
      continue;
    }
    if (line_.empty()) continue;
    ++rows_;
    ++report_.rows.rows;
    if (split()) return true;
    refuse_line();
  }
}

/// One pass over the line, eight bytes at a time, finds the bars and sees whether there are zero
/// bytes or others than ASCII.
bool Table::split() {
  if (line_.size() > kLongestLine) return false;
  std::uint64_t seen = 0, zeros = 0;
  std::size_t begin = 0, count = 0;
  for (std::size_t at = 0; at < line_.size(); at += 8) {
    std::uint64_t word = kBlanks;
    std::memcpy(&word, line_.data() + at, std::min<std::size_t>(8, line_.size() - at));
    seen |= word;
    zeros |= zero_bytes(word);
    for (std::uint64_t bars = zero_bytes(word ^ kBars); bars != 0; bars &= bars - 1) {
      const std::size_t bar = at + std::size_t(std::countr_zero(bars)) / 8;
      if (count == fields_.size()) return false;
      fields_[count++] = {line_.data() + begin, bar - begin};
      begin = bar + 1;
    }
  }
  if (count != fields_.size() || begin != line_.size() || zeros != 0) return false;
  return (seen & kHighBits) == 0 || is_utf8(line_);
}

void Table::refuse_line() {
  const auto where = [&](std::size_t offset) {
    return fmt::format("{}:{}:{}", lines_->name(), lines_->number(),
                       count_code_points(line_.substr(0, offset)) + 1);
  };
  const std::size_t zero = line_.find('\0');
  const std::size_t invalid = first_invalid_utf8(line_);
  if (line_.size() > kLongestLine) {
    report_.refuse("line too long", "{}:{}: expected at most {} bytes, found {}", lines_->name(),
                   lines_->number(), kLongestLine, line_.size());
  } else if (zero != std::string_view::npos && zero < invalid) {
    report_.refuse("zero byte", "{}: expected text, found a zero byte", where(zero));
  } else if (invalid < line_.size()) {
    report_.refuse("broken UTF-8", "{}: expected UTF-8, found byte 0x{:02X}", where(invalid),
                   static_cast<unsigned char>(line_[invalid]));
  } else {
    const auto bars = std::size_t(std::count(line_.begin(), line_.end(), '|'));
    const bool is_closed = line_.back() == '|';
    report_.refuse("wrong number of fields",
                   "{}: expected {} fields that each end in a bar, found "
                   "{}{}",
                   where(line_.size()), fields_.size(), bars,
                   is_closed ? "" : " and more without one");
  }
}

std::string Table::place(std::size_t wanted) const {
  const auto offset = std::size_t(field(wanted).data() - line_.data());
  return fmt::format("{}:{}:{}", lines_->name(), lines_->number(),
                     count_code_points(line_.substr(0, offset)) + 1);
}

}  // namespace enlace::rrf
