#include "corpus/read_jsonl.h"

#include "base/code_points.h"
#include "base/error.h"
#include "io/json.h"
#include "io/line_reader.h"

namespace enlace {
namespace {

std::string id_of(JsonElement root, std::string_view where) {
  const auto id = json_member(root, "id", where);
  if (!id) return "";
  if (id->is_string()) return std::string(json_as<std::string_view>(*id, "id", where));
  return std::to_string(json_as<std::int64_t>(*id, "id", where));
}

Mention mention_of(JsonElement element, std::string_view text, const CodePointOffsets& offsets,
                   std::size_t index, std::string_view where) {
  const auto start = json_get<std::uint64_t>(element, "start", where);
  const auto end = json_get<std::uint64_t>(element, "end", where);
  const std::size_t begin_byte = offsets.byte_at(start);
  const std::size_t end_byte = offsets.byte_at(end);
  if (start >= end || end_byte == std::string_view::npos) {
    throw Error(ErrorKind::kCorrupt,
                "{}: mention {}: expected 0 <= start < end <= {} code points, found {} and {}",
                where, index, offsets.size(), start, end);
  }
  return mention_at(text, begin_byte, end_byte);
}

}  // namespace

Document parse_jsonl_document(std::string_view line, std::string_view where) {
  JsonParser parser;
  const JsonElement root = parse_json(parser, line, where);
  Document document;
  document.id = id_of(root, where);
  document.text = json_get<std::string_view>(root, "text", where);
  document.language = json_get_or<std::string_view>(root, "language", "", where);
  if (json_member(root, "mentions", where)) {
    const CodePointOffsets offsets(document.text);
    for (const JsonElement mention : json_get<simdjson::dom::array>(root, "mentions", where)) {
      document.mentions.push_back(
          mention_of(mention, document.text, offsets, document.mentions.size() + 1, where));
    }
  }
  return document;
}

void read_jsonl(const std::filesystem::path& path, const DocumentSink& sink,
                const RefusalSink& refused, WaitHook waiting) {
  LineReader reader(path, std::move(waiting));
  for (std::string_view line; reader.next(line);) {
    if (line.find_first_not_of(" \t") == line.npos) continue;
    Document document;
    try {
      document = parse_jsonl_document(line, fmt::format("{}:{}", reader.name(), reader.number()));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kCorrupt) throw;
      refused(reader.number(), error.what());
      continue;
    }
    if (document.id.empty()) document.id = std::to_string(reader.number());
    sink(std::move(document));
  }
  if (reader.number() == 0) {
    throw Error(ErrorKind::kInvalidArgument, "{}: expected JSON lines, found an empty file",
                reader.name());
  }
}

}  // namespace enlace
