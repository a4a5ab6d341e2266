// The readers on published terminologies, where they are at hand: counts and invariants only.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "kb/concepts_writer.h"
#include "kb/knowledge_base.h"
#include "sources/reading.h"
#include "sources/source_lines.h"

namespace enlace {
namespace {

using testing_kb::Reading;
using testing_kb::scratch;

const std::filesystem::path kData = std::filesystem::path(SHARED_DIR) / "data";

TEST(RealSources, TheHumanPhenotypeOntologyAndItsTranslationsMerge) {
  const auto obo = kData / "hpo" / "hp-2015-01-27.obo";
  const auto spanish = kData / "hpo" / "babelon" / "hp-es.babelon.tsv";
  if (!std::filesystem::exists(obo) || !std::filesystem::exists(spanish)) {
    GTEST_SKIP() << "the shared data is not here";
  }
  const Reading read({"obo=" + obo.string() + ",source=HPO", "babelon=" + spanish.string()});
  EXPECT_EQ(read.reports[0].rows.rows, 11030U);
  EXPECT_EQ(read.reports[0].left_out.at("obsolete"), 58U);
  EXPECT_EQ(read.reports[0].rows.bad + read.reports[1].rows.bad, 0U);
  EXPECT_EQ(read.reports[0].cyclic_edges, 0U);
  EXPECT_EQ(read.reports[1].names, 19932U);
  EXPECT_GT(read.reports[1].merged_concepts, 10000U);

  const auto path = scratch("concepts.enlace");
  write_concepts(read.draft, path);
  const KnowledgeBase kb = KnowledgeBase::open(path);
  kb.verify();
  EXPECT_EQ(kb.name_count(), read.draft.names().size());
  const auto root = kb.find("HP:0000001");
  ASSERT_TRUE(root);
  EXPECT_GT(kb.descendants(*root).size(), 10000U);
  EXPECT_EQ(kb.name(kb.preferred_name(*root, "es")).language, "es");
  for (ConceptId id = 0; id < kb.concept_count(); ++id) ASSERT_EQ(kb.find(kb.code(id)), id);
  for (TextId id = 0; id < kb.text_count(); ++id) ASSERT_EQ(kb.find_text(kb.text(id)), id);
}

TEST(RealSources, EveryTableOfTranslationsHasRowsOfItsShape) {
  const auto folder = kData / "hpo" / "babelon";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the shared data is not here";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const Reading read({"babelon=" + entry.path().string() + ",status=any"});
    EXPECT_EQ(read.report().rows.bad, 0U) << entry.path();
    EXPECT_GT(read.report().names, 0U) << entry.path();
  }
}

TEST(RealSources, MappingsOfMondoJoinOntologiesAndCodesWithoutPrefix) {
  const auto mondo = kData / "mondo";
  const auto doid = kData / "doid" / "doid-2016-03-04.obo";
  const auto icd = kData / "icd10cm" / "icd10cm_tabular_2021_terms.tsv";
  if (!std::filesystem::exists(mondo) || !std::filesystem::exists(doid) ||
      !std::filesystem::exists(icd)) {
    GTEST_SKIP() << "the shared data is not here";
  }
  const auto map = [&](std::string_view name) {
    return "sssom=" + (mondo / fmt::format("mondo_exactmatch_{}.sssom.tsv", name)).string();
  };
  const Reading read({"obo=" + doid.string(), map("doid"), map("icd10cm") + ",strip=ICD10CM:",
                      map("sctid") + ",strip=SCTID:", map("umls"), map("mesh")});
  EXPECT_EQ(read.reports[1].mappings, 11966U);
  EXPECT_EQ(read.reports[2].mappings, 2038U);
  EXPECT_EQ(read.reports[3].mappings, 9120U);
  for (const SourceReport& report : read.reports) EXPECT_EQ(report.rows.bad, 0U) << report.path;
  EXPECT_GT(read.former_codes().size(), 20000U);  // of Mondo and the others, into those of DOID
  EXPECT_LT(read.draft.join_report().doubtful, 200U);
}

TEST(RealSources, GraphsOfThreeOntologies) {
  const auto doid = kData / "doid" / "doid-2018-07-05.json.gz";
  const auto ncit = kData / "ncit_ordo" / "ncit-disease-2018-06-08.json.gz";
  const auto ordo = kData / "ncit_ordo" / "ordo-2_6-2018-07-12.json.gz";
  if (!std::filesystem::exists(doid) || !std::filesystem::exists(ncit) ||
      !std::filesystem::exists(ordo)) {
    GTEST_SKIP() << "the shared data is not here";
  }
  const Reading read({"obograph=" + doid.string() + ",only=DOID:", "obograph=" + ncit.string(),
                      "obograph=" + ordo.string()});
  for (const SourceReport& report : read.reports) EXPECT_EQ(report.rows.bad, 0U) << report.path;
  EXPECT_EQ(read.reports[0].left_out.at("obsolete"), 2399U);
  EXPECT_EQ(read.reports[1].left_out.at("not a class"), 61U);
  EXPECT_EQ(read.reports[1].new_concepts, 20324U);
  EXPECT_EQ(read.reports[2].new_concepts, 13871U);
  EXPECT_GT(read.former_codes().size(), 1000U);
  EXPECT_GT(read.definitions().size(), 20000U);
  EXPECT_GT(read.edges().size(), 60000U);
}

/// The codes and titles of a table as an order file. Returns how many there are.
std::size_t write_order_file(const std::filesystem::path& table,
                             const std::filesystem::path& order) {
  SourceReport unread;
  const Progress quiet;
  SourceLines lines(table, unread, quiet);
  std::ofstream out(order, std::ios::binary);
  std::size_t count = 0;
  std::string_view line;
  while (lines.next(line)) {
    const auto fields = split_tabs(line);
    if (fields[0] == "code") continue;
    out << fmt::format("{:05} {:<7} {} {:<60} {}\n", ++count % 100000, fields[0], fields[1],
                       fields[2].substr(0, 20), fields[2]);
  }
  return count;
}

TEST(RealSources, OrderFilesOfIcd10CmAndPcsKeepEveryCodeAndItsCategory) {
  const auto folder = kData / "icd10cm";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the shared data is not here";
  const auto order = scratch("order.txt");
  const std::size_t diagnoses = write_order_file(folder / "icd10cm2019.tsv", order);
  const Reading cm({"icd10cm=" + order.string()});
  EXPECT_EQ(cm.report().new_concepts, diagnoses);
  EXPECT_EQ(cm.report().rows.bad, 0U);
  std::size_t categories = 0;
  for (const std::string& name : cm.names()) {
    categories += name.find('|') == 3 && name.ends_with("preferred") ? 1 : 0;
  }
  EXPECT_EQ(cm.draft.edges().size(), diagnoses - categories);

  const std::size_t procedures = write_order_file(folder / "icd10pcs2018.tsv", order);
  const Reading pcs({"icd10pcs=" + order.string()});
  EXPECT_EQ(pcs.report().new_concepts, procedures);
  EXPECT_EQ(pcs.report().rows.bad, 0U);
  for (const auto& edge : pcs.draft.edges()) {
    ASSERT_EQ(pcs.draft.codes()[edge.parent], pcs.draft.codes()[edge.child].substr(0, 3));
  }
  EXPECT_GT(pcs.draft.edges().size(), 70000U);
}

TEST(RealSources, ReleasesOfSnomedCtAreRead) {
  const auto sample = kData / "snomed_rf2_sample";
  if (!std::filesystem::exists(sample)) GTEST_SKIP() << "the shared data is not here";
  const auto release = sample / "src/main/resources/dummy-snomed-content/RF2Release";
  const Reading snapshot({"rf2=" + release.string()});
  EXPECT_EQ(snapshot.report().rows.bad, 0U);
  EXPECT_GT(snapshot.report().names, 150U);
  EXPECT_EQ(snapshot.report().cyclic_edges, 0U);
  EXPECT_GT(snapshot.draft.edges().size(), 50U);
  const Reading full({"rf2=" + release.string() + ",view=full"});
  EXPECT_EQ(full.report().rows.bad, 0U);
  EXPECT_EQ(full.names(), snapshot.names());  // the rows in force are those of the snapshot
  const Reading before({"rf2=" + release.string() + ",view=full,date=20100131"});
  EXPECT_LT(before.report().names, full.report().names);
  const Reading changed({"rf2=" + release.string() + ",delta=" + release.string()});
  EXPECT_EQ(changed.report().refused.at("delta applied already"), 1U);
  EXPECT_EQ(changed.report().rows.bad, 1U);
  // Descriptions of concepts that the excerpt does not have.
  EXPECT_THROW(Reading({"rf2=" + (sample / "test/resources/example-snapshot").string()}), Error);
}

TEST(RealSources, TablesOfEveryShape) {
  struct Table {
    std::string path, options;
    std::size_t names, refused;
  };
  const Table tables[] = {
      {"icd10_es/cie-10.csv", "columns=code:code;name:description,lang=es", 14478, 0},
      {"icd10_fr/cim10.csv.gz", "columns=code:code;name:long;name:short,lang=fr", 85000, 0},
      {"icd10gm_de/icd10gm_2023.tsv", "columns=code:code;name:label_de,lang=de", 16000, 0},
      {"icd10cm/icd10cm_tabular_2021_terms.tsv",
       "columns=code:code;name:term;parent:parent;term_type:kind,lang=en", 40000, 0},
      {"snomed_gps/gps_2020-09.tsv", "columns=code:sctid;name:fsn;type:semantic_tag,lang=en", 26000,
       0},
      {"cieo31_es/valid-codes.tsv", "columns=code:0;name:1;name:2,header=no,lang=es", 4205, 53857},
      {"mesh2015/tree-numbers.tsv", "columns=code:0;name:1,lang=en", 27000, 0},
  };
  for (const Table& table : tables) {
    const auto path = kData / table.path;
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "the shared data is not here";
    const Reading read({"csv=" + path.string() + "," + table.options});
    EXPECT_GE(read.report().names, table.names) << table.path;
    EXPECT_EQ(read.report().rows.bad, table.refused) << table.path;
  }
}

TEST(RealSources, MapsOfWikidataJoinOntologies) {
  const auto maps = kData / "wikidata_maps";
  const auto doid = kData / "doid" / "doid-2016-03-04.obo";
  const auto mesh = kData / "mesh2015" / "terms.tsv";
  if (!std::filesystem::exists(maps) || !std::filesystem::exists(doid) ||
      !std::filesystem::exists(mesh)) {
    GTEST_SKIP() << "the shared data is not here";
  }
  const Reading read({"obo=" + doid.string(),
                      "csv=" + mesh.string() + ",columns=code:0;name:1,lang=en",
                      "sparql=" + (maps / "wikidata_DOID.csv").string(),
                      "sparql=" + (maps / "wikidata_MeSH_ID.csv").string()});
  EXPECT_EQ(read.reports[2].mappings, 10618U);
  EXPECT_EQ(read.reports[3].mappings, 38681U);
  EXPECT_GT(read.draft.join_report().joined_concepts, 1000U);
}

}  // namespace
}  // namespace enlace
