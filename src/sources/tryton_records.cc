#include "sources/tryton_records.h"

#include "base/ascii.h"
#include "base/error.h"
#include "sources/source_text.h"
#include "sources/xml_elements.h"
#include "sources/xml_scanner.h"

namespace enlace {
namespace {

/// The rest of a field that has just been opened.
void read_field(XmlScanner& xml, TrytonRecord& record) {
  const std::string name(xml.attribute("name"));
  if (const auto ref = xml.attribute("ref"); !ref.empty()) record.refs[name] = ref;
  record.fields[name] = text_of_element(xml);
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
  const SourceText document(path);
  XmlScanner xml(document.text(), document.name());
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
