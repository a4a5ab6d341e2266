#include <atomic>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "sources/reading.h"
#include "sources/rrf_ids.h"

namespace enlace {
namespace {

using testing_kb::complaint;
using testing_kb::failure;
using testing_kb::gzipped;
using testing_kb::Lines;
using testing_kb::Reading;
using testing_kb::scratch;
using testing_kb::written;

/// A row of MRCONSO. `form` is TS, STT and ISPREF, such as "P|PF|Y"; `vocabulary` SAB, TTY, CODE.
std::string atom(std::string_view cui, std::string_view lat, std::string_view form,
                 std::string_view aui, std::string_view vocabulary, std::string_view text,
                 std::string_view suppress = "N", std::string_view srl = "0") {
  const std::string_view ts = form.substr(0, form.find('|'));
  const std::string_view stt =
      form.substr(form.find('|') + 1, form.rfind('|') - form.find('|') - 1);
  const std::string_view preferred = form.substr(form.rfind('|') + 1);
  return fmt::format("{}|{}|{}|L1|{}|S1|{}|{}|||D|{}|{}|{}|{}||\n", cui, lat, ts, stt, preferred,
                     aui, vocabulary, text, srl, suppress);
}

const std::string kNames =
    atom("C0000001", "ENG", "S|PF|Y", "A1", "MSH|ET|D1", "Pyrexia") +
    atom("C0000001", "ENG", "P|PF|Y", "A2", "SNOMEDCT_US|PT|386661006", "Fever \"high", "N", "9") +
    atom("C0000001", "ENG", "S|PF|Y", "A3", "SNOMEDCT_US|SY|386661006", "Hot", "O", "9") +
    atom("C0000001", "SPA", "P|PF|Y", "A4", "SCTSPA|PT|386661006", "fiebre", "N", "9") +
    atom("C0000001", "FIN", "P|PF|Y", "A5", "ICPCFIN|PT|A03", "KUUME", "N", "") +
    atom("C0000002", "ENG", "P|PF|Y", "A6", "SNOMEDCT_US|PT|404684003", "Finding", "N", "9") +
    atom("C0000003", "ENG", "P|PF|N", "A7", "NCI|SY|C9", "Cough || sign") +
    atom("C0000003", "ENG", "P|PF|N", "A8", "NCI|PT|C9", "Tussis");

constexpr std::string_view kVocabularies = "||MSH|MSH||||||||||||||||ENG||Y||||\n";

/// A release in the folder of the test: MRCONSO and what `tables` holds, by table.
std::string release(std::string_view names,
                    const std::vector<std::pair<std::string, std::string>>& tables = {}) {
  scratch("META");
  const auto folder = written("META/MRCONSO.RRF", names).parent_path();
  for (const auto& [table, content] : tables) written("META/" + table + ".RRF", content);
  return "rrf=" + folder.string();
}

TEST(ReadRrf, TakesNamesWithLanguageSourceTermTypeAndLicence) {
  const Reading read({release(kNames)});
  EXPECT_EQ(
      read.names(),
      (Lines{"C0000001|Pyrexia|en|MSH|exact", "C0000001|Fever \"high|en|SNOMEDCT_US|preferred",
             "C0000001|fiebre|es|SCTSPA|preferred", "C0000001|KUUME|fi|ICPCFIN|preferred",
             "C0000002|Finding|en|SNOMEDCT_US|preferred", "C0000003|Tussis|en|NCI|preferred"}));
  EXPECT_EQ(read.origins()[0], "ET|UMLS-SRL0");
  EXPECT_EQ(read.origins()[1], "PT|UMLS-SRL9");
  EXPECT_EQ(read.report().left_out, (ReasonCounts{{"suppressed", 1}}));
  EXPECT_EQ(read.report().rows.bad, 1U);  // the name with bars in it
  EXPECT_EQ(complaint(read.report()),
            "META/MRCONSO.RRF:7:63: expected 18 fields that each end in a bar, found 20");
}

TEST(ReadRrf, ChoosesWhatIsPreferredByFlagsThenByRankThenByPlace) {
  const std::string names = atom("C0000001", "ENG", "P|PF|N", "A1", "NCI|SY|C1", "first") +
                            atom("C0000001", "ENG", "S|PF|Y", "A2", "NCI|PT|C1", "ranked") +
                            atom("C0000001", "GER", "P|VC|Y", "A3", "MSHGER|MH|D1", "erster") +
                            atom("C0000001", "GER", "P|PF|N", "A4", "MSHGER|ET|D1", "zweiter") +
                            atom("C0000002", "ENG", "P|PF|Y", "A5", "NCI|SY|C2", "flagged") +
                            atom("C0000002", "ENG", "P|PF|Y", "A6", "NCI|PT|C2", "flagged too");
  const Reading read(
      {release(names, {{"MRRANK", "0400|NCI|PT|N|\n0399|NCI|SY|N|\n0500|NCI|SY|Y|\n"}})});
  EXPECT_EQ(read.names(),
            (Lines{"C0000001|first|en|NCI|exact", "C0000001|ranked|en|NCI|preferred",
                   "C0000001|erster|de|MSHGER|preferred", "C0000001|zweiter|de|MSHGER|exact",
                   "C0000002|flagged|en|NCI|preferred", "C0000002|flagged too|en|NCI|exact"}));
}

TEST(ReadRrf, SelectsBySourceLanguageTermTypeSuppressionAndSemanticType) {
  const std::string types =
      "C0000001|T184|A2|Sign or Symptom|AT1||\nC0000002|T033|A2|Finding|AT2||\n"
      "C0009999|T184|A2|Sign or Symptom|AT3||\n";
  const auto spec = release(kNames, {{"MRSTY", types}});
  const auto count = [&](std::string_view options) {
    return Reading({spec + std::string(options)}).names().size();
  };
  EXPECT_EQ(count(",sab=MSH;SCTSPA"), 2U);
  EXPECT_EQ(count(",lang=es;fi"), 2U);
  EXPECT_EQ(count(",lang=SPA"), 1U);
  EXPECT_EQ(count(",tty=SY;ET"), 1U);
  EXPECT_EQ(count(",suppress=any"), 7U);
  EXPECT_EQ(count(",suppress=O"), 1U);
  EXPECT_EQ(count(",sty=T033"), 1U);
  EXPECT_EQ(count(",sty=Sign or Symptom;T033"), 5U);
  EXPECT_EQ(Reading({spec}).types(), (Lines{"C0000001:Sign or Symptom", "C0000002:Finding"}));
  EXPECT_EQ(Reading({spec + ",lang=es"}).report().left_out, (ReasonCounts{{"language", 6}}));
}

TEST(ReadRrf, TakesParentsOfTheWantedHierarchies) {
  const std::string paths =
      "C0000001|A2|1|A6|SNOMEDCT_US|isa|A6|||\n"      // by an English atom
      "C0000001|A3|1|A6|SNOMEDCT_US|isa|A6|||\n"      // by a suppressed one
      "C0000002|A6|1||SNOMEDCT_US||||\n"              // short
      "C0000002|A6|1||SNOMEDCT_US|||||\n"             // a root
      "C0000001|A4|1|A8|SCTSPA|isa|A8|||\n"           // another hierarchy
      "C0000003|A8|1|A6|SNOMEDCT_US|part_of|A6|||\n"  // another relation
      "C0000001|A2|2|A1|SNOMEDCT_US|isa|A1|||\n"      // the same concept
      "C0000001|A2|3|A2|SNOMEDCT_US|isa|A2|||\n"      // itself
      "C0000001|A2|4|A77|SNOMEDCT_US|isa|A77|||\n"    // an atom that is not there
      "C0000003|A2|5|A6|SNOMEDCT_US|isa|A6|||\n"      // of another release
      "C3|A2|6|A6|SNOMEDCT_US|isa|A6|||\n"
      "C0000001|X2|7|A6|SNOMEDCT_US|isa|A6|||\n";
  const auto spec = release(kNames, {{"MRHIER", paths}});
  const Reading read({spec});
  EXPECT_EQ(read.edges(), (Lines{"C0000001<C0000002"}));
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"atom not in MRCONSO", 1},
                                                 {"atom of another concept", 1},
                                                 {"bad AUI", 1},
                                                 {"bad CUI", 1},
                                                 {"wrong number of fields", 2}}));
  EXPECT_EQ(read.report().left_out, (ReasonCounts{{"hierarchical relation other than is-a", 1},
                                                  {"parent in the same concept", 2},
                                                  {"suppressed", 1}}));
  EXPECT_EQ(complaint(read.report(), 1),
            "META/MRHIER.RRF:3:31: expected 9 fields that each end in a bar, found 8");
  EXPECT_EQ(complaint(read.report(), 2), "META/MRHIER.RRF:11:1: expected C and seven digits");
  EXPECT_EQ(complaint(read.report(), 3),
            "META/MRHIER.RRF:12:10: expected A and at most nine digits");
  EXPECT_EQ(complaint(read.report(), 4),
            "META/MRHIER.RRF:9: expected atoms of MRCONSO, found a parent that is not there");
  EXPECT_EQ(complaint(read.report(), 5),
            "META/MRHIER.RRF:10: expected the CUI that MRCONSO gives the atom, found C0000003");

  EXPECT_EQ(Reading({spec + ",hier=none"}).edges(), Lines{});
  EXPECT_EQ(Reading({spec + ",hier=SCTSPA"}).edges(), (Lines{"C0000001<C0000003"}));
  EXPECT_EQ(Reading({spec + ",hier=all"}).edges(),
            (Lines{"C0000001<C0000002", "C0000001<C0000003"}));
  EXPECT_EQ(Reading({spec + ",rela=isa;part_of"}).edges(),
            (Lines{"C0000001<C0000002", "C0000003<C0000002"}));
}

TEST(ReadRrf, TakesParentsOfMrrelWhereThereIsNoMrhier) {
  const std::string relations =
      "C0000001|A2|AUI|PAR|C0000002|A6|AUI|inverse_isa|R1||SNOMEDCT_US|SNOMEDCT_US|||N||\n"
      "C0000002|A6|AUI|CHD|C0000003|A8|AUI|isa|R2||SNOMEDCT_US|SNOMEDCT_US|||N||\n"
      "C0000003|A8|AUI|PAR|C0000001|A2|AUI|part_of|R3||SNOMEDCT_US|SNOMEDCT_US|||N||\n"
      "C0000003|A8|AUI|RB|C0000001|A2|AUI||R4||SNOMEDCT_US|SNOMEDCT_US|||N||\n";
  EXPECT_EQ(Reading({release(kNames, {{"MRREL", relations}})}).edges(),
            (Lines{"C0000001<C0000002", "C0000003<C0000002"}));
}

TEST(ReadRrf, DropsCyclesThatTheTablesSay) {
  const std::string paths =
      "C0000001|A2|1|A6|SNOMEDCT_US|isa|A6|||\n"
      "C0000002|A6|1|A2|SNOMEDCT_US|isa|A2|||\n";
  const Reading read({release(kNames, {{"MRHIER", paths}})});
  EXPECT_EQ(read.edges().size(), 1U);
  EXPECT_EQ(read.report().cyclic_edges, 1U);
  EXPECT_EQ(complaint(read.report(), 1),
            "META: expected is-a without cycles, found C0000001 > C0000002 > C0000001");
}

TEST(ReadRrf, RefusesRowsOfAnotherReleaseInEveryTable) {
  const std::string relations =
      "C0000001|A2|AUI|PAR|C0000002|A6|AUI|isa|R1||SNOMEDCT_US|SNOMEDCT_US|||N||\n"
      "C0000003|A2|AUI|PAR|C0000002|A6|AUI|isa|R2||SNOMEDCT_US|SNOMEDCT_US|||N||\n"
      "C0000002|A6|AUI|CHD|C0000001|A99|AUI|isa|R3||SNOMEDCT_US|SNOMEDCT_US|||N||\n";
  const std::string definitions =
      "C0000001|A2|AT1||NCI|Hot.|N||\nC0000003|A6|AT2||NCI|Another.|N||\n";
  const std::string ranks = "0400|MSH|PT|N|\nmany|MSH|ET|N|\n0300|MSH|\n";
  const Reading read({release(kNames, {{"MRREL", relations},
                                       {"MRDEF", definitions},
                                       {"MRRANK", ranks},
                                       {"MRSTY",
                                        "C0000001|T1|A2|\nC1|T1|A2|Sign|AT1||\n"
                                        "C0000001|T1|A2| |AT1||\n"},
                                       {"MRSAB", "MSH|ENG|\n"}}) +
                      ",definitions=yes"});
  EXPECT_EQ(read.edges(), (Lines{"C0000001<C0000002"}));
  EXPECT_EQ(read.definitions(), (Lines{"C0000001|en|Hot."}));
  const Lines complaints = {
      "MRSAB.RRF:1:9: expected 25 fields that each end in a bar, found 2",
      "MRRANK.RRF:2:1: expected a number, found something else",
      "MRRANK.RRF:3:10: expected 4 fields that each end in a bar, found 2",
      "MRCONSO.RRF:7:63: expected 18 fields that each end in a bar, found 20",
      "MRSTY.RRF:1:16: expected 6 fields that each end in a bar, found 3",
      "MRSTY.RRF:2:1: expected C and seven digits",
      "MRSTY.RRF:3:16: expected a semantic type, found none",
      "MRREL.RRF:3: expected atoms of MRCONSO, found one that is not there",
      "MRREL.RRF:2: expected the CUI that MRCONSO gives the atom, found C0000003",
      "MRDEF.RRF:2:1: expected the CUI that MRCONSO gives the atom, found C0000003"};
  for (std::size_t i = 0; i < complaints.size(); ++i) {
    EXPECT_EQ(complaint(read.report(), i), "META/" + complaints[i]);
  }
}

TEST(ReadRrf, RefusesTypesAndDefinitionsOfWhatMrconsoDoesNotHave) {
  const Reading read({release(kNames, {{"MRSTY",
                                        "C0000001|T1|A2|Sign|AT1||\n"
                                        "C0009999|T1|A2|Sign|AT2||\n"},
                                       {"MRDEF",
                                        "C0000001|A2|AT1||NCI|Hot.|N||\n"
                                        "C0000001|A99|AT2||NCI|Hotter.|N||\n"}}) +
                      ",definitions=yes"});
  EXPECT_EQ(read.types(), (Lines{"C0000001:Sign"}));
  EXPECT_EQ(read.definitions(), (Lines{"C0000001|en|Hot."}));
  EXPECT_EQ(complaint(read.report(), 1),
            "META/MRSTY.RRF:2: expected a CUI of MRCONSO, found C0009999 that is not there");
  EXPECT_EQ(complaint(read.report(), 2),
            "META/MRDEF.RRF:2:10: expected an atom of MRCONSO, found one that is not there");
}

TEST(ReadRrf, TakesTradeNamesOfTheExactRelationOnly) {
  const std::string relations =
      "C0000002|A2|AUI|RB|C0000003|A8|AUI|has_tradename|R1||RXNORM|RXNORM|||N||\n"
      "C0000002|A4|AUI|RB|C0000003|A8|AUI|has_tradename|R2||RXNORM|RXNORM|||N||\n"  // Spanish
      "C0000003|A8|AUI|RN|C0000002|A6|AUI|tradename_of|R3||RXNORM|RXNORM|||N||\n"
      "C0000003|A1|AUI|RN|C0000002|A6|AUI|has_tradename_too|R4||RXNORM|RXNORM|||N||\n";
  const auto spec = release(kNames, {{"MRREL", relations}});
  EXPECT_EQ(Reading({spec}).names().size(), 6U);
  const Reading read({spec + ",tradenames=yes"});
  ASSERT_EQ(read.names().size(), 7U);
  EXPECT_EQ(read.names()[6], "C0000003|Fever \"high|en|SNOMEDCT_US|related");
  EXPECT_EQ(read.origins()[6], "TRADENAME|UMLS-SRL9");
}

TEST(ReadRrf, TakesDefinitionsIfAskedTo) {
  const std::string definitions =
      "C0000001|A2|AT1||NCI|A <p>\"high\" temperature.|N||\n"
      "C0000001|A2|AT2||MSH|Another.|N||\n"
      "C0000002|A6|AT3||NCI|Old.|Y||\n"
      "C0000003|A8|AT4||NCI||N||\n";
  const auto spec = release(kNames, {{"MRDEF", definitions}});
  EXPECT_EQ(Reading({spec}).definitions(), Lines{});
  const Reading read({spec + ",definitions=yes"});
  EXPECT_EQ(read.definitions(), (Lines{"C0000001|en|A <p>\"high\" temperature."}));
  EXPECT_EQ(complaint(read.report(), 1), "META/MRDEF.RRF:4:22: expected a definition, found none");
}

TEST(ReadRrf, LeadsRetiredConceptsToTheirSuccessors) {
  const std::string retired =
      "C0000011|2015AB|SY|||C0000012|Y|\n"  // in two steps
      "C0000012|2016AB|SY|||C0000001|Y|\n"
      "C0000013|2016AB|RB|||C0000002|Y|\n"
      "C0000014|2016AB|DEL|||||\n"
      "C0000015|2016AB|SY|||C0000016|Y|\n"  // in a circle
      "C0000016|2016AB|SY|||C0000015|Y|\n"
      "C0000017|2016AB|SY|||Cx|Y|\n";
  const auto spec = release(kNames, {{"MRCUI", retired}});
  const Reading read({spec});
  EXPECT_EQ(read.former_codes(), (Lines{"C0000011>C0000001", "C0000012>C0000001"}));
  EXPECT_EQ(complaint(read.report(), 1), "META/MRCUI.RRF:7:22: expected C and seven digits");
  EXPECT_EQ(Reading({spec + ",retired=SY;RB"}).former_codes().size(), 3U);
}

TEST(ReadRrf, ARetiredConceptWhoseSuccessorIsNotThereLeadsNowhere) {
  const Reading read({release(kNames, {{"MRCUI",
                                        "C0000011|2015AB|SY|||C0000099|Y|\n"
                                        "C0000012|2015AB|SY|||C0000011|Y|\n"
                                        "C0000013|2015AB|SY|||C0000001|Y|\n"}})});
  EXPECT_EQ(read.former_codes(), (Lines{"C0000013>C0000001"}));
  EXPECT_EQ(read.report().left_out, (ReasonCounts{{"suppressed", 1}}));
  EXPECT_EQ(read.report().refused, (ReasonCounts{{"wrong number of fields", 1}}));  // of kNames
}

TEST(ReadRrf, PassesOverVersionsOfAVocabularyThatAreNotCurrent) {
  const std::string former = "||MSH2019|MSH||||||||||9||||||SPA||N||||\n";
  const std::string current = "||MSH2020|MSH||||||||||1||||||ENG||Y||||\n";
  const auto names = atom("C0000001", "ENG", "P|PF|Y", "A1", "MSH|MH|D1", "fever", "N", "");
  const auto spec = [&](const std::string& table) { return release(names, {{"MRSAB", table}}); };
  const Reading read({spec(former + current)});
  EXPECT_EQ(read.names(), (Lines{"C0000001|fever|en|MSH|preferred"}));
  EXPECT_EQ(read.origins(), (Lines{"MH|UMLS-SRL1"}));
  EXPECT_EQ(read.report().rows.bad, 0U);
  EXPECT_EQ(Reading({spec(former)}).origins(), (Lines{"MH|UMLS-SRL"}));  // as if it did not say
}

TEST(ReadRrf, CanNameConceptsByTheCodesOfASource) {
  const std::string paths = "C0000001|A2|1|A6|SNOMEDCT_US|isa|A6|||\n";
  const auto spec =
      release(kNames, {{"MRHIER", paths}, {"MRSTY", "C0000001|T184|A2|Sign or Symptom|AT1||\n"}});
  const Reading read({spec + ",code=source,sab=SNOMEDCT_US;SCTSPA"});
  EXPECT_EQ(read.names(), (Lines{"386661006|Fever \"high|en|SNOMEDCT_US|preferred",
                                 "386661006|fiebre|es|SCTSPA|preferred",
                                 "404684003|Finding|en|SNOMEDCT_US|preferred"}));
  EXPECT_EQ(read.edges(), (Lines{"386661006<404684003"}));
  EXPECT_EQ(read.types(), (Lines{"386661006:Sign or Symptom"}));
}

TEST(ReadRrf, ReadsColumnsInTheOrderOfMrfiles) {
  const auto folder =
      written("META/MRFILES.RRF",
              "MRCONSO.RRF|Names|STR,CUI,LAT,TS,STT,ISPREF,AUI,SAB,TTY,CODE,SRL,SUPPRESS|12|1|1|\n")
          .parent_path();
  written("META/MRCONSO.RRF", "fiebre|C0000001|SPA|P|PF|Y|A1|SCTSPA|PT|1|9|N|\n");
  EXPECT_EQ(Reading({"rrf=" + folder.string()}).names(),
            (Lines{"C0000001|fiebre|es|SCTSPA|preferred"}));
  written("META/MRFILES.RRF", "MRCONSO.RRF|Names|CUI,STR|2|1|1|\n");
  EXPECT_EQ(failure("rrf=" + folder.string()),
            "2 META/MRFILES.RRF: expected a column LAT of MRCONSO, found none");
}

TEST(ReadRrf, ReadsGzipPartsByteOrderMarksAndCarriageReturns) {
  const auto folder =
      gzipped("META/MRCONSO.RRF.aa.gz",
              "\xEF\xBB\xBF" + atom("C0000001", "ENG", "P|PF|Y", "A1", "NCI|PT|1", "one"))
          .parent_path();
  std::string second = atom("C0000002", "ENG", "P|PF|Y", "A2", "NCI|PT|2", "two");
  second.insert(second.size() - 1, "\r");
  written("META/MRCONSO.RRF.ab", second);
  const std::string spec = "rrf=" + folder.string();
  EXPECT_EQ(Reading({spec}).names(),
            (Lines{"C0000001|one|en|NCI|preferred", "C0000002|two|en|NCI|preferred"}));

  const std::string whole = testing_kb::content_of(folder / "MRCONSO.RRF.aa.gz");
  written("META/MRCONSO.RRF.aa.gz", std::string_view(whole).substr(0, whole.size() - 9));
  EXPECT_EQ(failure(spec),
            "2 META/MRCONSO.RRF.aa.gz:2: expected a whole gzip file, found an early end");
}

TEST(ReadRrf, RefusesBadRowsEachWithItsPlace) {
  const auto good = atom("C0000001", "ENG", "P|PF|Y", "A1", "MSH|PT|1", "good");
  struct Case {
    std::string row;
    std::string_view reason, message;
  };
  const auto row = [](std::string_view cui, std::string_view lat, std::string_view aui,
                      std::string_view text) {
    return atom(cui, lat, "P|PF|Y", aui, "MSH|PT|1", text);
  };
  std::string unclosed = row("C0000002", "ENG", "A2", "x");
  unclosed.replace(unclosed.size() - 2, 1, "z");
  const Case cases[] = {
      {row("C000002", "ENG", "A2", "x"), "bad CUI", ":1: expected C and seven digits"},
      {row("D0000002", "ENG", "A2", "x"), "bad CUI", ":1: expected C and seven digits"},
      {row("C00000a2", "ENG", "A2", "x"), "bad CUI", ":1: expected C and seven digits"},
      {row("", "ENG", "A2", "x"), "bad CUI", ":1: expected C and seven digits"},
      {row("C0000002", "ENG", "A1234567890", "x"), "bad AUI",
       ":27: expected A and at most nine digits"},
      {row("C0000002", "ENG", "", "x"), "bad AUI", ":27: expected A and at most nine digits"},
      {row("C0000002", "XXX", "A2", "x"), "unknown language",
       ":10: expected a language of UMLS, such as ENG or SPA"},
      {row("C0000002", "SPA", "A2", "x"), "undeclared language",
       ":10: expected the language that MRSAB declares for the source, found another"},
      {row("C0000002", "ENG", "A2", "  "), "no name", ":43: expected a name, found none"},
      {row("C0000002", "ENG", "A1", "x"), "atom of two concepts",
       ": expected an AUI of this concept, found one of another"},
      {row("C0000002", "ENG", "A2", "\xC3(x"), "broken UTF-8",
       ":43: expected UTF-8, found byte 0xC3"},
      {row("C0000002", "ENG", "A2", std::string_view("é\0x", 4)), "zero byte",
       ":44: expected text, found a zero byte"},
      {"C0000002|ENG|\n", "wrong number of fields",
       ":14: expected 18 fields that each end in a bar, found 2"},
      {unclosed, "wrong number of fields",
       ":50: expected 18 fields that each end in a bar, found 17 and more without one"},
      {std::string(10 << 20, 'x') + "|\n", "line too long",
       ": expected at most 1048576 bytes, found 10485761"},
  };
  for (const Case& bad : cases) {
    const auto spec = release(good + bad.row, {{"MRSAB", std::string(kVocabularies)}});
    const Reading read({spec});
    EXPECT_EQ(read.names(), (Lines{"C0000001|good|en|MSH|preferred"})) << bad.message;
    EXPECT_EQ(read.report().refused, (ReasonCounts{{std::string(bad.reason), 1}})) << bad.message;
    EXPECT_EQ(complaint(read.report()), "META/MRCONSO.RRF:2" + std::string(bad.message));
  }
}

TEST(ReadRrf, TakesRepeatedRowsOnce) {
  const auto row = atom("C0000001", "ENG", "P|PF|Y", "A1", "MSH|PT|1", "good");
  const Reading read({release(row + row)});
  EXPECT_EQ(read.names().size(), 1U);
  EXPECT_EQ(read.report().duplicates, 1U);
  EXPECT_EQ(read.report().rows.bad, 0U);
}

TEST(ReadRrf, KeepsOneFallbackWhereTheRowsOfAConceptLieApart) {
  const Reading read({release(atom("C0000001", "ENG", "S|PF|Y", "A1", "MSH|PT|1", "one") +
                              atom("C0000002", "ENG", "P|PF|Y", "A2", "MSH|PT|2", "two") +
                              atom("C0000001", "ENG", "S|PF|Y", "A3", "MSH|PT|1", "three"))});
  EXPECT_EQ(read.names(), (Lines{"C0000001|one|en|MSH|preferred", "C0000002|two|en|MSH|preferred",
                                 "C0000001|three|en|MSH|exact"}));
}

TEST(ReadRrf, SplitsFieldsOfEveryLength) {
  for (std::size_t size = 1; size < 40; ++size) {
    const std::string text(size, 'n');
    const Reading read({release(atom("C0000001", "ENG", "P|PF|Y", "A1", "MSH|PT|1", text))});
    EXPECT_EQ(read.names(), (Lines{"C0000001|" + text + "|en|MSH|preferred"}));
  }
}

TEST(ReadRrf, StopsWhenAskedTo) {
  const auto spec = release(kNames);
  const std::atomic<bool> cancelled = true;
  KbDraft draft;
  try {
    read_source(parse_source_spec(spec), draft, {.report = {}, .cancelled = &cancelled});
    FAIL() << "read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
  }
}

TEST(ReadRrf, NeedsAFolderWithNames) {
  EXPECT_EQ(failure("rrf=" + scratch("nowhere").string()), "1 nowhere: no such folder");
  EXPECT_EQ(failure("rrf=" + written("file", "x").string()),
            "0 file: expected a folder with MRCONSO.RRF, found a file");
  scratch("META");
  const auto folder = written("META/MRSTY.RRF", "").parent_path();
  EXPECT_EQ(failure("rrf=" + folder.string()), "1 META: expected MRCONSO.RRF, found none");
  EXPECT_EQ(failure(release("")), "0 META: expected at least one name, found none in 0 rows");
  EXPECT_EQ(failure(release("\x7F\x45LF\x01\n")),
            "2 META: expected at least one name, found none in 1 rows; 1 refused: wrong number of "
            "fields; first: META/MRCONSO.RRF:1:6: expected 18 fields that each end in a bar, "
            "found 0 and more without one");
}

TEST(ReadRrf, ChecksItsOptions) {
  const auto spec = release(kNames);
  EXPECT_EQ(failure(spec + ",lang=english"),
            "0 source rrf: expected lang to be language tags such as es;pt, or SPA;POR");
  EXPECT_EQ(failure(spec + ",code=both"), "0 source rrf: expected code to be cui or source");
  EXPECT_EQ(failure(spec + ",code=source"),
            "0 source rrf: expected sab beside code=source, whose codes say nothing elsewhere");
  EXPECT_EQ(failure(spec + ",code=source,sab=MSH,tradenames=yes"),
            "0 source rrf: expected tradenames without code=source");
  EXPECT_EQ(failure(spec + ",definitions=true"),
            "0 source rrf: expected definitions to be yes or no");
}

TEST(RrfIds, AreAPrefixAndDigits) {
  EXPECT_EQ(rrf::parse_cui("C0000005"), 5U);
  EXPECT_EQ(rrf::parse_aui("A26634265"), 26634265U);
  EXPECT_EQ(rrf::parse_aui("A999999999"), 999999999U);
  for (const std::string_view bad : {"", "C", "C000005", "C00000005", "c0000005", "C00000-5"}) {
    EXPECT_FALSE(rrf::parse_cui(bad)) << bad;
  }
  EXPECT_EQ(rrf::CuiText(5).view(), "C0000005");
}

TEST(AtomTable, KeepsTheFirstOwner) {
  rrf::AtomTable table;
  EXPECT_EQ(table[999999999], rrf::AtomTable::kNone);
  EXPECT_EQ(table.enter(999999999, 7), 7U);
  EXPECT_EQ(table.enter(999999999, 8), 7U);
  EXPECT_EQ(table[999999998], rrf::AtomTable::kNone);
  EXPECT_EQ(table[999999999], 7U);
}

}  // namespace
}  // namespace enlace
