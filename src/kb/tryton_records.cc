#include "kb/tryton_records.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/utf8.h"
#include "io/line_reader.h"
#include "kb/xml_scanner.h"

namespace enlace {
namespace {

std::string read_document(const std::filesystem::path& path) {
  LineReader reader(path);
  std::string document;
  std::string_view line;
  while (reader.next(line)) {
    const std::size_t invalid = first_invalid_utf8(line);
    if (invalid < line.size()) {
      throw Error(ErrorKind::kCorrupt, "{}:{}:{}: expected UTF-8, found byte 0x{:02X}",
                  reader.name(), reader.number(), count_code_points(line.substr(0, invalid)) + 1,
                  static_cast<unsigned char>(line[invalid]));
    }
    document.append(line).append("\n");
  }
  return document;
}

/// The rest of a field that has just been opened.
void read_field(XmlScanner& xml, TrytonRecord& record) {
  const std::string name(xml.attribute("name"));
  if (const auto ref = xml.attribute("ref"); !ref.empty()) record.refs[name] = ref;
  std::string text;
  for (int depth = 1; depth > 0;) {
    switch (xml.next()) {
      case XmlScanner::Event::kOpen: ++depth; break;
      case XmlScanner::Event::kClose: --depth; break;
      case XmlScanner::Event::kText: text += xml.text(); break;
      case XmlScanner::Event::kEnd: return;
    }
  }
  record.fields[name] = trimmed(text);
}

/// The rest of a record that has just been opened.
TrytonRecord read_record(XmlScanner& xml) {
  TrytonRecord record;
  record.place = xml.place();
  record.model = xml.attribute("model");
  record.id = xml.attribute("id");
  for (;;) {
    const auto event = xml.next();
    if (event == XmlScanner::Event::kOpen) read_field(xml, record);
    if (event == XmlScanner::Event::kClose || event == XmlScanner::Event::kEnd) return record;
  }
}

}  // namespace

void read_tryton_records(const std::filesystem::path& path, const Progress& progress,
                         const std::function<void(const TrytonRecord&)>& use) {
  constexpr std::size_t kRecordsPerReport = 1024;
  const std::string name = path.string();
  const std::string document = read_document(path);
  XmlScanner xml(document, name);
  if (xml.next() != XmlScanner::Event::kOpen || xml.element() != "tryton") {
    throw Error(ErrorKind::kCorrupt, "{}: expected the element tryton, found another", xml.place());
  }
  std::size_t records = 0;
  for (auto event = xml.next(); event != XmlScanner::Event::kEnd; event = xml.next()) {
    if (event != XmlScanner::Event::kOpen || xml.element() != "record") continue;
    use(read_record(xml));
    if (++records % kRecordsPerReport == 0) progress.tell("reading", records);
  }
}

}  // namespace enlace
