#include "cli/link_output.h"

#include <iterator>

#include <fmt/format.h>

#include "base/code_points.h"
#include "cli/visible.h"
#include "link/link_json.h"

namespace enlace::cli {
namespace {

std::string json_line(const Document& document,
                      std::span<const std::vector<Candidate>> candidates) {
  JsonWriter json;
  write_linked(json, document, candidates);
  return json.text() + "\n";
}

std::string table_row(std::string_view mention, std::string_view code, std::string_view name,
                      std::string_view language, std::string_view score, std::string_view how) {
  return fmt::format("{:<30.30}  {:<11.11}  {:<46.46}  {:<5.5}  {:>5}  {}\n", visible(mention),
                     visible(code), visible(name), language, score, how);
}

std::string table_rows(const Document& document,
                       std::span<const std::vector<Candidate>> candidates) {
  std::string rows;
  for (std::size_t i = 0; i < document.mentions.size(); ++i) {
    std::string_view mention = document.mentions[i].text;
    if (candidates[i].empty()) rows += table_row(mention, "NIL", "", "", "", "nothing like it");
    for (const Candidate& candidate : candidates[i]) {
      const KnowledgeBase& kb = *candidate.kb;
      const Name name = kb.name(candidate.name_id);
      rows += table_row(mention, kb.code(candidate.concept_id), name.text, name.language,
                        fmt::format("{:.3f}", candidate.score), visible(reason_of(candidate)));
      mention = "";
    }
  }
  return rows;
}

void explain(const Candidate& candidate, std::size_t place, std::string& out) {
  const KnowledgeBase& kb = *candidate.kb;
  const auto print = [&](const auto& text, const auto&... args) {
    fmt::format_to(std::back_inserter(out), fmt::runtime(text), args...);
  };
  const Name name = kb.name(candidate.name_id);
  const Name preferred = kb.name(kb.preferred_name(candidate.concept_id, name.language));
  print("  {}. {}  {}  ({}, {})  {:.3f}\n", place, visible(kb.code(candidate.concept_id)),
        visible(name.text), name.language, name.source, candidate.score);
  print("     why: {}\n", visible(reason_of(candidate)));
  if (preferred.text != name.text) {
    print("     preferred name: {} ({})\n", visible(preferred.text), preferred.language);
  }
  for (const ConceptId parent : kb.parents_of(candidate.concept_id)) {
    print("     below: {} {}\n", visible(kb.code(parent)),
          visible(kb.name(kb.preferred_name(parent, name.language)).text));
  }
}

std::string explanation(const Document& document,
                        std::span<const std::vector<Candidate>> candidates) {
  const CodePointOffsets offsets(document.text);
  std::string out;
  for (std::size_t i = 0; i < document.mentions.size(); ++i) {
    const Mention& mention = document.mentions[i];
    fmt::format_to(std::back_inserter(out), "{}  (document {}, {} to {})\n", visible(mention.text),
                   visible(document.id), offsets.code_point_at(mention.begin),
                   offsets.code_point_at(mention.end));
    if (candidates[i].empty()) out += "  NIL: nothing like it\n";
    for (std::size_t place = 0; place < candidates[i].size(); ++place) {
      explain(candidates[i][place], place + 1, out);
    }
    out += '\n';
  }
  return out;
}

}  // namespace

std::string formatted(LinkFormat format, const Document& document,
                      std::span<const std::vector<Candidate>> candidates) {
  switch (format) {
    case LinkFormat::kJsonl: return json_line(document, candidates);
    case LinkFormat::kTable: return table_rows(document, candidates);
    case LinkFormat::kExplain: return explanation(document, candidates);
  }
  return "";
}

std::string heading(LinkFormat format) {
  if (format != LinkFormat::kTable) return "";
  return table_row("mention", "concept", "name", "lang", "score", "how it was found");
}

std::string refusal(LinkFormat format, std::size_t line, std::string_view complaint) {
  if (format != LinkFormat::kJsonl) return "";
  JsonWriter json;
  json.object().member("line", line).member("error", complaint).close();
  return json.text() + "\n";
}

}  // namespace enlace::cli
