#include "corpus/read_gold.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/utf8.h"
#include "io/line_reader.h"

namespace enlace {
std::vector<std::string_view> alternatives_of(std::string_view code) {
  std::vector<std::string_view> alternatives;
  for (std::size_t begin = 0; begin <= code.size();) {
    const std::size_t end = std::min(code.find('|', begin), code.size());
    if (const auto one = trimmed(code.substr(begin, end - begin)); !one.empty()) {
      alternatives.push_back(one);
    }
    begin = end + 1;
  }
  return alternatives;
}

std::vector<GoldMention> read_gold(const std::filesystem::path& path, ReadReport& report) {
  LineReader reader(path);
  std::vector<GoldMention> gold;
  for (std::string_view line; reader.next(line);) {
    if (line.empty()) continue;
    ++report.rows;
    if (const auto fault = utf8_fault(line, reader.name(), reader.number())) {
      report.refuse("{}", *fault);
      continue;
    }
    const std::size_t tab = line.find('\t');
    if (tab == line.npos) {
      report.refuse("{}:{}: expected 2 columns, found 1", reader.name(), reader.number());
      continue;
    }
    const std::string_view mention = trimmed(line.substr(0, tab));
    const std::string_view code = trimmed(line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1));
    if (mention.empty() || alternatives_of(code).empty()) {
      report.refuse("{}:{}:{}: expected a {}, found nothing", reader.name(), reader.number(),
                    mention.empty() ? 1 : 2, mention.empty() ? "mention" : "code");
      continue;
    }
    gold.push_back({std::string(mention), std::string(code)});
  }
  if (gold.empty()) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected rows of mention and code, found {}",
                reader.name(), report.bad > 0 ? report.complaints.front() : "an empty file");
  }
  return gold;
}

}  // namespace enlace
