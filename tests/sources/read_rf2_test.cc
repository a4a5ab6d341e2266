#include <string>

#include <gtest/gtest.h>

#include "sources/reading.h"
#include "sources/rf2_folder.h"
#include "sources/rf2_release.h"
#include "sources/sctid.h"
#include "sources/semantic_tag.h"

namespace enlace {
namespace {

using testing_kb::complaint;
using testing_kb::failure;
using testing_kb::kConceptHeader;
using testing_kb::Lines;
using testing_kb::Reading;
using testing_kb::Rf2Folder;
using testing_kb::scratch;
using testing_kb::written;

/// Aches: a root, two below it, and two that are no longer in use.
Rf2Folder aches(const std::string& folder = "aches") {
  Rf2Folder release(folder, "Snapshot", "20240131");
  release
      .concepts(
          "101009|20020131|1|core|0\n102002|20020131|1|core|0\n103007|20240131|1|core|0\n"
          "104001|20230131|0|core|0\n105000|20230131|0|core|0\n")
      .descriptions(
          "201018|20020131|1|core|101009|en|fsn|Finding (SNOMED RT+CTV3)|0\n"
          "202013|20020131|1|core|102002|en|fsn|Ache (of any (sort)) (clinical finding)|0\n"
          "203015|20020131|1|core|102002|en|syn|Pain|0\n"
          "204014|20020131|1|core|102002|en|syn|Ache|0\n"
          "205010|20020131|1|core|102002|en|syn|Dolour \"quoted\"|0\n"
          "206011|20020131|0|core|102002|en|syn|Gone|0\n"
          "207019|20020131|1|core|103007|en|fsn|Ear ache (disorder)|0\n"
          "208012|20020131|1|core|103007|en|syn|Otalgia|0\n"
          "209016|20020131|1|core|104001|en|fsn|Otalgia NOS (disorder)|0\n")
      .definitions("210014|20020131|1|core|102002|en|def|What hurts.|0\n")
      .relationships(
          "102002|20020131|1|core|102002|101009|0|isa|inf|0\n"
          "103007|20020131|1|core|103007|102002|0|isa|inf|0\n"
          "104001|20020131|1|core|103007|101009|0|isa|stated|0\n"
          "105000|20020131|0|core|103007|101009|0|isa|inf|0\n"
          "106004|20020131|1|core|103007|101009|0|363698007|inf|0\n")
      .dialects(
          "20020131|1|core|US|203015|pref\n20020131|1|core|GB|203015|acc\n"
          "20020131|1|core|GB|204014|pref\n20020131|1|core|US|208012|pref\n"
          "20020131|0|core|US|205010|acc\n")
      .associations(
          "20230131|1|core|possible|104001|102002\n20230131|1|core|same|104001|103007\n"
          "20230131|1|core|possible|105000|103007\n20230131|1|core|possible|105000|102002\n"
          "20230131|1|core|same|103007|102002\n")
      .maps(
          "20230131|1|core|icd|102002|1|1|TRUE|ALWAYS R52|R52|0|0\n"
          "20230131|1|core|icd|103007|1|1|TRUE|CANNOT||0|0\n"
          "20230131|0|core|icd|103007|1|1|TRUE|ALWAYS|H92.0|0|0\n");
  return release;
}

TEST(ReadRf2, TakesASnapshotApart) {
  const Reading read({aches().spec()});
  EXPECT_EQ(
      read.names(),
      (Lines{"102002|Pain|en|SNOMEDCT-INT|preferred", "103007|Otalgia|en|SNOMEDCT-INT|preferred",
             "102002|Ache|en|SNOMEDCT-INT|exact", "101009|Finding|en|SNOMEDCT-INT|preferred",
             "102002|Ache (of any (sort))|en|SNOMEDCT-INT|exact",
             "103007|Ear ache|en|SNOMEDCT-INT|exact"}));
  EXPECT_EQ(read.origins(), (Lines{"PT|", "PT|", "SYN|", "FSN|", "FSN|", "FSN|"}));
  EXPECT_EQ(read.types(), (Lines{"102002:clinical finding", "103007:disorder"}));
  EXPECT_EQ(read.edges(), (Lines{"102002<101009", "103007<102002"}));
  EXPECT_EQ(read.definitions(), (Lines{"102002|en|What hurts."}));
  EXPECT_EQ(read.former_codes(), (Lines{"104001>103007"}));
  EXPECT_EQ(read.xrefs(), Lines{});
  const auto& report = read.report();
  EXPECT_EQ(report.rows.bad, 0U);
  EXPECT_EQ(report.left_out.at("inactive concept"), 2U);
  EXPECT_EQ(report.left_out.at("inactive description"), 1U);
  EXPECT_EQ(report.left_out.at("description of an inactive concept"), 1U);
  EXPECT_EQ(report.left_out.at("not in the language reference sets"), 1U);
  EXPECT_EQ(report.left_out.at("inactive relation"), 1U);
  EXPECT_EQ(report.left_out.at("relation other than an inferred is-a"), 2U);
  EXPECT_EQ(report.left_out.at("association of another kind"), 3U);
  EXPECT_EQ(report.left_out.at("association of an active concept"), 1U);
  EXPECT_EQ(report.odd.size(), 0U);
}

TEST(ReadRf2, TheFirstReferenceSetDecidesWhatIsPreferred) {
  const Reading read({aches().spec() + ",refsets=en-GB;900000000000509007"});
  EXPECT_EQ(read.names()[0], "102002|Ache|en|SNOMEDCT-INT|preferred");
  EXPECT_EQ(read.names()[1], "102002|Pain|en|SNOMEDCT-INT|exact");
  EXPECT_EQ(read.names()[2], "103007|Otalgia|en|SNOMEDCT-INT|preferred");
  const Reading one({aches().spec() + ",refsets=en-GB"});
  EXPECT_EQ(one.names()[0], "102002|Pain|en|SNOMEDCT-INT|exact");
  EXPECT_EQ(one.names()[1], "102002|Ache|en|SNOMEDCT-INT|preferred");
  EXPECT_EQ(one.names()[4], "103007|Ear ache|en|SNOMEDCT-INT|preferred");  // for want of another
  EXPECT_EQ(one.names().size(), 5U);
}

TEST(ReadRf2, OptionsTakeMoreOrLess) {
  const Reading read({aches().spec() +
                      ",inactive=yes,maps=yes,definitions=no,associations=same;possible,source=S"});
  EXPECT_EQ(read.xrefs(), (Lines{"102002:ICD10:R52"}));
  EXPECT_EQ(read.definitions(), Lines{});
  EXPECT_EQ(read.names().back(), "104001|Otalgia NOS|en|S|preferred");
  EXPECT_EQ(read.former_codes(), (Lines{"105000>102002"}));
  EXPECT_EQ(read.report().left_out.at("further association of a concept"), 2U);
  EXPECT_EQ(read.report().left_out.at("map without a target"), 1U);
  EXPECT_EQ(failure(aches().spec() + ",maps=perhaps"),
            "0 source rf2: expected maps=yes or maps=no");
  EXPECT_EQ(failure(aches().spec() + ",view=both"),
            "0 source rf2: expected view=snapshot or view=full");
  EXPECT_EQ(failure(aches().spec() + ",view=delta"),
            "0 source rf2: a delta says only what changed in a release; expected "
            "rf2=RELEASE,delta=aches");
  EXPECT_EQ(failure(aches().spec() + ",date=20240131"),
            "0 source rf2: expected date to be a date as YYYYMMDD, with view=full");
  EXPECT_EQ(failure(aches().spec() + ",refsets=klingon"),
            "0 source rf2: expected refsets to be of en-US;en-GB;es;es-LatAm;de;fr, or ids of "
            "reference sets");
  EXPECT_EQ(failure(aches().spec() + ",refsets=es"),
            "0 aches: expected rows of the language reference set 448879004, found none");
  EXPECT_EQ(failure(aches().spec() + ",lang=e"),
            "0 source rf2: expected lang to be language tags such as es;en");
}

TEST(ReadRf2, WithoutReferenceSetsEverySynonymIsExact) {
  Rf2Folder release("bare", "Snapshot", "20240131");
  release.concepts("101009|20020131|1|core|0\n")
      .descriptions(
          "201018|20020131|1|core|101009|en|syn|Itch|0\n"
          "202013|20020131|1|core|101009|en|fsn|Itching (finding)|0\n");
  const Reading read({release.spec()});
  EXPECT_EQ(read.names(), (Lines{"101009|Itch|en|SNOMEDCT-INT|exact",
                                 "101009|Itching|en|SNOMEDCT-INT|preferred"}));
}

/// An extension in Spanish that depends on the International release of `date`.
Rf2Folder picores(const std::string& date, const std::string& folder = "picores") {
  Rf2Folder release(folder, "Snapshot", "20240430", "INT", "SpanishExtension");
  release.concepts("106004|20240430|1|449081005|0\n")
      .descriptions(
          "211013|20240430|1|449081005|102002|es|syn|Dolor|0\n"
          "212018|20240430|1|449081005|102002|es|fsn|dolor (hallazgo)|0\n"
          "213011|20240430|1|449081005|104001|es|syn|Otalgia SAI|0\n"
          "214017|20240430|1|449081005|106004|es|fsn|picor (hallazgo)|0\n",
          "es")
      .relationships("107008|20240430|1|449081005|106004|102002|0|isa|inf|0\n")
      .dialects("20240430|1|449081005|ES|211013|pref\n");
  if (!date.empty()) {
    release.dependencies("20240430|1|449081005|900000000000534007|core|20240430|" + date + "\n");
  }
  return release;
}

TEST(ReadRf2, AnExtensionAddsToTheInternationalRelease) {
  const Reading read({aches().spec(), picores("20240131").spec()});
  const auto names = read.names();
  EXPECT_EQ(Lines(names.begin() + 6, names.end()),
            (Lines{"102002|Dolor|es|SNOMEDCT-SpanishExtension|preferred",
                   "102002|dolor|es|SNOMEDCT-SpanishExtension|exact",
                   "106004|picor|es|SNOMEDCT-SpanishExtension|preferred"}));
  EXPECT_EQ(read.edges(), (Lines{"102002<101009", "103007<102002", "106004<102002"}));
  EXPECT_EQ(read.types(), (Lines{"102002:clinical finding", "103007:disorder", "106004:hallazgo"}));
  EXPECT_EQ(read.reports[1].left_out.at("concept that no source before names"), 1U);
  EXPECT_EQ(read.reports[1].rows.bad, 0U);
}

TEST(ReadRf2, AnExtensionNeedsTheInternationalRowsOfItsDate) {
  const auto message = [](const std::vector<std::string>& specs) {
    try {
      Reading{specs};
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("read");
  };
  const std::string where = scratch("x").parent_path().string() + "/";
  EXPECT_EQ(message({picores("20240131").spec()}),
            where +
                "picores: expected the International release of 20240131 in a source before "
                "this extension, found none");
  EXPECT_EQ(message({aches().spec(), picores("20230731").spec()}),
            where +
                "picores: expected the International release of 20230731 in a source before "
                "this extension, found that of 20240131 in " +
                where + "aches");
  EXPECT_EQ(message({aches().spec(), picores("", "undated").spec()}),
            where +
                "undated: expected the International release of 20240430 in a source before "
                "this extension, found that of 20240131 in " +
                where + "aches");
}

/// The first release had another name, no second concept, and lost a third.
Rf2Folder history() {
  Rf2Folder release("full", "Full", "20240131");
  release
      .concepts(
          "101009|20020131|1|core|0\n102002|20230131|1|core|0\n103007|20020131|1|core|0\n"
          "103007|20230131|0|core|0\n")
      .descriptions(
          "201018|20020131|1|core|101009|en|syn|Old|0\n201018|20230131|1|core|101009|en|syn|New|0\n"
          "202013|20230131|1|core|102002|en|syn|Second|0\n"
          "203015|20020131|1|core|103007|en|syn|Third|0\n");
  return release;
}

TEST(ReadRf2, AFullReleaseIsReadAsOfADate) {
  const Reading now({history().spec() + ",view=full"});
  EXPECT_EQ(now.names(),
            (Lines{"101009|New|en|SNOMEDCT-INT|exact", "102002|Second|en|SNOMEDCT-INT|exact"}));
  EXPECT_EQ(now.report().left_out.at("superseded"), 2U);
  const Reading then({history().spec() + ",view=full,date=20220131"});
  EXPECT_EQ(then.names(),
            (Lines{"101009|Old|en|SNOMEDCT-INT|exact", "103007|Third|en|SNOMEDCT-INT|exact"}));
  EXPECT_EQ(then.report().left_out.at("later than the date"), 4U);
}

Rf2Folder change(const std::string& folder, const std::string& date, std::string_view text) {
  Rf2Folder delta(folder, "Delta", date);
  delta.concepts("104001|" + date + "|1|core|0\n")
      .descriptions("203015|" + date + "|1|core|102002|en|syn|" + std::string(text) + "|0\n")
      .relationships("103007|" + date + "|0|core|103007|102002|0|isa|inf|0\n");
  return delta;
}

TEST(ReadRf2, DeltasAreAppliedByTheirDates) {
  const auto one = change("one", "20240228", "Pains");
  const auto two = change("two", "20240331", "Painful");
  one.spec(), two.spec();
  const Reading read({aches().spec() + ",delta=" + two.path() + ";" + one.path()});
  const auto names = read.names();
  EXPECT_EQ(std::count(names.begin(), names.end(), "102002|Painful|en|SNOMEDCT-INT|preferred"), 1);
  EXPECT_EQ(std::count(names.begin(), names.end(), "104001|Otalgia NOS|en|SNOMEDCT-INT|preferred"),
            1);
  EXPECT_EQ(names.size(), 7U);
  EXPECT_EQ(read.edges(), (Lines{"102002<101009"}));
  EXPECT_EQ(read.report().rows.bad, 0U);
  EXPECT_EQ(read.report().left_out.at("superseded"), 6U);
}

TEST(ReadRf2, ADeltaAppliedTwiceOrOutOfOrderIsReportedAndNotApplied) {
  const auto one = change("one", "20240228", "Pains");
  const auto late = change("late", "20010131", "Older");
  one.spec(), late.spec();
  const Reading read(
      {aches().spec() + ",delta=" + one.path() + ";" + one.path() + ";" + late.path()});
  EXPECT_EQ(read.report().refused.at("delta applied already"), 3U);
  EXPECT_EQ(read.report().refused.at("delta out of order"), 3U);
  const auto names = read.names();
  EXPECT_EQ(std::count(names.begin(), names.end(), "102002|Pains|en|SNOMEDCT-INT|preferred"), 1);
  EXPECT_EQ(complaint(read.report(), 0),
            "late/Terminology/sct2_Concept_Delta_INT_20010131.txt:2:8: expected an effectiveTime "
            "after 20230131, found 20010131");
  EXPECT_EQ(complaint(read.report(), 1),
            "one/Terminology/sct2_Concept_Delta_INT_20240228.txt:2:8: expected an effectiveTime "
            "after 20240228, found 20240228");
}

TEST(ReadRf2, RefusesBadRowsAndGoesOn) {
  Rf2Folder release = aches();
  release
      .concepts(
          "106004|20020131|1\n107008|20020131|1|core|0|more\n108003|2002|1|core|0\n"
          "109006|20020131|2|core|0\n1.6E+16|20020131|1|core|0\n"
          "101009|20020131|1|core|0\n110001|20990131|1|core|0\n111001|20020131|1|core|0\n")
      .descriptions(
          "211013|20020131|1|core|999999|en|syn|Nobody|0\n"
          "212018|20020131|1|core|102002|xx-|syn|Odd|0\n"
          "213011|20020131|1|core|102002|es|syn|Dolor|0\n"
          "214017|20020131|1|core|102002|en|syn| |0\n"
          "215016|20020131|1|core|102002|en|syn|Br\xFFken|0\n");
  const Reading read({release.spec()});
  const std::string in = "aches/Terminology/sct2_Concept_Snapshot_INT_20240131.txt:";
  const auto& report = read.report();
  EXPECT_EQ(complaint(report, 0), in + "7:18: expected 5 fields, found 3");
  EXPECT_EQ(complaint(report, 1), in + "8:40: expected 5 fields, found 6");
  EXPECT_EQ(complaint(report, 2), in + "9:8: expected a date as YYYYMMDD, found something else");
  EXPECT_EQ(complaint(report, 3), in + "10:17: expected 0 or 1, found something else");
  EXPECT_EQ(complaint(report, 4),
            in + "11:1: expected 6 to 18 digits or a UUID, found something else");
  EXPECT_EQ(complaint(report, 5), in + "12:1: expected an id once, found it again");
  EXPECT_EQ(complaint(report, 6),
            in + "13:8: expected an effectiveTime up to 20240131, found 20990131");
  EXPECT_EQ(complaint(report, 7), in + "14:1: expected a check digit that fits, found another");
  const std::string names = "aches/Terminology/sct2_Description_Snapshot-en_INT_20240131.txt:";
  EXPECT_EQ(complaint(report, 8),
            names + "11:38: expected a concept of the release, found another");
  EXPECT_EQ(complaint(report, 9),
            names + "12:45: expected a language code, found none that is known");
  EXPECT_EQ(complaint(report, 10),
            names + "13:45: expected the language of the file's name, en, found another");
  EXPECT_EQ(complaint(report, 11), names + "14:67: expected a term, found none");
  EXPECT_EQ(complaint(report, 12), names + "15:69: expected UTF-8, found byte 0xFF");
  EXPECT_EQ(report.rows.bad, 12U);
  EXPECT_EQ(report.odd.at("wrong check digit"), 1U);
  EXPECT_EQ(read.names().size(), 6U);
  EXPECT_EQ(Reading({release.spec() + ",lang=en;es"}).names().size(), 7U - 1);  // in no dialect
}

TEST(ReadRf2, RelationsWithNoOtherEndAndCyclesAreDropped) {
  Rf2Folder release = aches();
  release.relationships(
      "107008|20020131|1|core|103007|999999|0|isa|inf|0\n"
      "108003|20020131|1|core|103007|103007|0|isa|inf|0\n"
      "109006|20020131|1|core|101009|103007|0|isa|inf|0\n");
  const Reading read({release.spec()});
  EXPECT_EQ(read.report().unnamed_edges, 1U);
  EXPECT_EQ(read.report().cyclic_edges, 2U);
  EXPECT_EQ(complaint(read.report(), 0),
            "aches: expected is-a without cycles, found 101009 > 103007 > 102002 > 101009");
  EXPECT_EQ(complaint(read.report(), 1),
            "aches: expected is-a without cycles, found 103007 > 103007");
}

TEST(ReadRf2, TellsOfARelationToAConceptThatIsNotThere) {
  Rf2Folder release = aches();
  release.relationships("107008|20020131|1|core|103007|999999|0|isa|inf|0\n");
  const Reading read({release.spec()});
  EXPECT_EQ(read.edges(), (Lines{"102002<101009", "103007<102002"}));
  EXPECT_EQ(read.report().unnamed_edges, 1U);
  EXPECT_EQ(complaint(read.report()),
            "aches: expected is-a of concepts with names, found 103007 > 999999");
}

TEST(ReadRf2, ADefinitionOfAnInactiveConceptIsLeftOut) {
  Rf2Folder release = aches();
  release.definitions("215016|20020131|1|core|104001|en|def|What hurt.|0\n");
  const Reading read({release.spec()});
  EXPECT_EQ(read.definitions(), (Lines{"102002|en|What hurts."}));
  EXPECT_EQ(read.report().left_out.at("definition of an inactive concept"), 1U);
  EXPECT_EQ(Reading({release.spec() + ",inactive=yes"}).definitions(),
            (Lines{"102002|en|What hurts.", "104001|en|What hurt."}));
}

TEST(ReadRf2, LineEndsMarksCommentsAndLongLinesAreNoMatter) {
  const std::string folder = "odd";
  std::string rows = "\xEF\xBB\xBF# by hand\r\n";
  rows.append(kConceptHeader).append("\r\n101009\t20020131\t1\t900000000000207008\t0\r\n\r\n");
  written(folder + "/sct2_Concept_Snapshot_INT_20240131.txt", rows);
  const std::string term(10'000'000, 'a');
  written(folder + "/sct2_Description_Snapshot-en_INT_20240131.txt",
          std::string(testing_kb::kDescriptionHeader) +
              "\n201018\t20020131\t1\t900000000000207008\t101009\ten\t900000000000013009\t" + term +
              "\t0\n202013\t20020131\t1\t900000000000207008\t101009\ten\t900000000000013009\tb\t0");
  written(folder + "/sct2_TextDefinition_Snapshot-en_INT_20240131.txt",
          testing_kb::kDescriptionHeader);
  const Reading read({"rf2=" + (scratch("x").parent_path() / folder).string()});
  EXPECT_EQ(read.report().names, 2U);
  EXPECT_EQ(read.report().rows.bad, 0U);
}

TEST(ReadRf2, SaysWhatIsWrongWithAFolder) {
  EXPECT_EQ(failure("rf2=" + scratch("nowhere").string()), "1 nowhere: No such file or directory");
  EXPECT_EQ(failure("rf2=" + written("file.txt", "x").string()),
            "0 file.txt: expected the folder of a release, found another");
  written("empty/readme.txt", "x");
  EXPECT_EQ(failure("rf2=" + scratch("x").parent_path().string() + "/empty"),
            "0 empty: expected files such as sct2_Concept_Snapshot_INT_20240101.txt, found none");
  const std::string two = "rf2=" + scratch("x").parent_path().string() + "/two";
  written("two/sct2_Concept_Snapshot_INT_20240131.txt", "");
  written("two/sct2_Description_Snapshot-en_INT_20230731.txt", "");
  EXPECT_EQ(failure(two),
            "0 two: expected the files of one release, found dates 20230731 and 20240131");
  const std::string bad = "rf2=" + scratch("x").parent_path().string() + "/bad";
  written("bad/sct2_Concept_Snapshot_INT_20240131.txt", "");
  EXPECT_EQ(failure(bad),
            "2 bad/sct2_Concept_Snapshot_INT_20240131.txt:1:1: expected a header, found the end of "
            "the file");
  written("bad/sct2_Concept_Snapshot_INT_20240131.txt", "id\tactive\n");
  EXPECT_EQ(failure(bad),
            "2 bad/sct2_Concept_Snapshot_INT_20240131.txt:1:1: expected a column effectiveTime in "
            "the header, found none");
}

TEST(ReadRf2, ABinaryFileIsNoTable) {
  Rf2Folder release = aches();
  release.concepts(std::string_view("10600\0", 6));
  EXPECT_EQ(failure(release.spec()),
            "2 aches/Terminology/sct2_Concept_Snapshot_INT_20240131.txt:7: byte 6: expected text, "
            "found a zero byte");
}

TEST(ReadRf2, TheFaultOfTheFirstTableIsTold) {
  Rf2Folder release = aches();
  release.relationships(std::string_view("10600\0", 6));
  const std::string fault = ": byte 6: expected text, found a zero byte";
  EXPECT_EQ(failure(release.spec()),
            "2 aches/Terminology/sct2_Relationship_Snapshot_INT_20240131.txt:7" + fault);
  release.concepts(std::string_view("10600\0", 6));
  EXPECT_EQ(failure(release.spec()),
            "2 aches/Terminology/sct2_Concept_Snapshot_INT_20240131.txt:7" + fault);
}

TEST(Rf2Names, AreTakenApart) {
  const auto file =
      parse_rf2_name("a/xder2_cRefset_LanguageSpanishExtensionSnapshot-es_INT_20180430.txt.gz");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->table, Rf2Table::kLanguage);
  EXPECT_EQ(file->language, "es");
  EXPECT_EQ(file->date, 20180430U);
  EXPECT_EQ(parse_rf2_name("sct2_Concept_Snapshot_US1000124_20240901.txt")->edition, "US1000124");
  for (const char* other :
       {"sct2_StatedRelationship_Snapshot_INT_20180731.txt", "sct2_Concept_Snapshot_INT.txt",
        "sct2_RelationshipConcreteValues_Snapshot_INT_20230131.txt", "sct2_Concept_Snapshot_INT_20",
        "der2_cRefset_AttributeValueSnapshot_INT_20180731.txt", "sct2_Concept_All_INT_20180731.txt",
        "sct2_Concept_Snapshots_INT_20180731.txt", ""}) {
    EXPECT_FALSE(parse_rf2_name(other)) << other;
  }
}

TEST(Sctid, IsANumberWithACheckDigit) {
  EXPECT_EQ(parse_sctid("138875005"), 138875005U);
  EXPECT_EQ(parse_sctid("999999999999999999"), 999999999999999999U);
  for (const char* bad : {"", "12345", "0123456", "1234567890123456789", "12345x", " 123456",
                          "1.63195610001191E+016"}) {
    EXPECT_FALSE(parse_sctid(bad)) << bad;
  }
  for (const char* good : {"138875005", "116680003", "900000000000509007", "900000000000013009"}) {
    EXPECT_TRUE(has_check_digit(good)) << good;
  }
  EXPECT_FALSE(has_check_digit("138875006"));
  EXPECT_FALSE(has_check_digit("183875005"));  // two digits changed places
}

TEST(SemanticTag, IsTheLastGroup) {
  const auto split = [](std::string_view name) {
    const TaggedName parts = split_semantic_tag(name);
    return std::string(parts.name) + "|" + std::string(parts.tag);
  };
  EXPECT_EQ(split("Asthma (disorder)"), "Asthma|disorder");
  EXPECT_EQ(split("A (b) c (regime/therapy)"), "A (b) c|regime/therapy");
  EXPECT_EQ(split("A (b (c))"), "A|");
  EXPECT_EQ(split("Zucken (Störung)"), "Zucken|Störung");
  EXPECT_EQ(split("(all)"), "(all)|");
  EXPECT_EQ(split("Asthma"), "Asthma|");
  EXPECT_EQ(split("a)"), "a)|");
  EXPECT_EQ(split(""), "|");
  EXPECT_EQ(split("A (SNOMED RT+CTV3)"), "A|");
}

}  // namespace
}  // namespace enlace
