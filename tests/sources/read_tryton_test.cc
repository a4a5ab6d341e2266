#include <string>

#include <gtest/gtest.h>

#include "sources/reading.h"

namespace enlace {
namespace {

using testing_kb::complaint;
using testing_kb::failure;
using testing_kb::Lines;
using testing_kb::Reading;
using testing_kb::scratch;
using testing_kb::written;

constexpr std::string_view kCategories = R"(<?xml version="1.0"?>
<!-- a <comment> -->
<tryton><data>
  <record model="gnuhealth.pathology.category" id="root"><field name="name">ICD</field></record>
  <record model="gnuhealth.pathology.category" id="c1">
    <field name="name">I Itches &amp; aches</field>
    <field name="parent" ref="root"/>
  </record>
  <record model="gnuhealth.pathology.category" id="c1-1">
    <field name="name">(A00-A09) Itches</field>
    <field name="parent" ref="c1"></field>
  </record>
</data></tryton>
)";

constexpr std::string_view kDiseases = R"(<?xml version="1.0" encoding="utf-8"?>
<tryton><data noupdate="0">
<record model="gnuhealth.pathology" id="A00">
  <field name="name">Itch</field><field name="code">A00</field>
  <field name="category" ref="c1-1"></field><field name="active">True</field>
</record>
<record model="gnuhealth.pathology" id="A001">
  <field name="name"><![CDATA[Itch of "ear" & nose]]></field><field name="code"> A00.1 </field>
  <field name="category" ref="c1-1"></field><field name="active">True</field>
</record>
<record model="gnuhealth.pathology" id="A012">
  <field name="name">Itch, lost</field><field name="code">A01.2</field>
  <field name="category" ref="c1-1"></field><field name="active">True</field>
</record>
<record model="gnuhealth.pathology" id="A02">
  <field name="name">Old itch</field><field name="code">A02</field>
  <field name="category" ref="c1-1"></field><field name="active">False</field>
</record>
<record model="other.model" id="x"><field name="name">Other</field></record>
</data></tryton>
)";

constexpr std::string_view kSpanish = R"(#
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\n"

msgctxt "model:gnuhealth.pathology,name:A00"
msgid "Itch"
msgstr "Picor"

msgctxt "model:gnuhealth.pathology,name:A001"
msgid ""
"Itch of \"ear\" "
"& nose"
msgstr ""
"Picor de oreja "
"y nariz"

msgctxt "model:gnuhealth.pathology,name:A012"
msgid "Itch, lost"
msgstr ""

msgctxt "model:gnuhealth.pathology,name:A02"
msgid "Old itch"
msgstr "Picor viejo"

msgctxt "model:gnuhealth.pathology.category,name:c1-1"
msgid "(A00-A09) Itches"
msgstr "(A00-A09) Picores"

#~ msgctxt "model:gnuhealth.pathology,name:A03"
#~ msgid "Gone"
#~ msgstr "Ido"
)";

constexpr std::string_view kBrazilian = R"po(
#, fuzzy
msgctxt "model:gnuhealth.pathology,name:A00"
msgid "Itch"
msgstr "Coceira?"

msgctxt "model:gnuhealth.pathology,name:A001"
msgid "Itch of the ear"
msgstr "Coceira de orelha"

msgctxt "model:gnuhealth.pathology,name:A012"
msgid "Itch, lost"
msgstr "Coceira, perdida"

msgctxt "model:gnuhealth.pathology.category,name:c1-1"
msgid "(A00-A09) Itches"
msgstr "Coceiras(A00-A09)"

msgctxt "model:gnuhealth.pathology,name:Z99"
msgid "Nothing"
msgstr "Nada"
)po";

/// A module of the files above, with one of them replaced.
std::string icd_with(const std::string& replaced = "", std::string_view content = "") {
  const auto file = [&](const std::string& name, std::string_view usual) {
    return written("icd/" + name, name == replaced ? content : usual);
  };
  file("data/disease_categories.xml", kCategories);
  file("data/diseases.xml", kDiseases);
  file("locale/es.po", kSpanish);
  return "tryton=" + file("locale/pt_BR.po", kBrazilian).parent_path().parent_path().string();
}

TEST(ReadTryton, ReadsDiseasesCategoriesAndTranslations) {
  const Reading read({icd_with()});
  EXPECT_EQ(
      read.names(),
      (Lines{"A00-A09|Itches|en|ICD-10|preferred", "A00|Itch|en|ICD-10|preferred",
             "A00.1|Itch of \"ear\" & nose|en|ICD-10|preferred",
             "A01.2|Itch, lost|en|ICD-10|preferred", "A00|Picor|es|ICD-10|preferred",
             "A00.1|Picor de oreja y nariz|es|ICD-10|preferred",
             "A00-A09|Picores|es|ICD-10|preferred", "A01.2|Coceira, perdida|pt-BR|ICD-10|preferred",
             "A00-A09|Coceiras|pt-BR|ICD-10|preferred"}));
  EXPECT_EQ(read.edges(), (Lines{"A00<A00-A09", "A00.1<A00", "A01.2<A00-A09"}));
  EXPECT_EQ(read.types(), (Lines{"A00-A09:I Itches & aches", "A00:I Itches & aches",
                                 "A00.1:I Itches & aches", "A01.2:I Itches & aches"}));
  EXPECT_EQ(read.report().left_out, (ReasonCounts{{"chapter", 2},
                                                  {"fuzzy translation", 1},
                                                  {"inactive", 1},
                                                  {"not translated", 1},
                                                  {"obsolete translation", 1},
                                                  {"translation of a record left out", 1},
                                                  {"translation of another English name", 1},
                                                  {"translation of no record", 1}}));
  EXPECT_EQ(read.report().rows.bad, 0U);
}

TEST(ReadTryton, TakesOnlyTheLanguagesAskedFor) {
  EXPECT_EQ(Reading({icd_with() + ",lang=pt"}).names().size(), 6U);
  EXPECT_EQ(Reading({icd_with() + ",lang=es;pt,source=CIE"}).names()[4],
            "A00|Picor|es|CIE|preferred");
  const auto message = failure(icd_with() + ",lang=fr");
  EXPECT_NE(message.find("expected a translation into a language of lang"), std::string::npos);
  EXPECT_EQ(Reading({icd_with() + ",lang=es,status=any"}).names().back(),
            "A00-A09|Picores|es|ICD-10|preferred");
}

TEST(ReadTryton, SaysWhereTheXmlIsBad) {
  const auto bad = [](std::string_view content) {
    return failure(icd_with("data/diseases.xml", content));
  };
  const std::string name = "2 icd/data/diseases.xml";
  EXPECT_EQ(bad(""), name + ":1:1: expected an element, found the end of the file");
  EXPECT_EQ(bad("A00\tItch\ten\n"), name + ":1:1: expected an element, found something else");
  EXPECT_EQ(bad("<html></html>"), name + ":1:1: expected the element tryton, found another");
  EXPECT_EQ(bad("<tryton>\n <data></tryton>"),
            name + ":2:8: expected the end tag of the open element, found something else");
  EXPECT_EQ(bad("<tryton>\n<data>"),
            name + ":2:7: expected the end of an element, found the end of the file");
  EXPECT_EQ(bad("<tryton>\n é&bad;</tryton>"),
            name + ":2:3: expected an entity of amp lt gt quot apos, found something else");
  EXPECT_EQ(bad("<!DOCTYPE x [<!ENTITY a 'b'>]><tryton/>"),
            name +
                ":1:13: expected a document type without declarations of its own, found "
                "something else");
  EXPECT_EQ(bad("<tryton a=1/>"), name + ":1:11: expected a quote, found something else");
  EXPECT_EQ(bad("<tryton>\n é\xFF</tryton>"), name + ":2:3: expected UTF-8, found another byte");
  EXPECT_EQ(bad("<tryton/><tryton/>"),
            name + ":1:10: expected one element at the top, found something else");
}

TEST(ReadTryton, EveryTruncationOfTheXmlIsAnError) {
  const std::string_view whole = kDiseases.substr(0, kDiseases.find("</tryton>") + 8);
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    EXPECT_EQ(failure(icd_with("data/diseases.xml", whole.substr(0, size))).substr(0, 23),
              "2 icd/data/diseases.xml")
        << size;
  }
}

TEST(ReadTryton, CountsBadRecordsAndLines) {
  const Reading read({icd_with("data/diseases.xml", R"(<tryton><data>
<record model="gnuhealth.pathology" id="A00"><field name="name">Itch</field></record>
<record model="gnuhealth.pathology" id="A00"><field name="code">A00</field></record>
<record model="gnuhealth.pathology" id="A00"><field name="code">A00</field>
<field name="name">&#73;t&#x63;h</field></record>
</data></tryton>)")});
  EXPECT_EQ(complaint(read.report(), 0),
            "icd/data/diseases.xml:2:1: expected a field code, found none");
  EXPECT_EQ(complaint(read.report(), 1),
            "icd/data/diseases.xml:3:1: expected a field name, found none");
  EXPECT_EQ(read.names()[1], "A00|Itch|en|ICD-10|preferred");
}

TEST(ReadTryton, TellsOfIdsGivenTwiceAndOfCategoriesThatAreNotThereOrInACycle) {
  const auto category = [](std::string_view id, std::string_view name, std::string_view parent) {
    return fmt::format(
        "<record model=\"gnuhealth.pathology.category\" id=\"{}\"><field name=\"name\">{}</field>"
        "<field name=\"parent\" ref=\"{}\"/></record>\n",
        id, name, parent);
  };
  const std::string categories =
      "<tryton>\n" + category("a", "(A00-A09) Itches", "b") + category("b", "Skin", "c") +
      category("c", "(B00-B09) Aches", "b") + category("d", "(C00-C09) Rest", "d") +
      category("e", "(D00-D09) None", "x") + category("a", "(A10-A19) Again", "") + "</tryton>";
  const Reading read({icd_with("data/disease_categories.xml", categories)});
  EXPECT_EQ(complaint(read.report(), 0),
            "icd/data/disease_categories.xml:7:1: expected an id once, found it again");
  EXPECT_EQ(complaint(read.report(), 1),
            "icd/data/disease_categories.xml:4:1: expected categories without cycles, found b > c "
            "> b");
  EXPECT_EQ(complaint(read.report(), 2),
            "icd/data/disease_categories.xml:5:1: expected categories without cycles, found d > d");
  EXPECT_EQ(complaint(read.report(), 3),
            "icd/data/disease_categories.xml:6:1: expected a parent of the module, found another");
  EXPECT_EQ(complaint(read.report(), 4),
            "icd/data/diseases.xml:3:1: expected a category of the module, found another");
  EXPECT_EQ(read.edges(), (Lines{"A00-A09<B00-B09", "A00.1<A00"}));  // b stays below c
}

TEST(ReadTryton, ADiseaseWhoseIdCameBeforeIsRefused) {
  const Reading read({icd_with("data/diseases.xml", R"(<tryton><data>
<record model="gnuhealth.pathology" id="A00"><field name="name">Itch</field>
<field name="code">A00</field></record>
<record model="gnuhealth.pathology" id="A00"><field name="name">Ache</field>
<field name="code">A01</field></record>
</data></tryton>)")});
  EXPECT_EQ(read.names(),
            (Lines{"A00-A09|Itches|en|ICD-10|preferred", "A00|Itch|en|ICD-10|preferred",
                   "A00|Picor|es|ICD-10|preferred", "A00-A09|Picores|es|ICD-10|preferred",
                   "A00-A09|Coceiras|pt-BR|ICD-10|preferred"}));
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"duplicate id", 1}}));
  EXPECT_EQ(complaint(read.report()),
            "icd/data/diseases.xml:4:1: expected an id once, found it again");
}

TEST(ReadTryton, ACategoryWithoutAnIdOrANameIsRefused) {
  const Reading read({icd_with("data/disease_categories.xml", R"(<tryton><data>
<record model="gnuhealth.pathology.category" id="c1-1"><field name="name">(A00-A09) Itches</field>
</record>
 <record model="gnuhealth.pathology.category"><field name="name">(B00-B09) Aches</field></record>
<record model="gnuhealth.pathology.category" id="c2"><field name="name"> </field></record>
<record model="gnuhealth.pathology.category" id="c3"/>
</data></tryton>)")});
  EXPECT_EQ(read.names()[0], "A00-A09|Itches|en|ICD-10|preferred");
  EXPECT_EQ(read.names()[1], "A00|Itch|en|ICD-10|preferred");
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"no name", 3}}));
  const std::string message = ": expected a record with an id and a name, found none";
  EXPECT_EQ(complaint(read.report(), 0), "icd/data/disease_categories.xml:4:2" + message);
  EXPECT_EQ(complaint(read.report(), 1), "icd/data/disease_categories.xml:5:1" + message);
  EXPECT_EQ(complaint(read.report(), 2), "icd/data/disease_categories.xml:6:1" + message);
}

TEST(ReadTryton, RefusesTranslationsInAFileThatNoLocaleNames) {
  const std::string spec = icd_with();
  const Lines good = Reading({spec}).names();
  written("icd/locale/notes.po", kSpanish);
  const Reading read({spec});
  EXPECT_EQ(read.names(), good);
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"unknown language", 1}}));
  EXPECT_EQ(complaint(read.report()),
            "icd/locale/notes.po: expected a file named by a locale, found another name");
}

TEST(ReadTryton, RefusesAnEmptyFileOfTranslations) {
  EXPECT_EQ(failure(icd_with("locale/es.po", "")),
            "2 icd/locale/es.po:1: expected translations, found an empty file");
}

TEST(ReadTryton, RefusesAFileWhoseHeaderSaysAnotherLanguage) {
  const Reading read({icd_with("locale/es.po",
                               "msgid \"\"\nmsgstr \"\"\n\"Language: fr\\n\"\n\n"
                               "msgctxt \"model:gnuhealth.pathology,name:A00\"\n"
                               "msgid \"Itch\"\nmsgstr \"Picor\"\n") +
                      ",lang=es"});
  EXPECT_EQ(read.names().size(), 4U);  // the English ones
  EXPECT_EQ(complaint(read.report()),
            "icd/locale/es.po:1: expected the language of the file's name, es, found fr");
  EXPECT_EQ(read.report().left_out.at("translation into another language"), 1U);
}

TEST(ReadTryton, SkipsATranslationWhoseLinesAreBad) {
  const Reading read({icd_with("locale/es.po",
                               "msgctxt \"model:gnuhealth.pathology,name:A00\"\n"
                               "msgid \"Itch\n"
                               "msgstr \"Picor\"\n"
                               "nonsense\n"
                               "msgctxt \"model:gnuhealth.pathology,name:A001\"\n"
                               "msgid \"Itch of \\\"ear\\\" & nose\"\n"
                               "msgstr \"Pi\xFFor\"\n") +
                      ",lang=es"});
  EXPECT_EQ(read.names().size(), 4U);  // the English ones
  EXPECT_EQ(complaint(read.report(), 0),
            "icd/locale/es.po:2:7: expected a string between quotes, found something else");
  EXPECT_EQ(complaint(read.report(), 1),
            "icd/locale/es.po:4:1: expected msgctxt, msgid, msgstr or a comment, found something "
            "else");
  EXPECT_EQ(complaint(read.report(), 2), "icd/locale/es.po:7:11: expected UTF-8, found byte 0xFF");
}

TEST(ReadTryton, SaysWhichFileIsMissing) {
  EXPECT_EQ(failure("tryton=" + scratch("nowhere").string()),
            "1 nowhere/data/disease_categories.xml: No such file or directory");
}

}  // namespace
}  // namespace enlace
