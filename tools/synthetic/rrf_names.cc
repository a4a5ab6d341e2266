#include "rrf_names.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "base/hash.h"
#include "concept_sources.h"

namespace enlace::synthetic {
namespace {

/// One name of a concept, before its row is written.
struct Atom {
  std::string text;
  std::string source, term_type, code;
  const Language* language;
  bool preferred = false, retired = false, brand = false;
  std::uint8_t restriction = 0;
  int hierarchy = -1;
};

std::string code_text(const Source& source, std::uint64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < source.code_digits) digits.insert(0, source.code_digits - digits.size(), '0');
  return std::string(source.code_prefix) + digits;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x80) c = char(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

class NameWriter {
 public:
  NameWriter(Table& table, const RrfOptions& options) : table_(table), options_(options) {
    for (std::size_t i = 0; i < kSourceCount; ++i) {
      const auto& source = english_sources()[i];
      hierarchy_of_[i] = -1;
      if (source.hierarchy == 0) continue;
      hierarchy_of_[i] = int(written_.hierarchies.size());
      written_.hierarchies.push_back({source.name, source.hierarchy, {}, {}});
    }
    spanish_hierarchy_ = int(written_.hierarchies.size());
    written_.hierarchies.push_back({"SCTSPA", 4, {}, {}});
  }

  WrittenNames write() {
    const std::uint64_t count = options_.concepts();
    written_.first_aui.resize(count);
    written_.brand_aui.resize(count);
    for (std::uint64_t number = 0; number < count; ++number) {
      atoms_.clear();
      gather(number);
      write_atoms(number);
    }
    return std::move(written_);
  }

 private:
  void gather(std::uint64_t number) {
    const Meaning meaning = describe(options_.seed, number);
    const std::uint32_t sources = sources_of(meaning);
    Random random(mix(meaning.salt, 2));
    // In the order of MRCONSO, which sorts by language: those that precede English, English, rest.
    for (const Language& language : languages()) {
      if (&language == &english()) {
        gather_english(number, meaning, sources, random);
      } else {
        gather_translations(number, meaning, sources, language, random);
      }
    }
  }

  Style draw_style(Random& random, const Meaning& meaning) const {
    if (meaning.kind == Kind::kDrug && random.below(3) == 0) return Style::kBrand;
    constexpr Style kStyles[] = {
        Style::kInverted, Style::kCommon, Style::kLower,       Style::kInverted, Style::kCommon,
        Style::kBritish,  Style::kUpper,  Style::kUnspecified, Style::kShort,    Style::kPlain};
    return kStyles[random.below(std::size(kStyles))];
  }

  /// The name of another concept now and then: ambiguity.
  void append(std::string& out, std::uint64_t number, const Meaning& meaning,
              const Language& language, Style style, Random& random) const {
    if (number > 0 && random.below(150) == 0) {
      append_name(out, describe(options_.seed, random.below(number)), language, Style::kPlain);
    } else {
      append_name(out, meaning, language, style);
    }
  }

  void gather_english(std::uint64_t number, const Meaning& meaning, std::uint32_t sources,
                      Random& random) {
    for (std::size_t i = 0; i < kSourceCount; ++i) {
      if (!has(sources, SourceId(i))) continue;
      const Source& source = english_sources()[i];
      const std::string code = code_text(source, code_number(number, SourceId(i)));
      std::size_t count = 1;
      while (count < 40 && chance(random, 0.507)) ++count;
      for (std::size_t k = 0; k < count; ++k) {
        Atom atom;
        atom.language = &english();
        const Style style = k == 0 ? Style::kPlain : draw_style(random, meaning);
        atom.brand = style == Style::kBrand;
        append(atom.text, number, meaning, english(), style, random);
        if (i == kSnomed && k == 1) {
          atom.text += " (" + std::string(semantic_tag(meaning.kind)) + ")";
        }
        atom.source = source.name;
        atom.term_type = i == kSnomed && k == 1 ? "FN"
                         : k == 0               ? source.preferred
                         : atom.brand           ? source.brand
                                                : source.synonym;
        atom.code = code;
        atom.preferred = k == 0;
        atom.retired = i == kSnomed && retired_in_snomed(meaning);
        atom.restriction = source.restriction;
        if (k == 0 && !atom.retired) atom.hierarchy = hierarchy_of_[i];
        atoms_.push_back(std::move(atom));
      }
    }
  }

  void translate(std::uint64_t number, const Meaning& meaning, const Language& language,
                 SourceId of, std::string_view source_name, std::size_t count, Random& random) {
    const Source& source = english_sources()[of];
    for (std::size_t k = 0; k < count; ++k) {
      Atom atom;
      atom.language = &language;
      append(atom.text, number, meaning, language,
             k == 0 ? Style::kPlain : draw_style(random, meaning), random);
      atom.source = source_name;
      atom.term_type = k == 0 ? source.preferred : source.synonym;
      atom.code = code_text(source, code_number(number, of));
      atom.preferred = k == 0;
      atom.retired = of == kSnomed && retired_in_snomed(meaning);
      atom.restriction = of == kSnomed ? 9 : 3;
      if (of == kSnomed && k == 0 && !atom.retired) atom.hierarchy = spanish_hierarchy_;
      atoms_.push_back(std::move(atom));
    }
  }

  void gather_translations(std::uint64_t number, const Meaning& meaning, std::uint32_t sources,
                           const Language& language, Random& random) {
    const bool is_spanish = &language == &spanish();
    if (is_spanish && has(sources, kSnomed)) {
      std::size_t count = 1;
      while (count < 12 && chance(random, 0.5)) ++count;
      translate(number, meaning, language, kSnomed, "SCTSPA", count, random);
    }
    const bool msh = has(sources, kMsh), mdr = has(sources, kMeddra);
    if (!msh && !mdr) return;
    // A tenth of the concepts is translated, and its names are a share of 4.12 a concept.
    constexpr double kNamesPerTranslated = 41.0;
    const double mean = is_spanish ? 1.1 : language.share * kNamesPerTranslated;
    const std::size_t count =
        std::size_t(mean) + (chance(random, mean - std::size_t(mean)) ? 1 : 0);
    if (count == 0) return;
    const SourceId of = msh ? kMsh : kMeddra;
    const std::string name = std::string(english_sources()[of].name) + std::string(language.code);
    translate(number, meaning, language, of, name, count, random);
  }

  void write_atoms(std::uint64_t number) {
    Random random(mix(options_.seed, number ^ 0xA70A));
    std::size_t group = 0;  // where the names of this language begin
    for (std::size_t i = 0; i < atoms_.size(); ++i) {
      if (atoms_[i].language != atoms_[group].language) group = i;
      write_atom(number, i, group, random);
    }
  }

  void write_atom(std::uint64_t number, std::size_t i, std::size_t group, Random& random) {
    const Atom& atom = atoms_[i];
    const std::string folded = lower(atom.text);
    const bool same_text = i > group && atom.text == atoms_[group].text;
    const bool same_term = i > group && folded == lower(atoms_[group].text);
    const std::string_view term = i == group || same_term ? "P" : "S";
    const std::string_view form = i == group || same_text              ? "PF"
                                  : same_term || random.below(10) == 0 ? "VC"
                                  : random.below(8) == 0               ? "VO"
                                                                       : "PF";
    // One language in fifty has no preferred row at all.
    const bool is_preferred = i == group ? random.below(50) != 0 : !same_text;
    const std::uint32_t aui = next_aui();
    const std::uint64_t drawn = random.below(1000);
    const std::string_view suppress = atom.retired ? "O" : drawn < 5 ? "E" : drawn < 45 ? "Y" : "N";

    table_.number("C", cui_number(number), 7) << atom.language->code << term;
    table_.number("L", hash_bytes(folded) % 20000000, 7) << form;
    table_.number("S", hash_bytes(atom.text) % 25000000, 7) << (is_preferred ? "Y" : "N");
    table_.number("A", aui, 7);
    const bool snomed = atom.source == "SNOMEDCT_US" || atom.source == "SCTSPA";
    const bool mesh = atom.source.compare(0, 3, "MSH") == 0;
    if (snomed || mesh) {
      table_.number(mesh ? "M" : "", 100000000 + aui, 1);
    } else {
      table_ << "";
    }
    table_ << (mesh ? std::string_view() : std::string_view(atom.code))
           << (mesh ? std::string_view(atom.code) : std::string_view());
    table_ << atom.source << atom.term_type << atom.code << atom.text
           << std::uint64_t(atom.restriction) << suppress << (random.below(3) == 0 ? "256" : "");
    table_.end_row();

    if (atom.language == &english() && i == group) written_.first_aui[number] = aui;
    if (atom.brand) written_.brand_aui[number] = aui;
    if (atom.hierarchy >= 0) {
      // Multiplication by an odd number orders the concepts in a way of its own.
      const std::uint64_t rank = (number + 1) * 0x9E3779B97F4A7C15U;
      written_.hierarchies[std::size_t(atom.hierarchy)].nodes.push_back(
          {rank, std::uint32_t(number), aui});
    }
  }

  /// All numbers below 2^25 in a scattered order.
  std::uint32_t next_aui() { return std::uint32_t((++atom_count_ * 0x9E3779B1U) & 0x1FFFFFFU) + 1; }

  Table& table_;
  const RrfOptions& options_;
  WrittenNames written_;
  std::vector<Atom> atoms_;
  int hierarchy_of_[kSourceCount] = {};
  int spanish_hierarchy_ = -1;
  std::uint64_t atom_count_ = 0;
};

}  // namespace

WrittenNames write_names(Table& table, const RrfOptions& options) {
  return NameWriter(table, options).write();
}

}  // namespace enlace::synthetic
