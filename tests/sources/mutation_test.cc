// Any bytes are read or refused with an Error, never more than that: seeded damage to good files.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "kb/concepts_writer.h"
#include "kb/knowledge_base.h"
#include "sources/reading.h"

namespace enlace {
namespace {

using testing_kb::Reading;
using testing_kb::scratch;
using testing_kb::written;

constexpr std::string_view kTsv = "1\tfever\ten\tS\tT\n1\tfiebre\tes\n2\ttos\tes\tS\n";
constexpr std::string_view kJsonl =
    "{\"code\":\"A\",\"names\":[{\"text\":\"a\",\"language\":\"es\"}],\"parents\":[\"B\"]}\n"
    "{\"concept_id\":\"B\",\"canonical_name\":\"b\",\"aliases\":[\"c\"],\"types\":[\"t\"],"
    "\"definition\":\"d\",\"replaced_by\":\"A\"}\n";
constexpr std::string_view kObo =
    "format-version: 1.2\n[Term]\nid: Z:1\nname: a {x=\"1\"} ! c\nsynonym: \"b\\\"\" EXACT [X:1]\n"
    "xref: Y_2015_03_01:1\nis_a: Z:2 ! b\nalt_id: Z:9\ndef: \"d\" []\n[Term]\nid: Z:2\nname: "
    "b\nis_a: Z:1\n";
constexpr std::string_view kBabelon =
    "subject_id\ttranslation_value\tcomment\nID\tAL x@fr SPLIT=|\t\nZ:1\ta|b\tOFFICIAL\n";
constexpr std::string_view kSssom =
    "# license: x\nsubject_id\tpredicate_id\tobject_id\tconfidence\n"
    "1\tskos:exactMatch\tX:2\t0.5\nX:2\tskos:exactMatch\t3\t\n";
constexpr std::string_view kObograph =
    "{\"graphs\":[{\"nodes\":[{\"id\":\"x/Z_1\",\"type\":\"CLASS\",\"lbl\":\"a\",\"meta\":"
    "{\"synonyms\":[{\"pred\":\"hasExactSynonym\",\"val\":\"b\"}],\"xrefs\":[{\"val\":\"Y:1\"}]}}],"
    "\"edges\":[{\"sub\":\"x/Z_1\",\"pred\":\"is_a\",\"obj\":\"x/Z_1\"}]}]}";
constexpr std::string_view kCsv = "c,n,p\n1,\"a \"\"b\"\",\n2,\"c\nd\",1|2\n";
constexpr std::string_view kMesh =
    "<!DOCTYPE x SYSTEM 'y'><DescriptorRecordSet LanguageCode='eng'><DescriptorRecord>"
    "<DescriptorUI>D1</DescriptorUI><TreeNumberList><TreeNumber>C1.1</TreeNumber></TreeNumberList>"
    "<ConceptList><Concept PreferredConceptYN='Y'><ConceptUI>M1</ConceptUI><TermList><Term>"
    "<String>a &amp; b</String></Term></TermList></Concept></ConceptList></DescriptorRecord>"
    "</DescriptorRecordSet>";
constexpr std::string_view kMeshAscii =
    "*NEWRECORD\nRECTYPE = D\nMH = a\nENTRY = b|EQV|ad\nMN = C1.1\nUI = D1\n";
constexpr std::string_view kWikidata =
    "[\n{\"type\":\"item\",\"id\":\"Q1\",\"labels\":{\"es\":{\"value\":\"a\"}},\"aliases\":{\"es\":"
    "[{\"value\":\"b\"}]},\"claims\":{\"P2892\":[{\"mainsnak\":{\"snaktype\":\"value\","
    "\"datavalue\":"
    "{\"value\":\"C0000001\"}},\"rank\":\"normal\"}]}},\n]\n";
constexpr std::string_view kSparql =
    "{\"head\":{\"vars\":[\"id\",\"label\"]},\"results\":{\"bindings\":[{\"id\":{\"value\":\"C1\"},"
    "\"label\":{\"value\":\"a\",\"xml:lang\":\"en\"}}]}}";
constexpr std::string_view kXml =
    "<?xml version=\"1.0\"?><!-- c --><tryton><data>\n"
    "<record model=\"gnuhealth.pathology\" id=\"A\"><field name=\"name\">a &amp; &#98;</field>"
    "<field name=\"code\"><![CDATA[A00]]></field><field name=\"category\" ref=\"c\"/></record>\n"
    "<record model=\"gnuhealth.pathology.category\" id=\"c\">"
    "<field name=\"name\">(A00-A09) c</field><field name=\"parent\" ref=\"c\"/></record>\n"
    "</data></tryton>\n";
constexpr std::string_view kPo =
    "#, fuzzy\nmsgctxt \"c\"\nmsgid \"x\"\nmsgstr \"\"\n\"y\\n\"\n\n"
    "msgctxt \"model:gnuhealth.pathology,name:A\"\nmsgid \"a & b\"\nmsgstr \"a y b\"\n";

/// One to four bytes changed, put in or taken out.
std::string damaged(std::string_view good, Random& random) {
  constexpr std::string_view kTelling("\0\t\n\r\"'\\<>&;[]{}()=#!|: a\x80\xC3\xFF", 27);
  std::string bytes(good);
  for (std::uint64_t n = 1 + random.below(4); n > 0 && !bytes.empty(); --n) {
    const std::size_t at = random.below(bytes.size());
    const char c = kTelling[random.below(kTelling.size())];
    switch (random.below(3)) {
      case 0: bytes[at] = c; break;
      case 1: bytes.insert(at, 1, c); break;
      default: bytes.erase(at, 1 + random.below(8));
    }
  }
  return bytes;
}

/// Reads, writes and opens; an Error is as good an end as success.
void build(const std::string& spec) {
  try {
    const Reading read({spec});
    const auto path = scratch("concepts.enlace");
    write_concepts(read.draft, path);
    KnowledgeBase::open(path).verify();
  } catch (const Error& error) {
    EXPECT_NE(error.kind(), ErrorKind::kInternal);
  }
}

TEST(Damage, OfTablesAndOntologiesIsReadOrRefused) {
  Random random(7);
  const std::vector<std::pair<std::string, std::string_view>> files{
      {"tsv", kTsv},           {"jsonl", kJsonl},       {"obo", kObo},   {"babelon", kBabelon},
      {"sssom", kSssom},       {"obograph", kObograph}, {"mesh", kMesh}, {"mesh", kMeshAscii},
      {"wikidata", kWikidata}, {"sparql", kSparql}};
  for (int round = 0; round < 100; ++round) {
    for (const auto& [kind, good] : files) {
      build(kind + "=" + written("file", damaged(good, random)).string());
    }
    build("csv=" + written("file", damaged(kCsv, random)).string() +
          ",columns=code:c;name:n;parent:p,lang=en");
  }
}

TEST(Damage, OfTrytonModulesIsReadOrRefused) {
  Random random(8);
  for (int round = 0; round < 100; ++round) {
    written("icd/data/disease_categories.xml", round % 3 == 0 ? damaged(kXml, random) : kXml);
    written("icd/data/diseases.xml", round % 3 == 1 ? damaged(kXml, random) : kXml);
    const auto po = written("icd/locale/es.po", round % 3 == 2 ? damaged(kPo, random) : kPo);
    build("tryton=" + po.parent_path().parent_path().string());
  }
}

TEST(Damage, OfUmlsReleasesIsReadOrRefused) {
  const std::pair<std::string_view, std::string_view> tables[] = {
      {"MRCONSO",
       "C0000001|ENG|P|L1|PF|S1|Y|A1|||D1|MSH|PT|D1|fever|0|N||\n"
       "C0000001|SPA|P|L2|PF|S2|Y|A2|||D1|MSHSPA|PT|D1|fiebre|3|N||\n"
       "C0000002|ENG|S|L3|VO|S3|N|A3|||D2|SNOMEDCT_US|PT|2|finding|9|N||\n"},
      {"MRHIER", "C0000001|A1|1|A3|SNOMEDCT_US|isa|A3|||\nC0000002|A3|1||SNOMEDCT_US|||||\n"},
      {"MRREL", "C0000001|A1|AUI|RB|C0000002|A3|AUI|has_tradename|R1||X|X|||N||\n"},
      {"MRSTY", "C0000001|T184|A2|Sign|AT1||\nC0000002|T033|A2|Finding|AT2||\n"},
      {"MRDEF", "C0000001|A1|AT1||NCI|Hot.|N||\n"},
      {"MRCUI", "C0000009|2015AB|SY|||C0000001|Y|\nC0000008|2015AB|DEL|||||\n"},
      {"MRSAB", "||MSH|MSH||||||||||0||||||ENG||Y||||\n"},
      {"MRRANK", "0400|MSH|PT|N|\n"},
      {"MRFILES", "MRSTY.RRF|T|CUI,TUI,STN,STY,ATUI,CVF|6|2|60|\n"}};
  Random random(9);
  for (int round = 0; round < 40; ++round) {
    for (const auto& [damaged_table, unused] : tables) {
      std::filesystem::path folder;
      for (const auto& [table, good] : tables) {
        folder = written("META/" + std::string(table) + ".RRF",
                         table == damaged_table ? damaged(good, random) : std::string(good))
                     .parent_path();
      }
      build("rrf=" + folder.string() + ",tradenames=yes,definitions=yes,hier=all");
      build("rrf=" + folder.string() + ",code=source,sab=MSH,sty=T184,retired=any");
    }
  }
}

}  // namespace
}  // namespace enlace
