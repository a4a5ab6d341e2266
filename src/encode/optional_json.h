// Files that say how a model is used or was made, and need not be there.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "io/json.h"
#include "io/mapped_file.h"

namespace enlace {

/// A JSON file, as Python writes them, that need not be there.
class OptionalJson {
 public:
  explicit OptionalJson(const std::filesystem::path& path) : where_(path.string()) {
    if (!std::filesystem::exists(path)) return;
    const MappedFile file(path);
    root_ = parse_python_json(parser_, file.text(), where_);
  }

  explicit operator bool() const noexcept { return root_.has_value(); }
  JsonElement root() const { return *root_; }
  const std::string& where() const noexcept { return where_; }

  /// The member `key`, if there are both.
  std::optional<JsonElement> find(std::string_view key) const {
    return root_ ? json_member(*root_, key, where_) : std::nullopt;
  }

  /// Requires the file.
  template <class T>
  T get_or(std::string_view key, T otherwise) const {
    return json_get_or<T>(*root_, key, otherwise, where_);
  }

 private:
  std::string where_;
  JsonParser parser_;
  std::optional<JsonElement> root_;
};

}  // namespace enlace
