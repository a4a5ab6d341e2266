#include "rrf_set.h"

#include <algorithm>
#include <set>

#include "concept_sources.h"

namespace enlace::synthetic {
namespace {

constexpr std::string_view kRelease = "2023AA";

class RrfSet {
 public:
  RrfSet(const std::filesystem::path& folder, const RrfOptions& options)
      : folder_(folder), options_(options), files_(open("MRFILES.RRF")) {}

  void write() {
    Table names = open("MRCONSO.RRF");
    WrittenNames written = write_names(names, options_);
    close(names, "MRCONSO.RRF", "Concept names and sources",
          "CUI,LAT,TS,LUI,STT,SUI,ISPREF,AUI,SAUI,SCUI,SDUI,SAB,TTY,CODE,STR,SRL,SUPPRESS,CVF");
    Table paths = open("MRHIER.RRF");
    for (auto& hierarchy : written.hierarchies) write_hierarchy(paths, hierarchy, options_.seed);
    close(paths, "MRHIER.RRF", "Computable hierarchies", "CUI,AUI,CXN,PAUI,SAB,RELA,PTR,HCD,CVF");
    write_types();
    write_relations(written);
    write_definitions(written);
    write_sources();
    write_ranks();
    write_retired();
    files_.close();
  }

 private:
  Table open(std::string_view name) const {
    std::filesystem::create_directories(folder_);
    return Table(folder_ / name, Table::Format::kRrf);
  }
  void close(Table& table, std::string_view name, std::string_view description,
             std::string_view columns) {
    table.close();
    const auto commas = std::uint64_t(std::count(columns.begin(), columns.end(), ','));
    files_ << name << description << columns << commas + 1 << table.rows() << table.bytes();
    files_.end_row();
  }
  std::uint64_t count() const { return options_.concepts(); }

  void write_types() {
    constexpr std::uint64_t kTypes = 127;
    Table table = open("MRSTY.RRF");
    std::uint64_t row = 0;
    for (std::uint64_t i = 0; i < count(); ++i) {
      const Meaning meaning = describe(options_.seed, i);
      Random random(mix(meaning.salt, 3));
      const std::size_t types = random.below(10) == 0 ? 2 : 1;
      for (std::size_t k = 0; k < types; ++k) {
        const std::uint64_t type =
            (std::uint64_t(meaning.kind) * 25 + random.below(26) + k) % kTypes;
        table.number("C", cui_number(i), 7).number("T", type + 1, 3);
        table.append_number("A", type % 2 + 1, 1);
        table.append_number(".", type / 8 + 1, 1);
        table.number(".", type % 8 + 1, 1);
        table.row() += adjectives()[type % adjectives().size()][kEnglish];
        table.row() += " kind of ";
        table << heads()[type / 5 % heads().size()][kEnglish];
        table.number("AT", ++row, 8) << "";
        table.end_row();
      }
    }
    close(table, "MRSTY.RRF", "Semantic types", "CUI,TUI,STN,STY,ATUI,CVF");
  }

  struct End {
    std::uint64_t concept_number;
    std::uint32_t aui;
  };
  void relation(Table& table, const End& one, std::string_view rel, const End& two,
                std::string_view rela, std::string_view source) {
    table.number("C", cui_number(one.concept_number), 7).number("A", one.aui, 7) << "AUI" << rel;
    table.number("C", cui_number(two.concept_number), 7).number("A", two.aui, 7) << "AUI" << rela;
    table.number("R", table.rows() + 10000000, 8) << "" << source << source << ""
                                                  << ""
                                                  << "N"
                                                  << "";
    table.end_row();
  }

  void write_relations(const WrittenNames& written) {
    Table table = open("MRREL.RRF");
    const auto most = std::uint64_t(double(options_.mrrel) * options_.scale);
    const Hierarchy& snomed = written.hierarchies.front();
    for (std::size_t node = 0; node < snomed.nodes.size(); ++node) {
      for (const std::uint32_t parent : snomed.parents[node]) {
        if (parent == Hierarchy::kNoParent || table.rows() + 2 > most) continue;
        const End below{snomed.nodes[node].concept_number, snomed.nodes[node].aui};
        const End above{snomed.nodes[parent].concept_number, snomed.nodes[parent].aui};
        relation(table, below, "PAR", above, "inverse_isa", snomed.source);
        relation(table, above, "CHD", below, "isa", snomed.source);
      }
    }
    for (std::uint64_t i = 0; i < count() && table.rows() + 2 <= most; ++i) {
      if (written.brand_aui[i] != 0) {
        const std::uint64_t generic = other(i, 0);
        const End drug{generic, written.first_aui[generic]}, brand{i, written.brand_aui[i]};
        relation(table, drug, "RB", brand, "has_tradename", "RXNORM");
        relation(table, brand, "RN", drug, "tradename_of", "RXNORM");
      }
    }
    for (std::uint64_t i = 0; table.rows() + 2 <= most; ++i) {
      const std::uint64_t a = i % count(), b = other(a, i / count() + 1);
      const End one{a, written.first_aui[a]}, two{b, written.first_aui[b]};
      const bool broader = i % 3 == 0;
      relation(table, one, broader ? "RB" : "RO", two, broader ? "" : "finding_site_of",
               i % 2 == 0 ? "NCI" : "SNOMEDCT_US");
      relation(table, two, broader ? "RN" : "RO", one, broader ? "" : "has_finding_site",
               i % 2 == 0 ? "NCI" : "SNOMEDCT_US");
    }
    close(table, "MRREL.RRF", "Related concepts",
          "CUI1,AUI1,STYPE1,REL,CUI2,AUI2,STYPE2,RELA,RUI,SRUI,SAB,SL,RG,DIR,SUPPRESS,CVF");
  }

  std::uint64_t other(std::uint64_t number, std::uint64_t turn) const {
    return Random(mix(options_.seed + turn, number)).below(count());
  }

  void write_definitions(const WrittenNames& written) {
    constexpr std::string_view kFrom[] = {"NCI", "MSH", "HPO", "SNOMEDCT_US"};
    Table table = open("MRDEF.RRF");
    for (std::uint64_t i = 0; i < count(); ++i) {
      const Meaning meaning = describe(options_.seed, i);
      Random random(mix(meaning.salt, 4));
      if (random.below(11) != 0) continue;
      table.number("C", cui_number(i), 7).number("A", written.first_aui[i], 7);
      table.number("AT", table.rows() + 50000000, 8) << "" << kFrom[random.below(4)];
      append_definition(table.row(), meaning);
      table << "" << (random.below(40) == 0 ? "Y" : "N") << "";
      table.end_row();
    }
    close(table, "MRDEF.RRF", "Definitions", "CUI,AUI,ATUI,SATUI,SAB,DEF,SUPPRESS,CVF");
  }

  void source_row(Table& table, std::string_view name, std::string_view language, unsigned srl) {
    table << ""
          << "" << name << name << name << name << "2023"
          << ""
          << "" << kRelease << ""
          << ""
          << "" << std::uint64_t(srl) << ""
          << ""
          << "FULL"
          << "PT,SY"
          << "" << language << "UTF-8"
          << "Y"
          << "Y" << name << "";
    table.end_row();
  }

  void write_sources() {
    Table table = open("MRSAB.RRF");
    for (const Source& source : english_sources()) {
      source_row(table, source.name, "ENG", source.restriction);
    }
    for (const Language& language : languages()) {
      if (&language == &english()) continue;
      if (&language == &spanish()) source_row(table, "SCTSPA", "SPA", 9);
      source_row(table, "MSH" + std::string(language.code), language.code, 3);
      source_row(table, "MDR" + std::string(language.code), language.code, 3);
    }
    close(table, "MRSAB.RRF", "Source information",
          "VCUI,RCUI,VSAB,RSAB,SON,SF,SVER,VSTART,VEND,IMETA,RMETA,SLC,SCC,SRL,TFR,CFR,CXTY,TTYL,"
          "ATNL,LAT,CENC,CURVER,SABIN,SSN,SCIT");
  }

  void write_ranks() {
    Table table = open("MRRANK.RRF");
    std::uint64_t rank = 400;
    for (const Source& source : english_sources()) {
      std::set<std::string_view> seen;
      for (const std::string_view type : {source.preferred, source.synonym, source.brand}) {
        if (!seen.insert(type).second) continue;
        table.number("", rank--, 4) << source.name << type << "N";
        table.end_row();
      }
    }
    close(table, "MRRANK.RRF", "Concept name ranking", "RANK,SAB,TTY,SUPPRESS");
  }

  void write_retired() {
    Table table = open("MRCUI.RRF");
    for (std::uint64_t i = 0; i < count() / 4; ++i) {
      Random random(mix(options_.seed, i ^ 0xDEAD));
      const auto retired = [&](std::uint64_t k) { return 6 + 2 * k; };
      table.number("C", retired(i), 7) << "2015AB";
      const std::uint64_t draw = random.below(100);
      table << (draw < 60 ? "SY" : draw < 70 ? "RB" : draw < 75 ? "RN" : draw < 80 ? "RO" : "DEL");
      table << ""
            << "";
      if (draw >= 80) {
        table << "";
      } else if (draw % 20 == 7) {  // by way of another retired one
        table.number("C", retired(random.below(count() / 4)), 7);
      } else {
        table.number("C", cui_number(random.below(count())), 7);
      }
      table << (draw >= 80 ? "" : "Y");
      table.end_row();
    }
    close(table, "MRCUI.RRF", "CUI history", "CUI1,VER,REL,RELA,MAPREASON,CUI2,MAPIN");
  }

  std::filesystem::path folder_;
  const RrfOptions& options_;
  Table files_;
};

}  // namespace

void write_rrf(const std::filesystem::path& folder, const RrfOptions& options) {
  RrfSet(folder, options).write();
}

}  // namespace enlace::synthetic
