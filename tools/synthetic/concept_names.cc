#include "concept_names.h"

#include <cctype>

namespace enlace::synthetic {
namespace {

/// Small numbers are the likelier ones, roughly as 1 / rank.
std::uint8_t skewed(Random& random, std::size_t bound) {
  return std::uint8_t(random.below(random.below(bound) + 1));
}

/// An invented word of `count` syllables.
std::string invented(Random& random, std::size_t count) {
  std::string word;
  for (std::size_t i = 0; i < count; ++i) word += syllables()[random.below(syllables().size())];
  return word;
}

void capitalize(std::string& text, std::size_t at) {
  if (at < text.size()) {
    text[at] = char(std::toupper(static_cast<unsigned char>(text[at])));
  }
}

void append_number(std::string& out, std::uint64_t value) {
  out += std::to_string(value);
}

/// nephritis, periarthroscopy, osteochondroma, …
void append_compound(std::string& out, const Meaning& m, const Language& language, Style style) {
  const auto& suffix = suffixes()[m.suffix];
  const auto& organ = organs()[m.organ];
  if (style == Style::kCommon && has_blanks(language)) {
    append_word(out, language, heads()[m.suffix % heads().size()], false);
    out += language.of;
    append_word(out, language, organ, false);
    return;
  }
  if (m.stem < stems().size()) append_stem(out, language, stems()[m.stem]);
  if (m.organ2 != m.organ && m.salt % 4 == 0) {
    append_stem(out, language, organs()[m.organ2][kStem]);
    if (language.script != Script::kIdeographs) append_stem(out, language, "o");
  }
  append_stem(out, language, organ[kStem]);
  if (language.column == kStem) {
    append_stem(out, language, suffix[kStem]);
  } else {
    out += suffix[language.column];
  }
}

void append_adjectives(std::string& out, const Meaning& m, const Language& language, bool before) {
  for (std::size_t i = 0; i < m.adjectives; ++i) {
    if (!before && has_blanks(language)) out += ' ';
    append_word(out, language, adjectives()[m.adjective[i]], true);
    if (before && has_blanks(language)) out += ' ';
  }
}

void append_core(std::string& out, const Meaning& m, const Language& language, Style style) {
  if (m.shape == 0) {
    append_compound(out, m, language, style);
  } else {
    append_word(out, language, heads()[m.head], false);
  }
}

void append_clinical(std::string& out, const Meaning& m, const Language& language, Style style) {
  const bool inverted = style == Style::kInverted;
  const bool first = language.adjective_first && !inverted;
  if (first) append_adjectives(out, m, language, true);
  append_core(out, m, language, style);
  if (!first && !inverted) append_adjectives(out, m, language, false);
  if (m.shape != 0) {
    out += language.of;
    append_word(out, language, organs()[m.organ2], false);
  }
  if (m.salt % 5 == 0) {  // after somebody
    Random random(m.salt);
    std::string somebody = invented(random, 2 + random.below(2));
    capitalize(somebody, 0);
    out += " (" + somebody + ")";
  }
  if (inverted && m.adjectives > 0) {
    out += ',';
    append_adjectives(out, m, language, false);
  }
  Random random(m.salt);
  for (std::size_t i = 0; i < m.more; ++i) {
    out += i == 0 ? ", " : " / ";
    Meaning part{};
    part.shape = std::uint8_t(random.below(2));
    part.organ = skewed(random, organs().size());
    part.organ2 = skewed(random, organs().size());
    part.suffix = skewed(random, suffixes().size());
    part.head = skewed(random, heads().size());
    part.stem = 255;
    part.adjectives = std::uint8_t(random.below(2));
    part.adjective[0] = skewed(random, adjectives().size());
    part.salt = random.next();
    append_clinical(out, part, language, Style::kPlain);
  }
}

void append_drug(std::string& out, const Meaning& m, const Language& language, Style style) {
  Random random(m.salt);
  const std::size_t parts = 1 + m.adjectives / 2 + m.more;
  for (std::size_t i = 0; i < parts; ++i) {
    if (i > 0) out += " / ";
    Random word(random.next() % 40000);  // one ingredient is in many drugs
    std::string name = invented(word, 2 + word.below(2));
    name += drug_ends()[word.below(drug_ends().size())];
    append_stem(out, language, name);
    if (m.shape == 0) continue;
    constexpr std::uint16_t kStrengths[] = {1, 2, 5, 10, 20, 25, 40, 50, 75, 100, 200, 250, 500};
    out += ' ';
    append_number(out, kStrengths[random.below(std::size(kStrengths))]);
    out += language.column == kEnglish ? " MG" : " mg";
  }
  if (m.shape != 0) {
    out += ' ';
    append_word(out, language, doses()[m.head % doses().size()], false);
  }
  if (style == Style::kBrand) {
    std::string brand = invented(random, 3);
    capitalize(brand, 0);
    out += " [" + brand + "]";
  }
}

void append_organism(std::string& out, const Meaning& m) {
  Random genus(m.salt % 30000), random(m.salt);
  const std::size_t start = out.size();
  out += invented(genus, 2 + genus.below(2));
  out += genus.below(2) == 0 ? "coccus" : "ella";
  capitalize(out, start);
  out += ' ';
  out += invented(random, 2 + random.below(2));
  out += random.below(2) == 0 ? "ensis" : "osa";
  if (m.adjectives > 0) {
    constexpr std::string_view kRanks[] = {" subsp. ", " var. ", " sp. ", " strain "};
    out += kRanks[random.below(4)];
    out += invented(random, 1);
    out += '-';
    append_number(out, random.below(5000));
  }
}

void append_chemical(std::string& out, const Meaning& m, const Language& language) {
  constexpr std::string_view kGroups[] = {"chloro", "methyl", "ethyl",  "phenyl", "hydroxy",
                                          "amino",  "nitro",  "fluoro", "oxo",    "benzyl"};
  Random random(m.salt);
  if (m.shape == 0) {  // a gene or its protein
    const std::size_t letters = 4 + random.below(2);
    for (std::size_t i = 0; i < letters; ++i) out += char('A' + random.below(26));
    append_number(out, random.below(60) + 1);
    out += m.adjectives % 2 == 0 ? " protein, human" : " gene";
    return;
  }
  const std::size_t groups = 1 + m.adjectives + m.more;
  for (std::size_t i = 0; i < groups; ++i) {
    append_number(out, 1 + random.below(9));
    out += i % 2 == 1 ? "-(" : "-";
    out += kGroups[random.below(std::size(kGroups))];
    if (i % 2 == 1) out += ')';
    out += '-';
  }
  std::string base = invented(random, 2);
  base += drug_ends()[random.below(drug_ends().size())];
  append_stem(out, language, base);
}

/// The first letters of the words from `start` on, in place of the words.
void shorten(std::string& out, std::size_t start) {
  std::string initials;
  bool fresh = true;
  for (std::size_t i = start; i < out.size() && initials.size() < 6; ++i) {
    const bool letter = std::isalpha(static_cast<unsigned char>(out[i])) != 0;
    if (letter && fresh) initials += char(std::toupper(static_cast<unsigned char>(out[i])));
    fresh = out[i] == ' ' || out[i] == '-' || out[i] == '(';
  }
  if (initials.size() < 2) return;
  if (initials.size() == 2) initials += char('A' + out.size() % 26);
  out.replace(start, out.size() - start, initials);
}

void to_british(std::string& out, std::size_t start) {
  for (std::size_t i = out.find("em", start); i != std::string::npos; i = out.find("em", i + 3)) {
    if (i > start && (out[i - 1] == 'h' || out.compare(i, 3, "emi") == 0)) out.insert(i, 1, 'a');
  }
}

void change_case(std::string& out, std::size_t start, int (*change)(int)) {
  for (std::size_t i = start; i < out.size(); ++i) {
    if (static_cast<unsigned char>(out[i]) < 0x80) {
      out[i] = char(change(static_cast<unsigned char>(out[i])));
    }
  }
}

}  // namespace

Meaning describe(std::uint64_t seed, std::uint64_t number) {
  Random random(mix(seed, number));
  Meaning m{};
  const std::uint64_t kind = random.below(100);
  m.kind = kind < 45   ? Kind::kDisorder
           : kind < 60 ? Kind::kProcedure
           : kind < 74 ? Kind::kDrug
           : kind < 90 ? Kind::kOrganism
                       : Kind::kChemical;
  m.shape = std::uint8_t(random.below(2));
  m.organ = skewed(random, organs().size());
  m.organ2 = skewed(random, organs().size());
  m.suffix = skewed(random, suffixes().size());
  m.head = skewed(random, heads().size());
  m.stem = random.below(2) == 0 ? std::uint8_t(random.below(stems().size())) : 255;
  m.adjectives = std::uint8_t(random.below(4));
  for (auto& adjective : m.adjective) adjective = skewed(random, adjectives().size());
  while (m.more < 14 && random.below(100) < (m.more == 0 ? 11U : 50U)) ++m.more;
  m.salt = random.next();
  // There are but few short names: most concepts that drew one get a longer one.
  const bool is_plain = m.more == 0 && m.adjectives < 2 && random.below(number / 100 + 1) > 20;
  if (is_plain && m.kind == Kind::kDrug) {
    m.shape = 1, m.adjectives = 2;
  } else if (is_plain) {
    if (m.shape == 0) m.adjectives = 2;
    if (m.shape == 1) m.salt -= m.salt % 5;
    for (auto& adjective : m.adjective) adjective = std::uint8_t(random.below(adjectives().size()));
  }
  return m;
}

void append_name(std::string& out, const Meaning& m, const Language& language, Style style) {
  const std::size_t start = out.size();
  switch (m.kind) {
    case Kind::kDisorder: append_clinical(out, m, language, style); break;
    case Kind::kProcedure: append_clinical(out, m, language, style); break;
    case Kind::kDrug: append_drug(out, m, language, style); break;
    case Kind::kOrganism: append_organism(out, m); break;
    case Kind::kChemical: append_chemical(out, m, language); break;
  }
  switch (style) {
    case Style::kUnspecified: out += language.column == kEnglish ? ", NOS" : ", NE"; break;
    case Style::kUpper: change_case(out, start, std::toupper); break;
    case Style::kLower: change_case(out, start, std::tolower); break;
    case Style::kBritish:
      to_british(out, start);
      capitalize(out, start);
      break;
    case Style::kShort: shorten(out, start); break;
    default: capitalize(out, start); break;
  }
}

void append_definition(std::string& out, const Meaning& m) {
  Random random(m.salt);
  append_name(out, m, english(), Style::kPlain);
  const std::size_t sentences = 1 + random.below(4);
  for (std::size_t i = 0; i < sentences; ++i) {
    constexpr std::string_view kLinks[] = {" is a condition in which there is ",
                                           " may be accompanied by ",
                                           " is often seen with ",
                                           " should be told apart from ",
                                           ", also called \"",
                                           " <p>has as its main feature "};
    out += kLinks[random.below(i == 0 ? 6 : 4)];
    const bool quoted = out.back() == '"';
    append_name(out, describe(m.salt, random.below(1000)), english(), Style::kLower);
    if (quoted) out += '"';
    out += i + 1 == sentences ? "." : "; it";
  }
}

std::string_view semantic_tag(Kind kind) {
  switch (kind) {
    case Kind::kDisorder: return "disorder";
    case Kind::kProcedure: return "procedure";
    case Kind::kDrug: return "product";
    case Kind::kOrganism: return "organism";
    case Kind::kChemical: return "substance";
  }
  return "";
}

}  // namespace enlace::synthetic
