#include <string>

#include <gtest/gtest.h>

#include "sources/reading.h"

namespace enlace {
namespace {

using testing_kb::complaint;
using testing_kb::failure;
using testing_kb::gzipped;
using testing_kb::Lines;
using testing_kb::Reading;
using testing_kb::written;

constexpr std::string_view kDescriptors = R"(<?xml version="1.0"?>
<!DOCTYPE DescriptorRecordSet SYSTEM "https://example.org/desc.dtd">
<DescriptorRecordSet LanguageCode = "eng">
<DescriptorRecord DescriptorClass = "1">
 <DescriptorUI>D1</DescriptorUI>
 <DescriptorName><String>Fever</String></DescriptorName>
 <AllowableQualifiersList><AllowableQualifier><QualifierReferredTo>
  <QualifierUI>Q9</QualifierUI></QualifierReferredTo></AllowableQualifier></AllowableQualifiersList>
 <TreeNumberList><TreeNumber>C23.888.1</TreeNumber><TreeNumber>E01.5</TreeNumber></TreeNumberList>
 <ConceptList>
  <Concept PreferredConceptYN="Y"><ConceptUI>M1</ConceptUI>
   <ConceptName><String>Fever</String></ConceptName>
   <ScopeNote>A body
that is &lt;too&gt; warm.
</ScopeNote>
   <SemanticTypeList><SemanticType><SemanticTypeUI>T184</SemanticTypeUI>
    <SemanticTypeName>Sign</SemanticTypeName></SemanticType></SemanticTypeList>
   <ConceptRelationList>
    <ConceptRelation RelationName="NRW"><Concept1UI>M1</Concept1UI><Concept2UI>M2</Concept2UI></ConceptRelation>
    <ConceptRelation RelationName="NRW"><Concept1UI>M4</Concept1UI><Concept2UI>M1</Concept2UI></ConceptRelation>
   </ConceptRelationList>
   <TermList>
    <Term ConceptPreferredTermYN="N" IsPermutedTermYN="N" RecordPreferredTermYN="N"><TermUI>T2</TermUI><String>Pyrexia</String></Term>
    <Term ConceptPreferredTermYN="Y" IsPermutedTermYN="N" RecordPreferredTermYN="Y"><TermUI>T1</TermUI><String>Fever</String></Term>
    <Term ConceptPreferredTermYN="N" IsPermutedTermYN="Y" RecordPreferredTermYN="N"><TermUI>T2</TermUI><String>Body, Warm</String></Term>
   </TermList></Concept>
  <Concept PreferredConceptYN="N"><ConceptUI>M2</ConceptUI><ScopeNote>other</ScopeNote>
   <TermList><Term ConceptPreferredTermYN="Y" IsPermutedTermYN="N"><String>Night Fever</String></Term></TermList></Concept>
  <Concept PreferredConceptYN="N"><ConceptUI>M3</ConceptUI>
   <TermList><Term ConceptPreferredTermYN="Y" IsPermutedTermYN="N"><String>Chill</String></Term></TermList></Concept>
  <Concept PreferredConceptYN="N"><ConceptUI>M4</ConceptUI>
   <TermList><Term ConceptPreferredTermYN="Y" IsPermutedTermYN="N"><String>Temperature</String></Term></TermList></Concept>
 </ConceptList>
</DescriptorRecord>
<DescriptorRecord><DescriptorUI>D2</DescriptorUI>
 <TreeNumberList><TreeNumber>C23.888</TreeNumber></TreeNumberList>
 <ConceptList><Concept PreferredConceptYN="Y"><ConceptUI>M9</ConceptUI>
  <TermList><Term ConceptPreferredTermYN="Y" IsPermutedTermYN="N"><String>Signs</String></Term></TermList></Concept></ConceptList>
</DescriptorRecord>
</DescriptorRecordSet>
)";

constexpr std::string_view kSupplement = R"(<SupplementalRecordSet>
<SupplementalRecord SCRClass="1"><SupplementalRecordUI>C000001</SupplementalRecordUI>
 <SupplementalRecordName><String>heat drug</String></SupplementalRecordName>
 <HeadingMappedToList><HeadingMappedTo><DescriptorReferredTo><DescriptorUI>*D2</DescriptorUI>
  <DescriptorName><String>Signs</String></DescriptorName></DescriptorReferredTo></HeadingMappedTo></HeadingMappedToList>
 <ConceptList><Concept PreferredConceptYN="Y"><ConceptUI>M7</ConceptUI>
  <TermList><Term ConceptPreferredTermYN="Y" IsPermutedTermYN="N"><String>heat drug</String></Term></TermList></Concept></ConceptList>
</SupplementalRecord></SupplementalRecordSet>)";

constexpr std::string_view kAscii =
    "*NEWRECORD\nRECTYPE = D\nMH = Fever\nAQ = BL CF\n"
    "PRINT ENTRY = Night Fever|T184|NON|NRW|UNK (19XX)|010101|abcdef\n"
    "ENTRY = Pyrexia\nENTRY = Heat|T184|REL|NLM (1990)|abdf\nENTRY = Warmth|EQV|ad\n"
    "ENTRY = Temperature|BRD|ad\nMN = C23.888.1\nMS = Too = warm.\nST = T184\nUI = D1\n\n"
    "*NEWRECORD\nRECTYPE = D\nMH = Signs\nMN = C23.888\nUI = D2\n\n"
    "*NEWRECORD\nRECTYPE = Q\nSH = blood\nUI = Q1\n\n"
    "*NEWRECORD\nRECTYPE = C\nNM = heat drug\nSY = hd|NLM|ab\nNO = a drug\nUI = C000001\n";

std::string mesh(std::string_view content) {
  return "mesh=" + written("x", content).string();
}

TEST(ReadMesh, TakesDescriptorsWithTermsByConceptAndTheirTree) {
  const Reading read({mesh(kDescriptors)});
  EXPECT_EQ(read.names(), (Lines{"D1|Pyrexia|en|MeSH|exact", "D1|Fever|en|MeSH|preferred",
                                 "D1|Body, Warm|en|MeSH|exact", "D1|Night Fever|en|MeSH|narrow",
                                 "D1|Chill|en|MeSH|related", "D1|Temperature|en|MeSH|broad",
                                 "D2|Signs|en|MeSH|preferred"}));
  EXPECT_EQ(read.origins(), (Lines{"ET|", "MH|", "PM|", "ET|", "ET|", "ET|", "MH|"}));
  EXPECT_EQ(read.edges(), (Lines{"D1<D2"}));
  EXPECT_EQ(read.types(), (Lines{"D1:T184"}));
  EXPECT_EQ(read.definitions(), (Lines{"D1|en|A body\nthat is <too> warm."}));
  EXPECT_EQ(read.report().rows.rows, 2U);
  EXPECT_EQ(read.report().left_out, (ReasonCounts{{"tree number below none", 2}}));
}

TEST(ReadMesh, PutsSupplementaryRecordsBelowTheirHeadings) {
  const auto supplement = written("supp.xml", kSupplement);
  const Reading read({mesh(kDescriptors), "mesh=" + supplement.string() + ",lang=es,type=drug"});
  EXPECT_EQ(read.names().back(), "C000001|heat drug|es|MeSH|preferred");
  EXPECT_EQ(read.origins().back(), "NM|");
  EXPECT_EQ(read.edges(), (Lines{"C000001<D2", "D1<D2"}));
  EXPECT_EQ(read.types().back(), "C000001:drug");
}

TEST(ReadMesh, ReadsAscii) {
  const Reading read({mesh(kAscii)});
  EXPECT_EQ(read.names(),
            (Lines{"D1|Fever|en|MeSH|preferred", "D1|Night Fever|en|MeSH|narrow",
                   "D1|Pyrexia|en|MeSH|exact", "D1|Heat|en|MeSH|related", "D1|Warmth|en|MeSH|exact",
                   "D1|Temperature|en|MeSH|broad", "D2|Signs|en|MeSH|preferred",
                   "C000001|heat drug|en|MeSH|preferred", "C000001|hd|en|MeSH|exact"}));
  EXPECT_EQ(read.edges(), (Lines{"D1<D2"}));
  EXPECT_EQ(read.types(), (Lines{"D1:T184"}));
  EXPECT_EQ(read.definitions(), (Lines{"D1|en|Too = warm.", "C000001|en|a drug"}));
  EXPECT_EQ(read.report().left_out, (ReasonCounts{{"neither descriptor nor supplementary", 1},
                                                  {"tree number below none", 1}}));
}

TEST(ReadMesh, ReadsGzipMarksAndCarriageReturns) {
  std::string text(kAscii);
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 2)) {
    text.replace(at, 1, "\r\n");
  }
  const auto path = gzipped("x.gz", "\xEF\xBB\xBF" + text);
  EXPECT_EQ(Reading({"mesh=" + path.string()}).names(), Reading({mesh(kAscii)}).names());
}

TEST(ReadMesh, RefusesBadRecordsAloneAndReadsOn) {
  const Reading read(
      {mesh("*NEWRECORD\nRECTYPE = D\nMH = Fever\n*NEWRECORD\nRECTYPE = D\nUI = D2\n"
            "*NEWRECORD\nRECTYPE = D\nMH = a\nUI = D3\nMN = C1\nno sign\n"
            "*NEWRECORD\nRECTYPE = D\nMH = b\nMN = C1\nUI = D4\n"
            "*NEWRECORD\nRECTYPE = D\nMH = a\nUI = D3\n"
            "*NEWRECORD\nRECTYPE = D\nUI = D5\nMH = " +
            std::string(10'000'000, 'x') + "\n")});
  EXPECT_EQ(read.report().names, 3U);
  EXPECT_EQ(read.report().duplicates, 1U);
  EXPECT_EQ(complaint(read.report(), 0), "x:1: expected the record to have a code, found none");
  EXPECT_EQ(complaint(read.report(), 1), "x:4: expected the record to have a term, found none");
  EXPECT_EQ(complaint(read.report(), 2), "x:12:1: expected a field and =, found another line");
  EXPECT_EQ(complaint(read.report(), 3), "x:13: expected a tree number once, found it again");
}

/// A DescriptorRecord in XML with the elements `inside` and one preferred term; without a term if
/// that is empty.
std::string descriptor(std::string_view inside, std::string_view term) {
  const std::string terms = term.empty() ? ""
                                         : "<Term ConceptPreferredTermYN='Y'><String>" +
                                               std::string(term) + "</String></Term>";
  return fmt::format(
      "<DescriptorRecord>{}<ConceptList><Concept PreferredConceptYN='Y'><TermList>{}</TermList>"
      "</Concept></ConceptList></DescriptorRecord>\n",
      inside, terms);
}

std::string descriptors(const Lines& records) {
  std::string text = "<DescriptorRecordSet>\n";
  for (const auto& record : records) text += record;
  return mesh(text + "</DescriptorRecordSet>");
}

TEST(ReadMesh, RefusesBadRecordsOfXmlAlone) {
  const Reading read({descriptors({
      descriptor("", "Fever"),
      " " + descriptor("<DescriptorUI>D2</DescriptorUI>", ""),
      descriptor("<DescriptorUI>D3</DescriptorUI>", " "),
      descriptor("<DescriptorUI>D4</DescriptorUI>", "Cough"),
  })});
  EXPECT_EQ(read.names(), (Lines{"D4|Cough|en|MeSH|preferred"}));
  EXPECT_EQ(read.report().rows.rows, 4U);
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"no code", 1}, {"no name", 2}}));
  EXPECT_EQ(complaint(read.report(), 0), "x:2:1: expected the record to have a code, found none");
  EXPECT_EQ(complaint(read.report(), 1), "x:3:2: expected the record to have a term, found none");
  EXPECT_EQ(complaint(read.report(), 2), "x:4:1: expected the record to have a term, found none");
}

TEST(ReadMesh, ATreeNumberUsedTwiceStaysWithTheFirstRecord) {
  const auto at = [](std::string_view code, std::string_view number) {
    return fmt::format(
        "<DescriptorUI>{}</DescriptorUI><TreeNumberList><TreeNumber>{}</TreeNumber>"
        "</TreeNumberList>",
        code, number);
  };
  const Reading read(
      {descriptors({descriptor(at("D1", "C1"), "one"), descriptor(at("D2", "C1"), "two"),
                    descriptor(at("D3", "C1.2"), "three")})});
  EXPECT_EQ(read.names().size(), 3U);
  EXPECT_EQ(read.edges(), (Lines{"D3<D1"}));
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"tree number twice", 1}}));
  EXPECT_EQ(complaint(read.report()), "x:3:1: expected a tree number once, found it again");
}

TEST(ReadMesh, RecordsOfOneCodeAreOneConcept) {
  const Reading read({descriptors({descriptor("<DescriptorUI>D1</DescriptorUI>", "Fever"),
                                   descriptor("<DescriptorUI>D1</DescriptorUI>", "Pyrexia")})});
  EXPECT_EQ(read.names(), (Lines{"D1|Fever|en|MeSH|preferred", "D1|Pyrexia|en|MeSH|preferred"}));
  EXPECT_EQ(read.report().new_concepts, 1U);
  EXPECT_EQ(read.report().rows.bad, 0U);
}

TEST(ReadMesh, DropsCyclesAndHeadingsThatAreNotThere) {
  const Reading read(
      {mesh("*NEWRECORD\nRECTYPE = D\nMH = a\nMN = C1\nMN = C2.1\nUI = D1\n"
            "*NEWRECORD\nRECTYPE = D\nMH = b\nMN = C2\nMN = C1.1\nMN = C2.2\nUI = D2\n")});
  EXPECT_EQ(read.edges(), (Lines{"D1<D2"}));
  EXPECT_EQ(complaint(read.report(), 0), "x: expected is-a without cycles, found D1 > D2 > D1");
  EXPECT_EQ(complaint(read.report(), 1), "x: expected is-a without cycles, found D2 > D2");
  EXPECT_EQ(complaint(Reading({mesh(kSupplement)}).report()),
            "x: expected is-a of concepts with names, found C000001 > D2");
}

TEST(ReadMesh, RefusesALanguageThatIsNone) {
  std::string text(kDescriptors);
  text.replace(text.find("eng"), 3, "english");
  EXPECT_EQ(failure(mesh(text)),
            "2 x:3:1: expected a LanguageCode that is known, found another; say lang");
  EXPECT_EQ(Reading({mesh(text) + ",lang=en"}).names().size(), 7U);
}

TEST(ReadMesh, StopsWhereNothingSensibleCanFollow) {
  EXPECT_EQ(failure(mesh("")), "0 x: expected at least one name, found none in 0 rows");
  EXPECT_EQ(failure(mesh("D000001\n")), "2 x:1: expected XML or *NEWRECORD, found another line");
  EXPECT_EQ(
      failure(mesh("<a/>")),
      "2 x:1:1: expected the element DescriptorRecordSet or SupplementalRecordSet, found another");
  EXPECT_EQ(failure(mesh("<DescriptorRecordSet><x/></DescriptorRecordSet>")),
            "2 x:1:22: expected the element DescriptorRecord, found another");
  EXPECT_EQ(failure(mesh("<!DOCTYPE x [<!ENTITY y 'z'>]><DescriptorRecordSet/>")),
            "2 x:1:13: expected a document type without declarations of its own, found something "
            "else");
  EXPECT_EQ(failure(mesh("<!DOCTYPE x SYSTEM 'y>")),
            "2 x:1:21: expected a closing quote, found something else");
  EXPECT_EQ(failure(mesh("*NEWRECORD\nMH = \xFF\n")),
            "2 x:2:6: expected UTF-8, found another byte");
  EXPECT_EQ(failure(mesh(std::string_view("\0\0\0", 3))).substr(0, 2), "2 ");
}

TEST(ReadMesh, RefusesEveryTruncationOfXml) {
  const std::size_t end = kDescriptors.find("</DescriptorRecordSet>") + 21;
  for (std::size_t size = 1; size < end; size += 7) {
    ASSERT_EQ(failure(mesh(kDescriptors.substr(0, size))).substr(0, 2), "2 ") << size;
  }
}

}  // namespace
}  // namespace enlace
