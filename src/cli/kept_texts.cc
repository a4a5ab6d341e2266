#include "cli/kept_texts.h"

#include <filesystem>

#include "base/error.h"
#include "base/utf8.h"
#include "io/line_reader.h"

namespace enlace::cli {
namespace {

void add_names(const KnowledgeBase& kb, std::vector<std::string_view>& texts) {
  for (TextId text = 0; text < kb.text_count(); ++text) texts.push_back(kb.text(text));
}

}  // namespace

void KeptTexts::add(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    const KbFolder& folder = folders_.emplace_back(open_kb_folder(path));
    add_names(folder.kb, texts_);
    if (folder.changes && folder.changes->added) add_names(folder.changes->added->kb, texts_);
    return;
  }
  LineReader reader(path);
  std::string_view line;
  while (reader.next(line)) {
    if (line.empty()) continue;
    if (const auto fault = utf8_fault(line, reader.name(), reader.number())) {
      throw Error(ErrorKind::kCorrupt, "{}", *fault);
    }
    texts_.push_back(lines_.emplace_back(line));
  }
}

}  // namespace enlace::cli
