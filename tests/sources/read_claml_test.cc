#include <string>

#include <gtest/gtest.h>

#include "sources/reading.h"

namespace enlace {
namespace {

using testing_kb::complaint;
using testing_kb::failure;
using testing_kb::Lines;
using testing_kb::Reading;
using testing_kb::written;

constexpr std::string_view kHead =
    "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!DOCTYPE ClaML SYSTEM \"ClaML.dtd\">\n"
    "<ClaML version=\"2.0.0\">\n<Title name=\"ICD-10-XX\" version=\"2024\">Itches</Title>\n";

/// In the manner of the ICD-10 of the WHO.
constexpr std::string_view kWho = R"(
<ClassKinds><ClassKind name="chapter"/><ClassKind name="block"/></ClassKinds>
<Class code="I" kind="chapter"><SubClass code="A00-A09"/>
  <Rubric kind="preferred"><Label xml:lang="en">Itches and aches</Label></Rubric>
  <Rubric kind="exclusion"><Label xml:lang="en">pains</Label></Rubric></Class>
<Class code="A00-A09" kind="block"><SuperClass code="I"/><SubClass code="A00"/>
  <Rubric kind="preferred"><Label xml:lang="en">Itches</Label></Rubric></Class>
<Class code="A00" kind="category" usage="dagger"><SuperClass code="A00-A09"/>
  <SubClass code="A00.0"/>
  <Rubric kind="preferred">
    <Label xml:lang="en" xml:space="default">Itch of <Term class="italics">ear</Term>s
      (<Reference class="in brackets" usage="aster">G01*</Reference>)</Label></Rubric>
  <Rubric kind="preferredLong"><Label xml:lang="en">Itch of both ears</Label></Rubric>
  <Rubric kind="inclusion"><Label xml:lang="en"><Fragment type="list">Itching ear,</Fragment>
    <Fragment type="list">left &amp; right (outer)</Fragment></Label></Rubric>
  <Rubric kind="definition"><Label xml:lang="en"><Para>It</Para><Para>itches.</Para></Label></Rubric>
</Class>
<Class code="A00.0" kind="category"><SuperClass code="A00"/>
  <Rubric kind="preferred"><Label xml:lang="en">Mild <Reference>B00</Reference>, of ear</Label>
  </Rubric></Class>
</ClaML>
)";

std::string file(std::string_view body, std::string_view name = "icd.xml") {
  return "claml=" + written(name, std::string(kHead) + std::string(body)).string();
}

TEST(ReadClaml, TakesClassesRubricsAndHierarchy) {
  const Reading read({file(kWho)});
  EXPECT_EQ(
      read.names(),
      (Lines{"I|Itches and aches|en|ICD-10-XX|preferred", "A00-A09|Itches|en|ICD-10-XX|preferred",
             "A00|Itch of ears|en|ICD-10-XX|preferred", "A00|Itch of both ears|en|ICD-10-XX|exact",
             "A00|Itching ear, left & right (outer)|en|ICD-10-XX|exact",
             "A00.0|Mild, of ear|en|ICD-10-XX|preferred"}));
  EXPECT_EQ(read.origins()[3], "preferredLong|");
  EXPECT_EQ(read.edges(), (Lines{"A00<A00-A09", "A00-A09<I", "A00.0<A00"}));
  EXPECT_EQ(read.types(),
            (Lines{"A00-A09:Itches and aches", "A00:Itches and aches", "A00.0:Itches and aches"}));
  EXPECT_EQ(read.definitions(), (Lines{"A00|en|It itches."}));
  EXPECT_EQ(read.report().left_out.at("rubric exclusion"), 1U);
  EXPECT_EQ(read.report().rows.bad, 0U);
}

/// In the manner of ICD-10-GM: two modifiers, one after the other.
constexpr std::string_view kGerman = R"(
<ModifierClass modifier="S_5" code="0"><SuperClass code="S_5"/>
  <Meta name="excludeOnPrecedingModifier" value="S_4 .1"/>
  <Rubric kind="preferred"><Label xml:lang="de">Leicht</Label></Rubric></ModifierClass>
<ModifierClass modifier="S_5" code="1"><SuperClass code="S_5"/>
  <Rubric kind="preferred"><Label xml:lang="de">Schwer</Label></Rubric></ModifierClass>
<ModifierClass modifier="S_4" code=".0"><SuperClass code="S_4"/>
  <Rubric kind="preferred"><Label xml:lang="de">Mit Rötung</Label></Rubric></ModifierClass>
<ModifierClass modifier="S_4" code=".1"><SuperClass code="S_4"/>
  <Rubric kind="preferred"><Label xml:lang="de">Ohne Rötung</Label></Rubric></ModifierClass>
<ModifierClass modifier="S_4" code=".2"><SuperClass code="S_4"/>
  <Rubric kind="preferred"><Label xml:lang="de">Alt</Label></Rubric></ModifierClass>
<Class code="E10-E11" kind="block"><ModifiedBy code="S_4" all="false">
  <ValidModifierClass code=".0"/><ValidModifierClass code=".1"/></ModifiedBy>
  <Rubric kind="preferred"><Label xml:lang="de">Jucken</Label></Rubric></Class>
<Class code="E10" kind="category"><SuperClass code="E10-E11"/><ModifiedBy code="S_5"/>
  <Rubric kind="preferred"><Label xml:lang="de">Ohr</Label></Rubric></Class>
<Class code="E11" kind="category"><SuperClass code="E10-E11"/><ExcludeModifier code="S_4"/>
  <Rubric kind="preferred"><Label>Nase</Label></Rubric></Class>
</ClaML>
)";

TEST(ReadClaml, ExpandsModifiersIfAskedTo) {
  const Reading read({file(kGerman) + ",modifiers=expand,lang=de,source=GM"});
  EXPECT_EQ(
      read.names(),
      (Lines{"E10-E11|Jucken|de|GM|preferred", "E10|Ohr|de|GM|preferred",
             "E10.0|Ohr: Mit Rötung|de|GM|preferred", "E10.1|Ohr: Ohne Rötung|de|GM|preferred",
             "E10.00|Ohr: Mit Rötung: Leicht|de|GM|preferred",
             "E10.01|Ohr: Mit Rötung: Schwer|de|GM|preferred",
             "E10.11|Ohr: Ohne Rötung: Schwer|de|GM|preferred", "E11|Nase|de|GM|preferred"}));
  EXPECT_EQ(read.edges(), (Lines{"E10<E10-E11", "E10.0<E10", "E10.00<E10.0", "E10.01<E10.0",
                                 "E10.1<E10", "E10.11<E10.1", "E11<E10-E11"}));
  const Reading plain({file(kGerman) + ",lang=de"});
  EXPECT_EQ(plain.names().size(), 3U);
  EXPECT_EQ(plain.report().left_out.at("codes of a class with modifiers"), 1U);
  EXPECT_EQ(failure(file(kGerman) + ",modifiers=yes"),
            "0 source claml: expected modifiers=no or modifiers=expand");
}

TEST(ReadClaml, RefusesBadClassesAndGoesOn) {
  const Reading read(
      {file(
           R"(<Class kind="category"><Rubric kind="preferred"><Label xml:lang="en">x</Label></Rubric></Class>
<Class code="A"><Rubric kind="inclusion"><Label xml:lang="en">only</Label></Rubric></Class>
<Class code="B"><Rubric kind="preferred"><Label xml:lang="en">b</Label></Rubric></Class>
<Class code="B"><Rubric kind="preferred"><Label xml:lang="en">c</Label></Rubric></Class>
<Class code="C"><Rubric kind="preferred"><Label>no language</Label></Rubric></Class>
<Class code="D"><Rubric kind="preferred"><Label xml:lang="en"> </Label></Rubric></Class>
<Class code="E"><SuperClass code="Z"/><ModifiedBy code="M"/>
<Rubric kind="preferred"><Label xml:lang="en">e</Label></Rubric></Class>
<Class code="F"><SuperClass code="F"/>
<Rubric kind="preferred"><Label xml:lang="en">f</Label></Rubric></Class></ClaML>)") +
       ",modifiers=expand"});
  EXPECT_EQ(complaint(read.report(), 0), "icd.xml:5:1: expected a class with a code, found none");
  EXPECT_EQ(complaint(read.report(), 1), "icd.xml:8:1: expected a code once, found it again");
  EXPECT_EQ(complaint(read.report(), 2), "icd.xml:6:1: expected a preferred label, found none");
  EXPECT_EQ(complaint(read.report(), 3),
            "icd.xml:9:1: expected a label with a language, found none that is known");
  EXPECT_EQ(complaint(read.report(), 5),
            "icd.xml:10:1: expected a label with a text, found an empty one");
  EXPECT_EQ(complaint(read.report(), 7),
            "icd.xml:11:1: expected a modifier of the file, found another");
  EXPECT_EQ(read.report().unnamed_edges, 1U);
  EXPECT_EQ(read.report().cyclic_edges, 1U);
}

TEST(ReadClaml, RefusesALabelInALanguageThatIsNone) {
  const Reading read({file(R"(<Class code="A" kind="category">
<Rubric kind="preferred"><Label xml:lang="en">a</Label><Label xml:lang="xx">b</Label></Rubric></Class>
<Class code="B" kind="category">
<Rubric kind="preferred"><Label xml:lang="english">c</Label></Rubric></Class></ClaML>)")});
  EXPECT_EQ(read.names(), (Lines{"A|a|en|ICD-10-XX|preferred"}));
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"no name", 1}, {"unknown language", 2}}));
  const std::string message = ": expected a label with a language, found none that is known";
  EXPECT_EQ(complaint(read.report(), 0), "icd.xml:5:1" + message);
  EXPECT_EQ(complaint(read.report(), 1), "icd.xml:7:1" + message);
  EXPECT_EQ(complaint(read.report(), 2), "icd.xml:7:1: expected a preferred label, found none");
}

TEST(ReadClaml, RefusesAModifierClassWithoutAModifierOrACode) {
  const std::string label =
      "<Rubric kind=\"preferred\"><Label xml:lang=\"en\">mild</Label></Rubric></ModifierClass>\n";
  const Reading read(
      {file("<ModifierClass code=\".0\">" + label + " <ModifierClass modifier=\"M\" code=\" \">" +
            label + "<ModifierClass modifier=\"M\" code=\".1\">" + label +
            "<Class code=\"A\"><ModifiedBy code=\"M\"/><Rubric kind=\"preferred\">"
            "<Label xml:lang=\"en\">a</Label></Rubric></Class></ClaML>") +
       ",modifiers=expand"});
  EXPECT_EQ(read.names(),
            (Lines{"A|a|en|ICD-10-XX|preferred", "A.1|a: mild|en|ICD-10-XX|preferred"}));
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"no code", 2}}));
  const std::string message = ": expected a modifier class with a modifier and a code, found none";
  EXPECT_EQ(complaint(read.report(), 0), "icd.xml:5:1" + message);
  EXPECT_EQ(complaint(read.report(), 1), "icd.xml:6:2" + message);
}

TEST(ReadClaml, RefusesACodeByAModifierClassThatHasNoLabelInTheLanguage) {
  const auto modifier = [](std::string_view code, std::string_view label) {
    return fmt::format(
        "<ModifierClass modifier=\"M\" code=\"{}\"><Rubric kind=\"preferred\">"
        "<Label{}</Label></Rubric></ModifierClass>\n",
        code, label);
  };
  const Reading read(
      {file(modifier(".0", " xml:lang=\"de\">x") + modifier(".1", " xml:lang=\"eng\">x") +
            modifier(".2", " xml:lang=\"en\"> ") + modifier(".3", ">y") +
            "<Class code=\"A\"><ModifiedBy code=\"M\"/><Rubric kind=\"preferred\">"
            "<Label xml:lang=\"en\">a</Label></Rubric></Class></ClaML>") +
       ",modifiers=expand,lang=en"});
  EXPECT_EQ(read.names(), (Lines{"A|a|en|ICD-10-XX|preferred", "A.1|a: x|en|ICD-10-XX|preferred",
                                 "A.3|a: y|en|ICD-10-XX|preferred"}));
  EXPECT_EQ(read.edges(), (Lines{"A.1<A", "A.3<A"}));
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"no name", 2}}));
  EXPECT_EQ(complaint(read.report()),
            "icd.xml:9:1: expected a preferred label of a modifier class, found none");
}

TEST(ReadClaml, SaysWhereXmlIsBroken) {
  const auto raw = [](std::string_view text) {
    return failure("claml=" + written("icd.xml", text).string());
  };
  EXPECT_EQ(raw(""), "2 icd.xml:1:1: expected an element, found the end of the file");
  EXPECT_EQ(raw("<tryton/>"), "2 icd.xml:1:1: expected the element ClaML, found another");
  EXPECT_EQ(raw("<ClaML><Class code='A'>"),
            "2 icd.xml:1:24: expected the end of an element, found the end of the file");
  EXPECT_EQ(raw("<!DOCTYPE ClaML [<!ENTITY a 'b'>]><ClaML/>"),
            "2 icd.xml:1:17: expected a document type without declarations of its own, found "
            "something else");
  EXPECT_EQ(raw("<!DOCTYPE ClaML SYSTEM 'a"),
            "2 icd.xml:1:25: expected a closing quote, found something else");
  EXPECT_EQ(raw("<!DOCTYPE ClaML"),
            "2 icd.xml:1:16: expected the end of a document type, found the end of the file");
  EXPECT_EQ(raw("<ClaML>&own;</ClaML>"),
            "2 icd.xml:1:8: expected an entity of amp lt gt quot apos, found something else");
  EXPECT_EQ(raw("<ClaML>\xFF</ClaML>"), "2 icd.xml:1:8: expected UTF-8, found another byte");
  EXPECT_EQ(raw("<ClaML/>"), "0 icd.xml: expected at least one name, found none in 0 rows");
}

TEST(ReadClaml, ManyModifiersAreCounted) {
  std::string body;
  for (const char* modifier : {"a", "b", "c"}) {
    for (int i = 0; i < 40; ++i) {
      body += fmt::format(
          "<ModifierClass modifier=\"{}\" code=\"{}\"><Rubric kind=\"preferred\">"
          "<Label xml:lang=\"en\">n</Label></Rubric></ModifierClass>\n",
          modifier, i);
    }
  }
  body +=
      "<Class code=\"A\"><ModifiedBy code=\"a\"/><ModifiedBy code=\"b\"/><ModifiedBy code=\"c\"/>"
      "<Rubric kind=\"preferred\"><Label xml:lang=\"en\">x</Label></Rubric></Class></ClaML>";
  const Reading read({file(body) + ",modifiers=expand"});
  EXPECT_EQ(complaint(read.report()),
            "icd.xml:125:1: expected at most 10000 codes by modifiers, found more");
}

}  // namespace
}  // namespace enlace
