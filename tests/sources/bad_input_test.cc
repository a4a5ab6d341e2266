// What may be wrong with any source, reader by reader: line ends, marks, zero bytes, ten megabytes
// in one name, records given twice, parents that are not there, are the concept itself, or close a
// cycle.
#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "sources/reading.h"
#include "sources/rf2_folder.h"

namespace enlace {
namespace {

using testing_kb::complaint;
using testing_kb::failure;
using testing_kb::Lines;
using testing_kb::Reading;
using testing_kb::scratch;
using testing_kb::written;

/// A small source: three records with the names uno, dos and tres, and what its reader says
/// of a zero byte in a name, and of a name of ten megabytes if it does not take it.
struct Format {
  std::string name, options;
  std::string head;
  Lines records;
  std::string between, tail;
  std::string at_zero;
  // Where the file stands in the source, if that is a folder, and what else there is in it.
  std::string file = "x";
  std::vector<std::pair<std::string, std::string>> others = {};
  std::string at_long = {};

  std::string text(const Lines& given) const {
    std::string text = head;
    for (std::size_t i = 0; i < given.size(); ++i) text += (i == 0 ? "" : between) + given[i];
    return text + tail;
  }
  std::string text() const { return text(records); }
  /// The same with another second name.
  std::string text_with(std::string_view second) const {
    std::string all = text();
    for (auto at = all.find("dos"); at != std::string::npos;
         at = all.find("dos", at + second.size())) {
      all.replace(at, 3, second);
    }
    return all;
  }
  std::string spec(std::string_view content) const {
    for (const auto& [path, other] : others) written(path, other);
    written(file, content);
    const auto root = scratch("none").parent_path() / file.substr(0, file.find('/'));
    return name.substr(0, name.find(' ')) + "=" + root.string() + options;
  }
};

void PrintTo(const Format& format, std::ostream* out) {
  *out << format.name;
}

std::string order_row(std::string_view code, std::string_view title) {
  return fmt::format("{:05} {:<7} 1 {:<60} {}\n", 1, code, "short", title);
}

std::string obograph_node(int number, std::string_view name) {
  return fmt::format(R"({{"id":"x/Z_{}","type":"CLASS","lbl":"{}"}})", number, name);
}

std::string claml_class(std::string_view code, std::string_view name) {
  return fmt::format(
      "<Class code=\"{}\" kind=\"category\"><Rubric kind=\"preferred\">"
      "<Label xml:lang=\"es\">{}</Label></Rubric></Class>",
      code, name);
}

std::string diagnosis(std::string_view code, std::string_view name) {
  return fmt::format("<diag><name>{}</name><desc>{}</desc></diag>", code, name);
}

std::string descriptor(int number, std::string_view name) {
  return fmt::format(
      "<DescriptorRecord><DescriptorUI>D00000{0}</DescriptorUI><TreeNumberList>"
      "<TreeNumber>C0{0}</TreeNumber></TreeNumberList><ConceptList>"
      "<Concept PreferredConceptYN='Y'><ConceptUI>M{0}</ConceptUI><TermList>"
      "<Term RecordPreferredTermYN='Y' ConceptPreferredTermYN='Y'><String>{1}</String></Term>"
      "</TermList></Concept></ConceptList></DescriptorRecord>",
      number, name);
}

std::string item(int number, std::string_view name) {
  return fmt::format(
      R"({{"type":"item","id":"Q{0}","labels":{{"es":{{"language":"es","value":"{1}"}}}},)"
      R"("aliases":{{}},"claims":{{"P2892":[{{"mainsnak":{{"snaktype":"value","datavalue":)"
      R"({{"value":"C000000{0}"}}}},"rank":"normal"}}]}}}})",
      number, name);
}

std::string binding(int number, std::string_view name) {
  return fmt::format(R"({{"cui":{{"value":"C{}"}},"label":{{"value":"{}","xml:lang":"es"}}}})",
                     number, name);
}

/// A row of MRCONSO.
std::string atom(int number, std::string_view name) {
  return fmt::format("C000000{0}|SPA|P|L{0}|PF|S{0}|Y|A{0}|||{0}|SCTSPA|PT|{0}|{1}|9|N||\n", number,
                     name);
}

std::string rf2_concept(int number) {
  return fmt::format("10{}009\t20020131\t1\t900000000000207008\t0\n", number);
}

std::string rf2_description(int number, std::string_view name) {
  return fmt::format(
      "20{0}018\t20020131\t1\t900000000000207008\t10{0}009\tes\t900000000000013009\t{1}\t0\n",
      number, name);
}

std::string pcs_table(char section, std::string_view name) {
  std::string text = fmt::format(
      "<pcsTable>\n<axis pos=\"1\"><label code=\"{}\">{}</label></axis>\n", section, name);
  for (const int axis : {2, 3}) {
    text += fmt::format("<axis pos=\"{}\"><label code=\"0\">a</label></axis>\n", axis);
  }
  text += "<pcsRow>";
  for (const int axis : {4, 5, 6, 7}) {
    text += fmt::format("<axis pos=\"{}\"><label code=\"0\">b</label></axis>\n", axis);
  }
  return text + "</pcsRow></pcsTable>";
}

std::string disease(int number, std::string_view name) {
  return fmt::format(
      "<record model=\"gnuhealth.pathology\" id=\"A0{0}\"><field name=\"name\">{1}</field>\n"
      "<field name=\"code\">A0{0}</field><field name=\"category\" ref=\"c\"/></record>\n",
      number, name);
}

std::string translation(int number, std::string_view name) {
  return fmt::format(
      "msgctxt \"model:gnuhealth.pathology,name:A0{0}\"\nmsgid \"a{0}\"\nmsgstr \"{1}\"\n\n",
      number, name);
}

constexpr std::string_view kTrytonHead = "<?xml version=\"1.0\"?>\n<tryton><data>\n";
constexpr std::string_view kTrytonTail = "</data></tryton>\n";

/// The categories of a Tryton module, or its diseases.
std::string tryton_file(std::string_view records) {
  return std::string(kTrytonHead).append(records).append(kTrytonTail);
}

const std::string kTrytonCategories = tryton_file(
    "<record model=\"gnuhealth.pathology.category\" id=\"r\"><field name=\"name\">all</field>"
    "</record><record model=\"gnuhealth.pathology.category\" id=\"c\">"
    "<field name=\"name\">(A00-A09) some</field><field name=\"parent\" ref=\"r\"/></record>");

std::vector<Format> formats() {
  const std::string zero = ": expected text, found a zero byte";
  const std::string rf2 = "rf2/sct2_";
  const std::string rf2_end = "_INT_20240131.txt";
  const std::string rf2_descriptions = rf2 + "Description_Snapshot-es" + rf2_end;
  return {
      {"rrf",
       "",
       "",
       {atom(1, "uno"), atom(2, "dos"), atom(3, "tres")},
       "",
       "",
       "META/MRCONSO.RRF:2:47" + zero,
       "META/MRCONSO.RRF",
       {},
       "META/MRCONSO.RRF:2: expected at most 1048576 bytes, found 10000051"},
      {"rf2",
       "",
       std::string(testing_kb::kDescriptionHeader) + "\n",
       {rf2_description(1, "uno"), rf2_description(2, "dos"), rf2_description(3, "tres")},
       "",
       "",
       "2 rf2/sct2_Description_Snapshot-es_INT_20240131.txt:3: byte 68" + zero,
       rf2_descriptions,
       {{rf2 + "Concept_Snapshot" + rf2_end, std::string(testing_kb::kConceptHeader) + "\n" +
                                                 rf2_concept(1) + rf2_concept(2) +
                                                 rf2_concept(3)}}},
      {"icd10pcs tables",
       "",
       "<?xml version=\"1.0\"?>\n<ICD10PCS.tabular>\n",
       {pcs_table('0', "uno"), pcs_table('1', "dos"), pcs_table('2', "tres")},
       "\n",
       "\n</ICD10PCS.tabular>\n",
       "2 x:13: byte 32" + zero},
      {"tryton",
       "",
       std::string(kTrytonHead),
       {disease(1, "uno"), disease(2, "dos"), disease(3, "tres")},
       "",
       std::string(kTrytonTail),
       "2 icd/data/diseases.xml:5: byte 66" + zero,
       "icd/data/diseases.xml",
       {{"icd/data/disease_categories.xml", kTrytonCategories}}},
      {"tryton translations",
       "",
       "msgid \"\"\nmsgstr \"\"\n\"Language: es_ES\\n\"\n\n",
       {translation(1, "uno"), translation(2, "dos"), translation(3, "tres")},
       "",
       "",
       "2 icd/locale/es.po:11: byte 10" + zero,
       "icd/locale/es.po",
       {{"icd/data/disease_categories.xml", kTrytonCategories},
        {"icd/data/diseases.xml",
         tryton_file(disease(1, "a1") + disease(2, "a2") + disease(3, "a3"))}}},
      {"tsv",
       "",
       "",
       {"1\tuno\tes\n", "2\tdos\tes\n", "3\ttres\tes\n"},
       "",
       "",
       "2 x:2: byte 4" + zero},
      {"csv",
       ",columns=code:c;name:n,lang=es",
       "c,n\n",
       {"1,uno\n", "2,dos\n", "3,tres\n"},
       "",
       "",
       "2 x:3: byte 4" + zero},
      {"jsonl",
       ",lang=es",
       "",
       {"{\"concept_id\":\"1\",\"canonical_name\":\"uno\"}\n",
        "{\"concept_id\":\"2\",\"canonical_name\":\"dos\"}\n",
        "{\"concept_id\":\"3\",\"canonical_name\":\"tres\"}\n"},
       "",
       "",
       "2 x:2: byte 38" + zero},
      {"obo",
       ",lang=es",
       "format-version: 1.2\n",
       {"\n[Term]\nid: Z:1\nname: uno\n", "\n[Term]\nid: Z:2\nname: dos\n",
        "\n[Term]\nid: Z:3\nname: tres\n"},
       "",
       "",
       "2 x:9: byte 8" + zero},
      {"babelon",
       "",
       "translation_status\tsubject_id\tpredicate_id\ttranslation_language\ttranslation_value\n",
       {"OFFICIAL\tZ:1\trdfs:label\tes\tuno\n", "OFFICIAL\tZ:2\trdfs:label\tes\tdos\n",
        "OFFICIAL\tZ:3\trdfs:label\tes\ttres\n"},
       "",
       "",
       "2 x:3: byte 29" + zero},
      {"obograph",
       ",lang=es",
       "{\"graphs\":[{\"nodes\":[\n",
       {obograph_node(1, "uno"), obograph_node(2, "dos"), obograph_node(3, "tres")},
       ",\n",
       "\n],\"edges\":[]}]}\n",
       "2 x:3: byte 38" + zero},
      {"mesh",
       "",
       "<?xml version=\"1.0\"?>\n<DescriptorRecordSet LanguageCode='spa'>\n",
       {descriptor(1, "uno"), descriptor(2, "dos"), descriptor(3, "tres")},
       "\n",
       "\n</DescriptorRecordSet>\n",
       "2 x:4: byte 264" + zero},
      {"mesh ascii",
       ",lang=es",
       "",
       {"*NEWRECORD\nRECTYPE = D\nMH = uno\nMN = C01\nUI = D000001\n",
        "*NEWRECORD\nRECTYPE = D\nMH = dos\nMN = C02\nUI = D000002\n",
        "*NEWRECORD\nRECTYPE = D\nMH = tres\nMN = C03\nUI = D000003\n"},
       "\n",
       "",
       "2 x:9: byte 7" + zero},
      {"wikidata",
       "",
       "[\n",
       {item(1, "uno"), item(2, "dos"), item(3, "tres")},
       ",\n",
       "\n]\n",
       "x:3: byte 68" + zero},
      {"sparql",
       "",
       "cui,label,lang\n",
       {"C1,uno,es\n", "C2,dos,es\n", "C3,tres,es\n"},
       "",
       "",
       "2 x:3: byte 5" + zero},
      {"sparql json",
       "",
       "{\"head\":{\"vars\":[\"cui\",\"label\"]},\"results\":{\"bindings\":[\n",
       {binding(1, "uno"), binding(2, "dos"), binding(3, "tres")},
       ",\n",
       "\n]}}\n",
       "2 x:3: byte 42" + zero},
      {"claml",
       "",
       "<?xml version=\"1.0\"?>\n<ClaML version=\"2.0.0\">\n"
       "<Title name=\"X\" version=\"1\">X</Title>\n",
       {claml_class("A", "uno"), claml_class("B", "dos"), claml_class("C", "tres")},
       "\n",
       "\n</ClaML>\n",
       "2 x:5: byte 80" + zero},
      {"icd10cm",
       "",
       "<?xml version=\"1.0\"?>\n<ICD10CM.tabular><chapter><name>1</name><desc>all</desc>\n"
       "<section id=\"A00-A09\"><desc>some</desc>\n",
       {diagnosis("A00", "uno"), diagnosis("A01", "dos"), diagnosis("A02", "tres")},
       "\n",
       "\n</section></chapter></ICD10CM.tabular>\n",
       "2 x:5: byte 30" + zero},
      {"icd10cm order",
       "",
       "",
       {order_row("A00", "uno"), order_row("A01", "dos"), order_row("A02", "tres")},
       "",
       "",
       "2 x:2: byte 79" + zero},
      {"icd10pcs order",
       "",
       "",
       {order_row("0010001", "uno"), order_row("0010002", "dos"), order_row("0010003", "tres")},
       "",
       "",
       "2 x:2: byte 79" + zero},
  };
}

class BadInput : public testing::TestWithParam<Format> {};

TEST_P(BadInput, LineEndsAndAMarkAreNoMatter) {
  const Format& format = GetParam();
  const Reading good({format.spec(format.text())});
  ASSERT_GE(good.names().size(), 3U);
  EXPECT_EQ(good.report().rows.bad, 0U) << complaint(good.report());
  std::string other = "\xEF\xBB\xBF";
  for (const char c : format.text()) other += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const Reading read({format.spec(other)});
  EXPECT_EQ(read.names(), good.names());
  EXPECT_EQ(read.edges(), good.edges());
  EXPECT_EQ(read.types(), good.types());
  EXPECT_EQ(read.report().rows.bad, 0U) << complaint(read.report());
}

TEST_P(BadInput, AZeroByteIsToldWithItsPlace) {
  const Format& format = GetParam();
  const std::string spec = format.spec(format.text_with({"d\0s", 3}));
  std::string told = failure(spec);
  if (told == "read") {
    const Reading read({spec});
    told = complaint(read.report());
    for (const std::string& name : read.names()) EXPECT_EQ(name.find('\0'), std::string::npos);
  }
  EXPECT_EQ(told, format.at_zero);
}

TEST(BadJson, AZeroByteWrittenAsAnEscapeCostsItsRecord) {
  for (const Format& format : formats()) {
    if (!format.text().starts_with('{') && format.name != "wikidata") continue;
    SCOPED_TRACE(format.name);
    const std::string spec = format.spec(format.text_with("\\\\d\\u0000s"));
    const Reading read({spec});
    EXPECT_EQ(read.names().size(), 2U);
    EXPECT_EQ(read.report().rows.bad, 1U);
    EXPECT_TRUE(complaint(read.report()).ends_with(": expected text, found an escaped zero byte"));
    const Reading escaped({format.spec(format.text_with("\\\\u0000"))});
    EXPECT_EQ(escaped.report().rows.bad, 0U) << "a backslash and u0000";
  }
}

TEST(BadJson, AFaultInAStringIsToldWithItsLine) {
  const std::string fault = "2 x:2: expected JSON, found a fault: ";
  const auto told = [](std::string_view text) {
    return failure("obograph=" + written("x", text).string() + ",lang=es");
  };
  EXPECT_TRUE(told("{\"graphs\":\n[{\"nodes\":[{\"lbl\":\"a\001\"}]}]}\n").starts_with(fault));
  EXPECT_TRUE(told("{\"graphs\":\n[{\"nodes\":[{\"lbl\":\"a\\\"}]}]}").starts_with(fault));
}

TEST_P(BadInput, ANameOfTenMegabytesCostsNoOtherName) {
  const Format& format = GetParam();
  const Lines good = Reading({format.spec(format.text())}).names();
  const Reading read({format.spec(format.text_with(std::string(10'000'000, 'q')))});
  const Lines names = read.names();
  for (const std::string& name : good) {
    if (name.find("|dos|") != std::string::npos) continue;
    EXPECT_NE(std::ranges::find(names, name), names.end()) << name;
  }
  // Kept whole or refused, never cut.
  std::ptrdiff_t letters = 0;
  for (const std::string& name : names) letters += std::ranges::count(name, 'q');
  EXPECT_EQ(letters, format.at_long.empty() ? 10'000'000 : 0);
  EXPECT_EQ(read.report().rows.bad == 0 ? "" : complaint(read.report()), format.at_long);
}

TEST_P(BadInput, ARecordGivenTwiceIsTakenOnce) {
  const Format& format = GetParam();
  const Reading good({format.spec(format.text())});
  Lines records = format.records;
  records.push_back(records[1]);
  const Reading read({format.spec(format.text(records))});
  EXPECT_EQ(read.names(), good.names());
  EXPECT_EQ(read.edges(), good.edges());
  EXPECT_EQ(read.types(), good.types());
  EXPECT_GE(read.report().duplicates + read.report().rows.bad, 1U);
}

std::string as_identifier(const testing::TestParamInfo<Format>& format) {
  std::string name = format.param.name;
  std::ranges::replace(name, ' ', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Of, BadInput, testing::ValuesIn(formats()), as_identifier);

// Concepts A, B, …, each below the one of `parents` in its place.

std::string jsonl_tree(const Lines& parents) {
  std::string text;
  for (std::size_t i = 0; i < parents.size(); ++i) {
    text += fmt::format(R"({{"code":"{0}","names":[{{"text":"{0}"}}],"parents":["{1}"]}})",
                        char('A' + i), parents[i]) +
            "\n";
  }
  return text;
}

std::string obo_tree(const Lines& parents) {
  std::string text = "format-version: 1.2\n";
  for (std::size_t i = 0; i < parents.size(); ++i) {
    text += fmt::format("[Term]\nid: {0}\nname: {0}\nis_a: {1}\n", char('A' + i), parents[i]);
  }
  return text;
}

std::string obograph_tree(const Lines& parents) {
  std::string nodes, edges;
  for (std::size_t i = 0; i < parents.size(); ++i) {
    const char* comma = i == 0 ? "" : ",";
    nodes += fmt::format(R"({0}{{"id":"{1}","type":"CLASS","lbl":"{1}"}})", comma, char('A' + i));
    edges += fmt::format(R"({}{{"sub":"{}","pred":"is_a","obj":"{}"}})", comma, char('A' + i),
                         parents[i]);
  }
  return "{\"graphs\":[{\"nodes\":[" + nodes + "],\"edges\":[" + edges + "]}]}";
}

std::string claml_tree(const Lines& parents) {
  std::string text = "<ClaML version=\"2.0.0\"><Title name=\"X\" version=\"1\">X</Title>";
  for (std::size_t i = 0; i < parents.size(); ++i) {
    text += fmt::format(
        "<Class code=\"{0}\" kind=\"category\"><SuperClass code=\"{1}\"/>"
        "<Rubric kind=\"preferred\"><Label xml:lang=\"en\">{0}</Label></Rubric></Class>",
        char('A' + i), parents[i]);
  }
  return text + "</ClaML>";
}

std::string csv_tree(const Lines& parents) {
  std::string text = "c,n,p\n";
  for (std::size_t i = 0; i < parents.size(); ++i) {
    text += fmt::format("{0},{0},{1}\n", char('A' + i), parents[i]);
  }
  return text;
}

TEST(BadParents, AreDroppedByEveryReaderThatReadsParents) {
  const std::pair<std::string, std::string (*)(const Lines&)> trees[] = {
      {"jsonl", jsonl_tree}, {"obo", obo_tree}, {"obograph", obograph_tree},
      {"claml", claml_tree}, {"csv", csv_tree},
  };
  for (const auto& [kind, tree] : trees) {
    SCOPED_TRACE(kind);
    const auto read = [&, kind = kind, tree = tree](const Lines& parents) {
      return Reading({kind + "=" + written("x", tree(parents)).string() +
                      (kind == "csv" ? ",columns=code:c;name:n;parent:p,lang=en" : "")});
    };
    const Reading missing = read({"Z", "A", "B"});
    EXPECT_EQ(missing.edges(), (Lines{"B<A", "C<B"}));
    EXPECT_EQ(missing.report().unnamed_edges, 1U);
    EXPECT_EQ(complaint(missing.report()), "x: expected is-a of concepts with names, found A > Z");
    const Reading self = read({"Z", "B", "B"});
    EXPECT_EQ(self.edges(), (Lines{"C<B"}));
    EXPECT_EQ(self.report().cyclic_edges, 1U);
    EXPECT_EQ(complaint(self.report()), "x: expected is-a without cycles, found B > B");
    EXPECT_EQ(complaint(self.report(), 1), "x: expected is-a of concepts with names, found A > Z");
    const Reading cycle = read({"B", "C", "A"});
    EXPECT_EQ(cycle.edges(), (Lines{"A<B", "B<C"}));
    EXPECT_EQ(cycle.report().cyclic_edges, 1U);
    EXPECT_EQ(complaint(cycle.report()), "x: expected is-a without cycles, found A > B > C > A");
  }
}

TEST(BadParents, OfWhichAFewAreShown) {
  const Reading read({"jsonl=" + written("x", jsonl_tree(Lines(9, "Z"))).string()});
  EXPECT_EQ(read.report().unnamed_edges, 9U);
  EXPECT_EQ(read.report().rows.complaints.size(), 3U);
  EXPECT_EQ(complaint(read.report(), 2), "x: expected is-a of concepts with names, found C > Z");
}

}  // namespace
}  // namespace enlace
