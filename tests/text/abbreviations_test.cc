#include "text/abbreviations.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "base/error.h"
#include "text/explained_abbreviations.h"
#include "text/read_abbreviations.h"

namespace enlace {
namespace {

using Readings = std::vector<std::string>;

const Abbreviations kTumour = {{"Ca", {"cáncer"}}};

const Abbreviations kTable = {
    {"DM", {"diabetes mellitus"}},
    {"TAC", {"tomografía axial computarizada"}},
    {"EPOC", {"enfermedad pulmonar obstructiva crónica"}},
    {"AINE", {"antiinflamatorio no esteroideo"}},
    {"IRA", {"insuficiencia renal aguda", "infección respiratoria aguda"}}};

Readings read(std::string_view text, const Abbreviations& first = {}) {
  const Abbreviations* const tables[] = {&first, &kTable};
  return readings(text, tables);
}

TEST(Abbreviations, ReadsAShortFormAsWhatItStandsFor) {
  EXPECT_EQ(read("TAC craneal"), Readings{"tomografía axial computarizada craneal"});
  EXPECT_EQ(read("dieta (DM)."), Readings{"dieta (diabetes mellitus)."});
  EXPECT_EQ(read("IRA y DM"), (Readings{"insuficiencia renal aguda y diabetes mellitus",
                                        "infección respiratoria aguda y diabetes mellitus"}));
  EXPECT_EQ(read("neumonía"), Readings{});
  EXPECT_EQ(read(""), Readings{});
}

TEST(Abbreviations, KnowsSignsPluralsAndOtherCase) {
  EXPECT_EQ(read("D.M. tipo 2"), Readings{"diabetes mellitus tipo 2"});
  EXPECT_EQ(read("D.M.II"), Readings{"diabetes mellitus II"});
  EXPECT_EQ(read("E.P.O.C"), Readings{"enfermedad pulmonar obstructiva crónica"});
  EXPECT_EQ(read("D-M"), Readings{"diabetes mellitus"});
  EXPECT_EQ(read("dolor.DM"), Readings{"dolor.diabetes mellitus"});
  EXPECT_EQ(read("AINEs"), Readings{"antiinflamatorio no esteroideo"});
  EXPECT_EQ(readings("Cas", std::array{&std::as_const(kTumour)}), Readings{});
  EXPECT_EQ(read(" epoc. "), Readings{" enfermedad pulmonar obstructiva crónica. "});
  EXPECT_EQ(read("ira"), Readings{});  // an everyday word
  EXPECT_EQ(read("gran epoc"), Readings{});
  EXPECT_EQ(read("DMX, XTAC, TAC2"), Readings{});
}

TEST(Abbreviations, TakesTheFirstTableThatKnowsIt) {
  EXPECT_EQ(read("TAC", {{"TAC", {"trastorno ansioso"}}}), Readings{"trastorno ansioso"});
}

TEST(Abbreviations, GivesNotMoreReadingsThanAnyoneWants) {
  EXPECT_EQ(read("IRA, IRA, IRA").size(), kMostReadings);
  EXPECT_EQ(read("IRA, DM, TAC, EPOC"), Readings{});  // a list rather than a mention
}

TEST(Abbreviations, LeavesAwayWhatATextExplains) {
  EXPECT_EQ(read("diabetes mellitus (DM) tipo 2"), Readings{"diabetes mellitus tipo 2"});
  EXPECT_EQ(read("diabetes mellitus (DM, tipo 2)"), Readings{"diabetes mellitus, tipo 2"});
  EXPECT_EQ(read("XYZ (xantoma yugal zonal) leve"), Readings{"xantoma yugal zonal leve"});
  EXPECT_EQ(read("diabetes mellitus(DM)leve"), Readings{"diabetes mellitus leve"});
  EXPECT_EQ(read("TAC de linfoma folicular (LF)"),
            (Readings{"TAC de linfoma folicular",
                      "tomografía axial computarizada de linfoma folicular"}));
}

TEST(Abbreviations, TakesEverydayWordsInCapitalsForWords) {
  const Abbreviations table = {{"IM", {"insuficiencia mitral"}}, {"TAC", {"tomografía"}}};
  const Abbreviations* const tables[] = {&table};
  EXPECT_EQ(readings("SCHMERZEN IM BEIN", tables), Readings{});
  EXPECT_EQ(readings("IM grave", tables), Readings{"insuficiencia mitral grave"});
  EXPECT_EQ(readings("IM II", tables), Readings{"insuficiencia mitral II"});
  EXPECT_EQ(readings("TAC CRANEAL", tables), Readings{"tomografía CRANEAL"});
  EXPECT_TRUE(find_short_forms("TAC CRANEAL", tables).front().among_capitals);
  EXPECT_FALSE(find_short_forms("CRANEAL: TAC", tables).front().among_capitals);
}

TEST(Abbreviations, TakesARemarkForNoExplanation) {
  EXPECT_EQ(read("DM (dieta y metformina)"), Readings{"diabetes mellitus (dieta y metformina)"});
  EXPECT_EQ(read("DM (Diabetes Mellitus) leve"), Readings{"Diabetes Mellitus leve"});
}

TEST(Abbreviations, AddsEachMeaningOnceAndNotTooMany) {
  Abbreviations table;
  EXPECT_TRUE(add_abbreviation(table, "COVID-19", "Enfermedad por coronavirus"));
  EXPECT_TRUE(add_abbreviation(table, "COVID19", "enfermedad por CORONAVIRUS"));
  EXPECT_EQ(table, (Abbreviations{{"COVID19", {"Enfermedad por coronavirus"}}}));
  for (const char* other : {"IL 6", "T/A", "(DM)", "a b", "?"}) {
    EXPECT_FALSE(add_abbreviation(table, other, "nada")) << other;
  }
  EXPECT_FALSE(add_abbreviation(table, "--", "nada"));
  for (int i = 0; i < 20; ++i) add_abbreviation(table, "PA", "p" + std::to_string(i));
  EXPECT_EQ(table.at("PA").size(), kMostReadings);
}

TEST(Abbreviations, OfClinicsAreWholeRows) {
  const Abbreviations& table = clinical_abbreviations();
  EXPECT_GT(table.size(), 1500U);
  EXPECT_EQ(table.at("HTA").front(), "hipertensión arterial");
  EXPECT_EQ(table.at("COPD").front(), "chronic obstructive pulmonary disease");
  for (const auto& [short_form, long_forms] : table) {
    EXPECT_GE(short_form.size(), 2U) << short_form;
    EXPECT_TRUE(std::ranges::all_of(short_form, [](unsigned char c) {
      return c >= 0x80 || std::isalnum(c);
    })) << short_form;
    EXPECT_LE(long_forms.size(), kMostReadings) << short_form;
    for (const std::string& long_form : long_forms) {
      EXPECT_GT(long_form.size(), short_form.size()) << short_form;
    }
  }
}

using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

Pairs explained(std::string_view text) {
  Pairs pairs;
  for (const Explanation& one : find_explanations(text)) {
    pairs.emplace_back(one.short_form.of(text), one.long_form.of(text));
  }
  return pairs;
}

TEST(ExplainedAbbreviations, AreFoundBesideTheirLongForms) {
  EXPECT_EQ(explained("Antecedentes: hipertensión arterial (HTA) y fibrilación auricular (FA)."),
            (Pairs{{"HTA", "hipertensión arterial"}, {"FA", "fibrilación auricular"}}));
  EXPECT_EQ(explained("síndrome hemolítico urémico atípico (SHUa)"),
            (Pairs{{"SHUa", "síndrome hemolítico urémico atípico"}}));
  EXPECT_EQ(explained("Una EICH (enfermedad injerto contra huésped) grave"),
            (Pairs{{"EICH", "enfermedad injerto contra huésped"}}));
  EXPECT_EQ(explained("Índice de masa corporal (IMC, en kg)"),
            (Pairs{{"IMC", "Índice de masa corporal"}}));
  EXPECT_EQ(explained("la proteína C reactiva (PCR)"), (Pairs{{"PCR", "proteína C reactiva"}}));
}

TEST(ExplainedAbbreviations, AreNoOtherBrackets) {
  for (const std::string_view text :
       {"dolor (EVA 7)", "control (ver abajo)", "lesión (L4)", "fiebre (39)",
        "insuficiencia mitral (II)", "hipertensión. Arterial (HTA)", "una HTA (HTA)", "(HTA)", "()",
        "(", ")", "((HTA))", ""}) {
    EXPECT_EQ(explained(text), Pairs{}) << text;
  }
}

TEST(ExplainedAbbreviations, KeepAllMeanings) {
  const Abbreviations found = explained_abbreviations(
      "presión arterial (PA); pancreatitis aguda (PA); presión arterial (P.A.)", {});
  EXPECT_EQ(found, (Abbreviations{{"PA", {"presión arterial", "pancreatitis aguda"}}}));
}

TEST(ExplainedAbbreviations, ContradictOthersByInitialsOnly) {
  const Abbreviations known = {{"HTA", {"hipertensión arterial"}}, {"DM", {"diabetes mellitus"}}};
  EXPECT_EQ(explained_abbreviations("cardiopatía hipertensiva (HTA); dosis máxima (DM)", known),
            (Abbreviations{{"DM", {"dosis máxima"}}}));
  EXPECT_EQ(explained_abbreviations("HTA (hace tres años), DM (dosis máxima)", known),
            Abbreviations{});
  EXPECT_EQ(explained_abbreviations("cardiopatía hipertensiva (HTA)", {}),
            (Abbreviations{{"HTA", {"hipertensiva"}}}));
}

TEST(ExplainedAbbreviations, StayInsideAnyText) {
  std::mt19937 random(7);
  const std::string_view pieces[] = {"(", ")", "HTA", "hipertensión ", "arterial ", " ",
                                     ".", ",", "á",   "\xCC\x81",      "漢",        "A.B."};
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (std::size_t n = random() % 12; n > 0; --n) text += pieces[random() % std::size(pieces)];
    for (const Explanation& one : find_explanations(text)) {
      ASSERT_LT(one.short_form.begin, one.short_form.end);
      ASSERT_LT(one.long_form.begin, one.long_form.end);
      ASSERT_LE(one.bracket.end, text.size());
    }
    ASSERT_LE(read(text).size(), kMostReadings);
  }
}

TEST(ExplainedAbbreviations, CostNoMoreThanTheTextIsLong) {
  const std::string open(1 << 20, '(');
  EXPECT_TRUE(find_explanations(open).empty());
  std::string many, one;
  for (int i = 0; i < 20000; ++i) {
    many += "palabras sin fin y sin coma (PSF) ";
    one += "a" + std::to_string(i) + " b (AB). ";
  }
  EXPECT_EQ(find_explanations(many).size(), 20000U);
  EXPECT_EQ(explained_abbreviations(one, {}).at("AB").size(), kMostReadings);
}

class ReadAbbreviations : public testing::Test {
 protected:
  std::filesystem::path file(std::string_view content) const {
    const std::filesystem::path path =
        std::filesystem::path(testing::TempDir()) /
        testing::UnitTest::GetInstance()->current_test_info()->name();
    std::ofstream(path) << content;
    return path;
  }
  std::string refusal(std::string_view content) const {
    try {
      read_abbreviations(file(content));
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(ReadAbbreviations, TakesRowsOfTwoColumns) {
  EXPECT_EQ(
      read_abbreviations(file("UCE\tunidad de corta estancia\r\n\nIC\tinterconsulta\tde la casa\n"
                              "IC\tinsuficiencia cardíaca\n")),
      (Abbreviations{{"UCE", {"unidad de corta estancia"}},
                     {"IC", {"interconsulta", "insuficiencia cardíaca"}}}));
}

TEST_F(ReadAbbreviations, SaysWhatARowLacks) {
  EXPECT_NE(refusal("IC\tinterconsulta\nIC\n").find(":2:1: expected short form, tab"),
            std::string::npos);
  EXPECT_NE(refusal("IC\t \n").find(":1:4: expected a long form, found nothing"),
            std::string::npos);
  EXPECT_NE(refusal("\tnada\n").find(":1:1: expected a short form"), std::string::npos);
  EXPECT_NE(
      refusal("IC\tuno\nI C\tdos\n").find(":2:1: expected letters, numbers, dots and hyphens"),
      std::string::npos);
  EXPECT_NE(refusal("IC\t\xFF\n").find(":1:4: expected UTF-8"), std::string::npos);
  EXPECT_NE(refusal("").find("found none"), std::string::npos);
}

}  // namespace
}  // namespace enlace
