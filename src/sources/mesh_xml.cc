#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "sources/mesh_records.h"
#include "sources/xml_elements.h"

namespace enlace {
namespace {

using Event = XmlScanner::Event;

/// Reads the element just opened whole, and for every `wanted` in it calls `use` with its text.
template <class Use>
void each_text(XmlScanner& xml, std::string_view wanted, const Use& use) {
  for (int depth = 1; depth > 0;) {
    switch (xml.next()) {
      case Event::kOpen:
        if (xml.element() == wanted) {
          use(text_of_element(xml));
        } else {
          ++depth;
        }
        break;
      case Event::kClose: --depth; break;
      case Event::kText: break;
      case Event::kEnd: depth = 0; break;
    }
  }
}

struct Term {
  std::string text;
  bool preferred, permuted;
};

struct ConceptRelation {
  std::string first, second;
  std::string name;  // NRW: the second is narrower
};

struct Concept {
  std::string id;
  bool preferred;
  std::vector<Term> terms;
  std::vector<std::string> types;
  std::vector<ConceptRelation> relations;
  std::string scope_note;
};

Term read_term(XmlScanner& xml) {
  Term term{"", xml.attribute("ConceptPreferredTermYN") == "Y",
            xml.attribute("IsPermutedTermYN") == "Y"};
  for_each_child(xml, [&] {
    const std::string_view element = xml.element();
    auto text = text_of_element(xml);
    if (element == "String") term.text = std::move(text);
  });
  return term;
}

ConceptRelation read_relation(XmlScanner& xml) {
  ConceptRelation relation{"", "", std::string(xml.attribute("RelationName"))};
  for_each_child(xml, [&] {
    const std::string_view element = xml.element();
    auto text = text_of_element(xml);
    if (element == "Concept1UI") relation.first = std::move(text);
    if (element == "Concept2UI") relation.second = std::move(text);
  });
  return relation;
}

Concept read_concept(XmlScanner& xml) {
  Concept read{"", xml.attribute("PreferredConceptYN") == "Y", {}, {}, {}, ""};
  for_each_child(xml, [&] {
    const std::string_view element = xml.element();
    if (element == "TermList") {
      for_each_child(xml, [&] { read.terms.push_back(read_term(xml)); });
    } else if (element == "ConceptRelationList") {
      for_each_child(xml, [&] { read.relations.push_back(read_relation(xml)); });
    } else if (element == "SemanticTypeList") {
      each_text(xml, "SemanticTypeUI",
                [&](std::string code) { read.types.push_back(std::move(code)); });
    } else {
      auto text = text_of_element(xml);
      if (element == "ConceptUI") read.id = std::move(text);
      if (element == "ScopeNote") read.scope_note = std::move(text);
    }
  });
  return read;
}

/// How the concept `other` stands to the preferred one of its record.
Scope scope_of(const std::string& other, const std::string& preferred,
               const std::vector<Concept>& concepts) {
  for (const Concept& given : concepts) {
    for (const ConceptRelation& relation : given.relations) {
      const bool forward = relation.first == preferred && relation.second == other;
      if (!forward && !(relation.first == other && relation.second == preferred)) continue;
      if (relation.name == "NRW") return forward ? Scope::kNarrower : Scope::kBroader;
      if (relation.name == "BRD") return forward ? Scope::kBroader : Scope::kNarrower;
    }
  }
  return Scope::kRelated;
}

void add_concepts(const std::vector<Concept>& concepts, std::string_view main_type,
                  MeshRecord& record) {
  const auto main = std::find_if(concepts.begin(), concepts.end(),
                                 [](const Concept& given) { return given.preferred; });
  const std::string main_id = main == concepts.end() ? "" : main->id;
  for (const Concept& given : concepts) {
    const Scope scope = given.preferred ? Scope::kExact : scope_of(given.id, main_id, concepts);
    for (const Term& term : given.terms) {
      const bool is_main = given.preferred && term.preferred;
      record.terms.push_back({term.text, is_main ? Scope::kPreferred : scope,
                              is_main         ? main_type
                              : term.permuted ? "PM"
                                              : "ET"});
    }
    record.types.insert(record.types.end(), given.types.begin(), given.types.end());
    if (given.preferred) record.scope_note = given.scope_note;
  }
}

MeshRecord read_record(XmlScanner& xml, bool is_descriptor) {
  MeshRecord record;
  record.place = xml.place();
  const std::string_view code_element = is_descriptor ? "DescriptorUI" : "SupplementalRecordUI";
  std::vector<Concept> concepts;
  for_each_child(xml, [&] {
    const std::string_view element = xml.element();
    if (element == "ConceptList") {
      for_each_child(xml, [&] { concepts.push_back(read_concept(xml)); });
    } else if (element == "HeadingMappedToList") {
      each_text(xml, "DescriptorUI", [&](std::string code) {
        record.headings.push_back(code.starts_with('*') ? code.substr(1) : std::move(code));
      });
    } else if (element == "TreeNumberList") {
      each_text(xml, "TreeNumber",
                [&](std::string number) { record.tree_numbers.push_back(std::move(number)); });
    } else {
      auto text = text_of_element(xml);
      if (element == code_element) record.code = std::move(text);
    }
  });
  add_concepts(concepts, is_descriptor ? "MH" : "NM", record);
  return record;
}

}  // namespace

void read_mesh_xml(
    std::string_view text, std::string_view name,
    const std::function<void(std::string_view code, std::string_view place)>& language,
    const UseMeshRecord& use) {
  XmlScanner xml(text, name);
  xml.next();
  const bool descriptors = xml.element() == "DescriptorRecordSet";
  if (!descriptors && xml.element() != "SupplementalRecordSet") {
    throw Error(ErrorKind::kCorrupt,
                "{}: expected the element DescriptorRecordSet or SupplementalRecordSet, found "
                "another",
                xml.place());
  }
  language(xml.attribute("LanguageCode"), xml.place());
  const std::string_view element = descriptors ? "DescriptorRecord" : "SupplementalRecord";
  for (auto event = xml.next(); event != Event::kEnd; event = xml.next()) {
    if (event != Event::kOpen) continue;
    if (xml.element() != element) {
      throw Error(ErrorKind::kCorrupt, "{}: expected the element {}, found another", xml.place(),
                  element);
    }
    MeshRecord record = read_record(xml, descriptors);
    use(record);
  }
}

}  // namespace enlace
