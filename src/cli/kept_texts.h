// The texts that a command line names: lines of files, names of knowledge bases.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "link/kb_folder.h"

namespace enlace::cli {

/// Owns what the views show: moves, never copies.
class KeptTexts {
 public:
  /// Adds the distinct names of a knowledge base if `path` is a folder, else the lines of the file,
  /// plain or gzip, that are not empty. Throws Error as open_kb_folder and LineReader do; kCorrupt,
  /// with the line, for a file that is not UTF-8.
  void add(const std::string& path);

  /// In the order of the calls of add(), equal ones once for each of them.
  const std::vector<std::string_view>& texts() const noexcept { return texts_; }

 private:
  std::deque<KbFolder> folders_;
  std::deque<std::string> lines_;
  std::vector<std::string_view> texts_;
};

}  // namespace enlace::cli
