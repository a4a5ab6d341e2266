#include "cli/shipped.h"

#include <string>

#include "base/error.h"

namespace enlace::cli {
namespace {

std::filesystem::path folder_of_program() {
  std::error_code none;
  return std::filesystem::read_symlink("/proc/self/exe", none).parent_path();
}

/// The folder `name` of models/ in which the file `sign` is.
std::optional<std::filesystem::path> find_shipped(const std::string& name, const char* sign) {
  std::error_code none;
  for (const char* beside : {"../../models", "../share/enlace/models"}) {
    const auto found = (folder_of_program() / beside / name).lexically_normal();
    if (std::filesystem::exists(found / sign, none)) return found;
  }
  return std::nullopt;
}

}  // namespace

std::filesystem::path default_model() {
  if (const auto model = find_shipped("enlace-mini", "config.json")) return *model;
  throw Error(ErrorKind::kNotFound,
              "{}: expected the model enlace-mini beside this program, found none: name a model "
              "folder with --model, or none for a knowledge base without vectors",
              folder_of_program().string());
}

std::optional<std::filesystem::path> default_thesaurus() {
  constexpr const char* kFile = "thesaurus.enlace";
  const auto folder = find_shipped("enlace-thesaurus", kFile);
  if (!folder) return std::nullopt;
  return *folder / kFile;
}

}  // namespace enlace::cli
