#include "cli/default_model.h"

#include "base/error.h"

namespace enlace::cli {

std::filesystem::path default_model() {
  std::error_code none;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", none);
  const std::filesystem::path folder = program.parent_path();
  for (const char* beside : {"../../models/enlace-mini", "../share/enlace/models/enlace-mini"}) {
    const auto model = (folder / beside).lexically_normal();
    if (std::filesystem::exists(model / "config.json", none)) return model;
  }
  throw Error(ErrorKind::kNotFound,
              "{}: expected the model enlace-mini beside this program, found none: name a model "
              "folder with --model, or none for a knowledge base without vectors",
              folder.string());
}

}  // namespace enlace::cli
