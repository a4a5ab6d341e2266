#include "link/manifest.h"

#include <charconv>

#include "base/error.h"
#include "io/crc32c.h"
#include "io/json.h"
#include "io/json_writer.h"
#include "io/mapped_file.h"
#include "io/other_versions.h"
#include "io/publish.h"

namespace enlace {
namespace {

constexpr std::string_view kName = "manifest.json";
constexpr std::uint64_t kFormat = 4;

std::string hex(std::uint64_t value) {
  return fmt::format("{:016x}", value);
}

std::uint64_t fingerprint_of(JsonElement element, std::string_view where) {
  const auto text = json_get<std::string_view>(element, "fingerprint", where);
  std::uint64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || rest != text.data() + text.size()) {
    throw Error(ErrorKind::kCorrupt, "{}: fingerprint: expected 16 hex digits, found another text",
                where);
  }
  return value;
}

std::string checksum_line(std::string_view line) {
  return fmt::format("{{\"crc32c\":\"{:08x}\"}}", crc32c(std::as_bytes(std::span(line))));
}

/// The first line, once the second has vouched for it.
std::string_view vouched_line(std::string_view text, std::string_view where) {
  const std::size_t feed = text.find('\n');
  const std::string_view line = text.substr(0, feed);
  if (feed == text.npos || text.substr(feed + 1) != checksum_line(line) + "\n") {
    throw Error(ErrorKind::kCorrupt, "{}: checksum mismatch", where);
  }
  return line;
}

Precision precision_of(JsonElement model, std::string_view where) {
  const auto precision = precision_named(json_get<std::string_view>(model, "precision", where));
  if (!precision) {
    throw Error(ErrorKind::kUnsupported, "{}: precision: expected f32, bf16 or int8", where);
  }
  return *precision;
}

std::vector<std::string> strings(JsonElement object, std::string_view key, std::string_view where) {
  std::vector<std::string> kept;
  for (const JsonElement entry : json_get<simdjson::dom::array>(object, key, where)) {
    kept.emplace_back(json_as<std::string_view>(entry, key, where));
  }
  return kept;
}

Manifest parse(std::string_view line, std::string_view where) {
  JsonParser parser;
  const JsonElement root = parse_json(parser, line, where);
  const auto format = json_get<std::uint64_t>(root, "format", where);
  if (format != kFormat) {
    throw Error(ErrorKind::kUnsupported, "{}: expected format {}, found {}; {}", where, kFormat,
                format, remedy("manifest", format > kFormat));
  }
  Manifest manifest;
  manifest.engine = json_get<std::string_view>(root, "engine", where);
  for (const JsonElement file : json_get<simdjson::dom::array>(root, "files", where)) {
    manifest.files.push_back({std::string(json_get<std::string_view>(file, "name", where)),
                              json_get<std::uint64_t>(file, "size", where),
                              fingerprint_of(file, where)});
  }
  if (const auto model = json_member(root, "model", where)) {
    manifest.model = ManifestModel{std::string(json_get<std::string_view>(*model, "path", where)),
                                   precision_of(*model, where), fingerprint_of(*model, where)};
  }
  for (const JsonElement source : json_get<simdjson::dom::array>(root, "sources", where)) {
    manifest.sources.push_back({std::string(json_get<std::string_view>(source, "spec", where)),
                                strings(source, "report", where)});
  }
  if (const auto merge = json_member(root, "merge", where)) {
    manifest.merge = {strings(*merge, "xrefs", where), strings(*merge, "report", where)};
  }
  manifest.changes = json_get_or<std::string_view>(root, "changes", "", where);
  if (manifest.changes.find('/') != std::string::npos || manifest.changes.starts_with('.')) {
    throw Error(ErrorKind::kCorrupt, "{}: changes: expected the name of a folder beside it", where);
  }
  return manifest;
}

}  // namespace

const ManifestFile* Manifest::find(std::string_view name) const noexcept {
  for (const ManifestFile& file : files) {
    if (file.name == name) return &file;
  }
  return nullptr;
}

Manifest read_manifest(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kName;
  const MappedFile file(path);
  const std::string_view text = file.text();
  return parse(vouched_line(text, path.string()), path.string());
}

void write_manifest(const std::filesystem::path& folder, const Manifest& manifest) {
  JsonWriter json;
  json.object().member("format", kFormat).member("engine", manifest.engine);
  json.key("files").array();
  for (const ManifestFile& file : manifest.files) {
    json.object().member("name", file.name).member("size", file.size);
    json.member("fingerprint", hex(file.fingerprint)).close();
  }
  json.close();
  if (manifest.model) {
    json.key("model").object().member("path", manifest.model->path);
    json.member("precision", name_of(manifest.model->precision));
    json.member("fingerprint", hex(manifest.model->fingerprint)).close();
  }
  json.key("sources").array();
  for (const ManifestSource& source : manifest.sources) {
    json.object().member("spec", source.spec).key("report").array();
    for (const std::string& entry : source.report) json.string(entry);
    json.close().close();
  }
  json.close();
  if (!manifest.merge.xrefs.empty() || !manifest.merge.report.empty()) {
    json.key("merge").object().key("xrefs").array();
    for (const std::string& prefix : manifest.merge.xrefs) json.string(prefix);
    json.close().key("report").array();
    for (const std::string& entry : manifest.merge.report) json.string(entry);
    json.close().close();
  }
  if (!manifest.changes.empty()) json.member("changes", manifest.changes);
  json.close();
  const std::string text = json.text() + "\n" + checksum_line(json.text()) + "\n";
  publish_file(folder / kName, std::as_bytes(std::span(text)));
}

bool is_knowledge_base(const std::filesystem::path& folder) {
  return std::filesystem::is_regular_file(folder / kName);
}

}  // namespace enlace
